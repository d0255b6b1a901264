import type { Activation } from "../activation/activation.ts";
import { seenOn } from "../activation/kappaResolution.ts";
import { QuadratureError } from "../errors.ts";

/** Panels on which the target is a polynomial for all that is averaged, in its own argument t. */
export interface TargetPanels {
  /** Ascending; the panels lie between them. */
  readonly ends: Float64Array;
}

/** Beyond this the argument has no weight, whatever κ. */
const REACH = 14;
/** Panels in t of at least this length leave to the rules for ζ what they resolve by themselves. */
const SLOW = 0.5;
/** A target that takes more panels is refused: every average over ζ would have twelve nodes on each. */
const MOST_PANELS = 4000;
/** No panel is shorter: bounds that lead to none say nothing of what it holds. */
const SHORTEST = 1e-7;

const known = new WeakMap<Activation, TargetPanels | undefined>();

/**
 * The panels of a target that varies faster than rules for ζ step; undefined for others. They come from bounds of the target in the
 * complex plane, or of a function without them from a scan at its `scale`: whatever the sampled values of a residual say.
 *
 * @throws QuadratureError for a target that varies too fast
 */
export function targetPanels(target: Activation): TargetPanels | undefined {
  if (!known.has(target)) known.set(target, findPanels(target));
  return known.get(target);
}

function findPanels(target: Activation): TargetPanels | undefined {
  const { kinks, jumps, smoothness } = target;
  const breaks = [...kinks, ...jumps, ...(smoothness?.breaks ?? [])].filter((t) => Math.abs(t) < REACH);
  const cuts = [-REACH, ...[...new Set(breaks)].sort((a, b) => a - b), REACH];
  const ends = [-REACH];
  let fast = false;
  for (let k = 0; k + 1 < cuts.length; k++) {
    const pending: [number, number][] = [[cuts[k]!, cuts[k + 1]!]];
    while (pending.length > 0) {
      const [left, right] = pending.pop()!;
      const length = right - left;
      if (length > SHORTEST && !seenOn(target, left, right)) {
        const middle = 0.5 * (left + right);
        pending.push([middle, right], [left, middle]);
        continue;
      }
      // What a panel sees its halves resolve.
      ends.push(left + 0.5 * length, right);
      fast ||= length < SLOW && length < cuts[k + 1]! - cuts[k]!;
      if (ends.length > MOST_PANELS) {
        throw new QuadratureError(
          "the loss given κ",
          `${target.name} varies too fast: more than ${MOST_PANELS} panels`,
        );
      }
    }
  }
  return fast ? { ends: Float64Array.from(ends) } : undefined;
}

/** The length of panels in ζ at a place, t = centre + ρζ: up to the next end. */
export function panelLimit({ ends }: TargetPanels, centre: number, rho: number): (zeta: number) => number {
  // Places are asked for in order: the search begins where the last one ended.
  let next = 0;
  return (zeta) => {
    const t = centre + rho * zeta;
    const past = (i: number) => ends[i]! - t <= 1e-9 * (1 + Math.abs(t));
    if (next > 0 && !past(next - 1)) next = 0;
    while (next < ends.length && past(next)) next++;
    return next < ends.length ? (ends[next]! - t) / rho : Infinity;
  };
}
