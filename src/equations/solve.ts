import { type Ends, namedEnds, solutionAt, solutionWith } from "./solutionAt.ts";
import { FixedPointSystem } from "./fixedPointSystem.ts";
import { type Found, type Known, quickStep, search } from "./search.ts";
import type { SaddlePointSolution } from "./solution.ts";
import { spectralRadius } from "./spectralRadius.ts";

/** An unknown closer than this to an end of its range is tried at the end. */
const NEAR_END = 1e-5;
/** F(end) − end below this is zero. */
const HOLDS = 1e-13;
/** Plain steps before Newton's method where it led to a solution that the plain map leaves. */
const PLAIN_STEPS = 400;

/** A solution, and where it is in coordinates, for the next search. */
export interface Attempt {
  readonly solution: SaddlePointSolution;
  readonly w: Float64Array;
}

/** Where the search begins: just inside the range if the start is an end of it. */
export function startOf(fixed: FixedPointSystem): Float64Array {
  return Float64Array.from(fixed.system.description.unknowns, ({ start, min, max }, i) => {
    const range = Number.isFinite(max - min) ? max - min : 1;
    const inside = start === min ? min + 1e-4 * range : start === max ? max - 1e-4 * range : start;
    return fixed.coordinates[i]!.inverse(inside);
  });
}

/**
 * The start, at which every average and root must exist.
 *
 * @throws QuadratureError, ExpressionError naming the one that does not, and where it stands
 */
export function checkedStart(fixed: FixedPointSystem): Float64Array {
  const start = startOf(fixed);
  fixed.setUnknowns(start);
  fixed.system.sides.values(fixed.inputs, "adapt");
  return start;
}

/** The solution that Newton's method finds from a start, or that the plain map does if Newton's one is unstable. */
export function attempt(
  fixed: FixedPointSystem,
  start: Float64Array,
  options: { readonly cold: boolean; readonly known?: Known; readonly follow?: boolean },
): Attempt {
  const first = finish(fixed, start, search(fixed, start, options));
  const settled = first.solution.status === "converged" && first.solution.stable;
  if (settled || options.follow !== true) return first;
  const plain = plainSteps(fixed, start)?.w;
  if (!plain) return first;
  const second = finish(fixed, plain, search(fixed, plain, { ...options, cold: true }));
  if (second.solution.status !== "converged") return first;
  return second.solution.stable || first.solution.status !== "converged" ? second : first;
}

/**
 * The solution one Newton step from a start on the line or parabola through solutions before it, where that step is enough and
 * the solution is plainly stable.
 */
export function quickAttempt(fixed: FixedPointSystem, start: Float64Array): Attempt | undefined {
  const found = quickStep(fixed, start);
  if (!found || spectralRadius(found.jacobian, fixed.size) > PLAINLY_STABLE) return undefined;
  const { w, errors, jacobian } = found;
  if (fixed.coordinates.some((coordinate, i) => coordinate.nearEnd(w[i]!, NEAR_END) !== undefined)) return undefined;
  const local = { jacobian, excess: errors, gridErrors: errors };
  return { solution: solutionWith(fixed, local, NO_ENDS), w };
}

const PLAINLY_STABLE = 0.999;
const NO_ENDS: Ends = new Map();

/** A solution this near in every coordinate is where the plain map leads. */
const ARRIVED = 0.1;

/**
 * Whether the damped plain map from the start of a search leads to a solution that is known, on the grids of that: far cheaper than a
 * search, which begins with grids of its own.
 */
export function leadsTo(fixed: FixedPointSystem, known: Float64Array): boolean {
  return plainSteps(fixed, startOf(fixed), known)?.arrived === true;
}

/**
 * The plain map, damped, from the start; undefined where it cannot be evaluated.
 *
 * @param known a solution where it ends as well, on the grids that are there
 */
function plainSteps(
  fixed: FixedPointSystem,
  start: Float64Array,
  known?: Float64Array,
): { w: Float64Array; arrived: boolean } | undefined {
  const w = Float64Array.from(start);
  const { unknowns } = fixed.system.description;
  fixed.setUnknowns(w);
  if (!known && typeof fixed.sides("adapt") === "string") return undefined;
  for (let step = 0; step < PLAIN_STEPS; step++) {
    fixed.setUnknowns(w);
    const sides = fixed.sides("keep");
    if (typeof sides === "string") return undefined;
    let change = 0;
    for (let i = 0; i < w.length; i++) {
      const { min, max } = unknowns[i]!;
      const x = fixed.inputs[i]!;
      const next = Math.min(max, Math.max(min, 0.5 * (x + sides[i]!)));
      const inside = next > min && next < max ? next : 0.5 * (x + next);
      change = Math.max(change, Math.abs(inside - x));
      w[i] = fixed.coordinates[i]!.inverse(inside);
      if (!Number.isFinite(w[i]!)) return undefined;
    }
    if (known && w.every((value, i) => Math.abs(value - known[i]!) < ARRIVED)) return { w, arrived: true };
    if (change < 1e-6) break;
  }
  return { w, arrived: false };
}

