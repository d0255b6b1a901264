import { ParameterError } from "../errors.ts";
import type { System } from "./equations.ts";
import { FixedPointSystem } from "./fixedPointSystem.ts";
import { mergedParameters, parameterNames, type ParameterValues, requireParameter } from "./problem.ts";
import type { SaddlePointSolution } from "./solution.ts";
import { attempt, startOf } from "./solve.ts";

/** A point of a curve or branch: where it is, and the solution there or why there is none. */
export type SaddlePointRow = { readonly parameters: Readonly<Record<string, number>> } & SaddlePointSolution;

/** What a curve runs over; other parameters may be set. */
export interface SaddlePointCurveOptions {
  /** Values by parameter; the last varies fastest. */
  readonly sweep: Readonly<Record<string, Iterable<number>>>;
  readonly parameters?: ParameterValues;
}

/** Longer sweeps are mistakes. */
const MOST_POINTS = 1_000_000;

/** A row for every combination of the swept values, each search begun at the solution before it. */
export function* curveRows(
  system: System,
  { sweep, parameters = {} }: SaddlePointCurveOptions,
): Generator<SaddlePointRow> {
  const swept = Object.entries(sweep).map(([name, values]) => {
    requireParameter(system, name, "sweep");
    const list = [...values];
    const wrong = list.find((value) => !Number.isFinite(value));
    if (list.length === 0 || wrong !== undefined)
      throw new ParameterError(`sweep.${name}`, wrong ?? list, "finite numbers");
    return [name, list] as const;
  });
  const total = swept.reduce((product, [, values]) => product * values.length, 1);
  if (total > MOST_POINTS) throw new ParameterError("sweep", total, `at most ${MOST_POINTS} points`);
  const names = parameterNames(system);
  const innermost = swept.at(-1)?.[1].length ?? 1;
  const fixed = new FixedPointSystem(system, mergedParameters(system, parameters));
  let [before, last] = [undefined, undefined] as [Float64Array | undefined, Float64Array | undefined];
  for (let k = 0; k < total; k++) {
    const values = combination(swept, k);
    const merged = mergedParameters(system, { ...parameters, ...values });
    fixed.inputs.set(merged, fixed.size);
    if (k % innermost === 0) [before, last] = [undefined, undefined];
    let found = last && attempt(fixed, beyond(before, last), { cold: false });
    if (found?.solution.status !== "converged" || !found.solution.stable) {
      const again = attempt(fixed, startOf(fixed), { cold: true, follow: true });
      if (found?.solution.status !== "converged" || again.solution.status === "converged") found = again;
    }
    const inside = found.solution.status === "converged" && found.w.every(Number.isFinite);
    [before, last] = inside ? [last, found.w] : [undefined, undefined];
    yield { parameters: Object.fromEntries(names.map((name, i) => [name, merged[i]!])), ...found.solution };
  }
}

/** Two points away, the next of a curve is nearly on their line. */
const FARTHEST = 0.3;

/** The next start on the line through the last two solutions, unless they are far apart. */
function beyond(before: Float64Array | undefined, last: Float64Array): Float64Array {
  if (!before?.every((w, i) => Math.abs(w - last[i]!) < FARTHEST)) return last;
  return last.map((w, i) => 2 * w - before[i]!);
}

/** Combination number k of the values, the last list fastest. */
function combination(swept: readonly (readonly [string, readonly number[]])[], k: number): Record<string, number> {
  const values: Record<string, number> = {};
  let rest = k;
  for (const [name, list] of [...swept].reverse()) {
    values[name] = list[rest % list.length]!;
    rest = Math.floor(rest / list.length);
  }
  return values;
}
