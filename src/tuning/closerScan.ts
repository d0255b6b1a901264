import type { Estimate } from "../numerics/stencil.ts";
import type { Evaluate, Place } from "./place.ts";
import { CAUTION } from "./remembered.ts";
import type { Scale } from "./scales.ts";
import type { Scanned } from "./searchScan.ts";

/** A place of a scan along one axis, its coordinate and its value. */
interface Look {
  readonly item: Place[number];
  readonly u: number;
  readonly value: Estimate | undefined;
}

/**
 * A scan along one axis made closer, down to a spacing, wherever it may go below the lowest value seen: an interval of length h with
 * f(a) < f(b) goes no lower than f(a) − c h²/8, where c is the largest curvature of the values around it, with caution.
 */
export function closerWhereLow(
  { scan, values }: Scanned,
  { lowest: first, highest: last }: Pick<Scale, "lowest" | "highest">,
  spacing: number,
  at: Evaluate,
): Scanned {
  let looks = scan.axes[0]!.map((item, i): Look => {
    // A limit at an end is told from the last place before it by nothing that a scan sees.
    const end = item === "lower" ? first : last;
    return { item, u: typeof item === "number" ? item : end, value: values[i] };
  });
  for (;;) {
    const seen = looks.flatMap(({ value }) => (value ? [value] : []));
    const lowest = seen.reduce(
      (low, value) => (value.value < low.value ? value : low),
      seen[0] ?? { value: 0, error: 0 },
    );
    const closer: Look[] = [];
    // From the far end, as the scan itself.
    for (let i = looks.length - 1; i >= 0; i--) {
      if (i + 1 < looks.length && mayGoBelow(lowest, looks, i, spacing)) {
        const u = 0.5 * (looks[i]!.u + looks[i + 1]!.u);
        closer.push({ item: u, u, value: at([u]) });
      }
      closer.push(looks[i]!);
    }
    if (closer.length === looks.length) break;
    looks = closer.reverse();
  }
  const items = looks.map(({ item }) => item);
  return { scan: { axes: [items], places: items.map((item) => [item]) }, values: looks.map(({ value }) => value) };
}

/** Whether the function may be below a value between two looks, which are farther from each other than the spacing. */
function mayGoBelow(lowest: Estimate, looks: readonly Look[], i: number, spacing: number): boolean {
  const [left, right] = [looks[i]!, looks[i + 1]!];
  const length = right.u - left.u;
  if (!(length > 1.01 * spacing)) return false;
  if (!left.value || !right.value) return true;
  const bends = [curvature(looks, i), curvature(looks, i + 1)].filter((bend) => bend !== undefined);
  if (bends.length === 0) return true;
  const dip = (CAUTION * Math.max(...bends) * length ** 2) / 8;
  const blur = lowest.error + Math.max(left.value.error, right.value.error);
  return Math.min(left.value.value, right.value.value) - dip <= lowest.value + blur;
}

/** |f″| by a look and its two neighbours. */
function curvature(looks: readonly Look[], i: number): number | undefined {
  const [a, b, c] = [looks[i - 1], looks[i], looks[i + 1]];
  if (!a?.value || !b?.value || !c?.value) return undefined;
  const [before, after] = [b.u - a.u, c.u - b.u];
  const slopes = [(b.value.value - a.value.value) / before, (c.value.value - b.value.value) / after] as const;
  return Math.abs((2 * (slopes[1] - slopes[0])) / (before + after));
}