function finish(fixed: FixedPointSystem, start: Float64Array, found: Found): Attempt {
  const { w, outcome } = found;
  const ends = endsNear(fixed, w);
  if (ends.size > 0) {
    const atEnd = tryEnds(fixed, w, ends);
    if (atEnd) return atEnd;
  }
  if (outcome.status === "converged") return { solution: solutionAt(fixed, w, found.gridErrors, new Map()), w };
  if (ends.size > 0 && isRunning(fixed, start, w, ends)) {
    fixed.setUnknowns(w);
    const detail = `the search ran to ${[...ends].map(([i, end]) => endName(fixed, i, end)).join(" and ")}: ${outcome.detail}`;
    const values = limitValues(fixed, ends);
    return {
      w,
      solution: { status: "end-reached", values, ends: namedEnds(fixed, ends), residual: outcome.residual, detail },
    };
  }
  const { status, residual, detail } = outcome;
  return { w, solution: { status, residual, detail } };
}

function endsNear(fixed: FixedPointSystem, w: Float64Array): Ends {
  const near = fixed.coordinates.map((coordinate, i) => [i, coordinate.nearEnd(w[i]!, NEAR_END)] as const);
  return new Map(near.filter((entry): entry is readonly [number, "min" | "max"] => entry[1] !== undefined));
}

const isRunning = (fixed: FixedPointSystem, start: Float64Array, w: Float64Array, ends: Ends): boolean =>
  [...ends.keys()].every((i) => Math.abs(w[i]!) > Math.abs(start[i]!) && fixed.coordinates[i] !== undefined);

const endOf = (fixed: FixedPointSystem, i: number, end: "min" | "max"): number =>
  fixed.system.description.unknowns[i]![end];

const endName = (fixed: FixedPointSystem, i: number, end: "min" | "max"): string =>
  `${fixed.system.description.unknowns[i]!.name} = ${endOf(fixed, i, end)}`;

function limitValues(fixed: FixedPointSystem, ends: Ends): Record<string, number> {
  const { unknowns } = fixed.system.description;
  return Object.fromEntries(
    unknowns.map(({ name }, i) => [name, ends.has(i) ? endOf(fixed, i, ends.get(i)!) : fixed.inputs[i]!]),
  );
}

/** The solution with unknowns at ends of their ranges, if the equations hold there and the plain map leads there. */
export function tryEnds(fixed: FixedPointSystem, w: Float64Array, ends: Ends): Attempt | undefined {
  const at = Float64Array.from(w, (value, i) => {
    if (!ends.has(i)) return value;
    return (ends.get(i) === "max") === fixed.coordinates[i]!.slope(0) > 0 ? Infinity : -Infinity;
  });
  const held = new Set(ends.keys());
  const exact = new EndsHeld(fixed, ends);
  const found = held.size === w.length ? undefined : search(exact, at, { cold: true, held });
  if (found && found.outcome.status !== "converged") return undefined;
  const reached = found?.w ?? at;
  exact.setUnknowns(reached);
  const sides = exact.sides("adapt");
  if (typeof sides === "string") return undefined;
  const holds = [...ends].every(([i, end]) => Math.abs(sides[i]! - endOf(fixed, i, end)) <= HOLDS);
  if (!holds) return undefined;
  const gridErrors = found?.gridErrors ?? new Float64Array(w.length);
  return { solution: solutionAt(exact, reached, gridErrors, ends), w: reached };
}

/** The system with some unknowns at the ends of their ranges. */
export class EndsHeld extends FixedPointSystem {
  constructor(
    fixed: FixedPointSystem,
    private readonly ends: Ends,
  ) {
    super(fixed.system, [...fixed.inputs.subarray(fixed.size)]);
  }

  override setUnknowns(w: Float64Array): void {
    super.setUnknowns(w);
    for (const [i, end] of this.ends) this.inputs[i] = endOf(this, i, end);
  }
}
