import { bracketedRoot } from "../numerics/bracketedRoot.ts";
import type { Branch, BranchEvent, BranchOptions, Describer } from "./branchTypes.ts";
import type { Family } from "./continuation.ts";
import type { SaddlePointRow } from "./curve.ts";
import type { ConvergedSolution } from "./solution.ts";
import type { Ends } from "./solutionAt.ts";
import { type Attempt, tryEnds } from "./solve.ts";

const STEPS = 100;

/** Follows solutions at ends of ranges, as q = 0, in equal steps: where their plain map loses or gains stability, branches cross. */
export function branchAtEnd(
  family: Family,
  first: Attempt,
  describe: Describer,
  onRow?: BranchOptions["onRow"],
): Branch {
  const { fixed } = family;
  const { unknowns } = fixed.system.description;
  const named = (first.solution as ConvergedSolution).ends!;
  const ends: Ends = new Map(unknowns.flatMap(({ name }, i) => (named[name] ? [[i, named[name]] as const] : [])));
  const at = (p: number, w: Float64Array): Attempt | undefined => {
    fixed.inputs[fixed.size + family.parameter] = family.from + family.span * p;
    const inside = w.map((value, i) => (ends.has(i) ? 0 : value));
    return tryEnds(fixed, inside, ends);
  };
  const rows: SaddlePointRow[] = [];
  const events: BranchEvent[] = [];
  let last = first;
  for (let k = 0; k <= STEPS; k++) {
    const next = at(k / STEPS, last.w);
    if (next?.solution.status !== "converged")
      return { status: "converged", rows, events, followed: [], ended: "stuck" };
    const row = describe.row(k / STEPS, next.solution);
    rows.push(row);
    onRow?.(row);
    if (k > 0) {
      const excess = (p: number): number => radiusOf(at(p, last.w)) - 1;
      const [before, after] = [radiusOf(last) - 1, radiusOf(next) - 1];
      if (before * after < 0) {
        const p = bracketedRoot(excess, (k - 1) / STEPS, k / STEPS, 1e-13);
        const there = at(p, last.w);
        if (there?.solution.status === "converged") {
          events.push({ kind: "bifurcation", parameters: describe.parameter(p), values: there.solution.values });
        }
      }
    }
    last = next;
  }
  return { status: "converged", rows, events, followed: [], ended: "window" };
}

const radiusOf = (attempt: Attempt | undefined): number =>
  attempt?.solution.status === "converged" ? attempt.solution.spectralRadius : NaN;
