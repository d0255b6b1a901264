import { type DampedOutcome, type DampedProblem, dampedNewton } from "../numerics/dampedNewton.ts";
import { type FixedPointSystem, newtonStep } from "./fixedPointSystem.ts";

const EVALUATIONS = 150;
const TOLERANCE = 1e-10;
/** In coordinates of order one. */
const LONGEST_STEP = 1;
/** Averages on the grid and between its nodes may differ by this much, relative to what they are coordinates of. */
const GRID_ERROR = 1e-11;
const MOST_GRIDS = 4;

/** Solutions known already, which a search avoids. */
export type Known = readonly Float64Array[];

/** The point reached in coordinates, how, and how far the equations on the grid are from those on a finer one. */
export interface Found {
  readonly w: Float64Array;
  readonly outcome: DampedOutcome;
  /** |F_fine − F| by unknown. */
  readonly gridErrors: Float64Array;
}

/**
 * Newton's method in coordinates, safeguarded by damped steps of the plain map, on grids that are adapted at the start and
 * again wherever they do not resolve the averages at the solution.
 *
 * @param held coordinates that stay: of unknowns at an end of their range
 * @param cold whether grids are made for the start, or taken from the last search
 */
export function search(
  fixed: FixedPointSystem,
  start: Float64Array,
  options: { readonly cold: boolean; readonly known?: Known; readonly held?: ReadonlySet<number> },
): Found {
  const { cold, known = [], held = new Set() } = options;
  const w = Float64Array.from(start);
  let gridErrors = new Float64Array(w.length);
  let mode: "adapt" | "keep" = cold ? "adapt" : "keep";
  for (let grid = 1; ; grid++) {
    if (mode === "adapt") {
      fixed.setUnknowns(w);
      const sides = fixed.sides("adapt");
      if (typeof sides === "string") return { w, gridErrors, outcome: notFinite(sides) };
    }
    const outcome = dampedNewton(dampedProblem(fixed, known, held), w, {
      maxEvaluations: EVALUATIONS,
      tolerance: TOLERANCE,
      maxStep: LONGEST_STEP,
    });
    if (outcome.status !== "converged") {
      if (cold || grid > 1) return { w, gridErrors, outcome };
    } else {
      gridErrors = gridErrorsAt(fixed, w);
      const worst = gridErrors.reduce((most, error, i) => Math.max(most, error / Math.abs(slopeAt(fixed, w, i))), 0);
      if (worst <= GRID_ERROR || grid >= MOST_GRIDS) return { w, outcome, gridErrors };
    }
    mode = "adapt";
    if (outcome.status !== "converged") w.set(start);
  }
}

/** A Newton step longer than this leaves more than rounding behind. */
const QUICK_STEP = 1e-6;

/**
 * One Newton step from a start that is nearly a solution, proved by the averages between the nodes, whose excess is then the
 * residual; undefined where more is needed.
 */
export function quickStep(fixed: FixedPointSystem, start: Float64Array): QuickStep | undefined {
  fixed.setUnknowns(start);
  const linear = fixed.linear();
  if (typeof linear === "string" || !linear.jacobian) return undefined;
  const { size, coordinates } = fixed;
  const excess = new Float64Array(size);
  const slopes = new Array<number>(size);
  for (let i = 0; i < size; i++) {
    excess[i] = linear.sides[i]! - fixed.inputs[i]!;
    slopes[i] = coordinates[i]!.slope(start[i]!);
  }
  const step = newtonStep(linear.jacobian, excess, slopes);
  const w = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    if (!(Math.abs(step[i]!) <= QUICK_STEP)) return undefined;
    w[i] = start[i]! + step[i]!;
  }
  fixed.setUnknowns(w);
  const fine = fixed.sides("refine");
  if (typeof fine === "string") return undefined;
  const errors = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    errors[i] = Math.abs(fine[i]! - fixed.inputs[i]!);
    if (!(errors[i]! <= QUICK_ERROR * Math.max(1, Math.abs(fixed.inputs[i]!)))) return undefined;
  }
  return { w, errors, jacobian: linear.jacobian };
}

/** A solution that one step reached, with the derivative of the equations beside it. */
export interface QuickStep {
  readonly w: Float64Array;
  /** |F_fine − x| by unknown. */
  readonly errors: Float64Array;
  readonly jacobian: Float64Array;
}

/** Of an unknown beyond which more steps are worth their time, relative to max(1, |x|). */
const QUICK_ERROR = 1e-14;

/** What an error is relative to: the coordinate's slope, at least of the size of the rounding of x. */
const slopeAt = (fixed: FixedPointSystem, w: Float64Array, i: number): number =>
  Math.max(Math.abs(fixed.coordinates[i]!.slope(w[i]!)), 1e-5 * Math.abs(fixed.coordinates[i]!.value(w[i]!)), 1e-100);

function notFinite(detail: string): DampedOutcome {
  return { status: "non-finite", evaluations: 1, residual: NaN, detail };
}

/** |F_fine − F| by unknown. */
export function gridErrorsAt(fixed: FixedPointSystem, w: Float64Array): Float64Array<ArrayBuffer> {
  fixed.setUnknowns(w);
  const [coarse, fine] = [fixed.linear(), fixed.sides("refine")];
  if (typeof coarse === "string" || typeof fine === "string") return new Float64Array(w.length).fill(Infinity);
  return Float64Array.from(fine, (value, i) => Math.abs(value - coarse.sides[i]!));
}

function dampedProblem(fixed: FixedPointSystem, known: Known, held: ReadonlySet<number>): DampedProblem {
  const { size, coordinates } = fixed;
  const [residual, newton, sweep] = [0, 1, 2].map(() => new Float64Array(size)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  return {
    ...{ residual, newton, sweep },
    evaluate(w) {
      fixed.setUnknowns(w);
      const linear = fixed.linear();
      if (typeof linear === "string") return linear;
      const { sides } = linear;
      const slopes = coordinates.map((coordinate, i) => coordinate.slope(w[i]!));
      const excess = sides.map((value, i) => (held.has(i) ? 0 : value - fixed.inputs[i]!));
      for (let i = 0; i < size; i++) {
        residual[i] = excess[i]! / slopes[i]!;
        sweep[i] = held.has(i) ? 0 : sweepOf(fixed, i, w[i]!, sides[i]!);
      }
      const jacobian = linear.jacobian?.slice();
      if (jacobian) {
        for (const i of held) for (let j = 0; j < size; j++) jacobian[i * size + j] = 0;
        newton.set(newtonStep(jacobian, excess, slopes));
      } else newton.fill(NaN);
      deflate(w, known, residual, newton);
      return undefined;
    },
    sizeOf(step) {
      let size = 0;
      for (let i = 0; i < step.length; i++) {
        const scale =
          coordinates[i]!.slope(0) === 1 && coordinates[i]!.value(1e9) === 1e9
            ? Math.max(1, Math.abs(fixed.inputs[i]!))
            : 1;
        size = Math.max(size, Math.abs(step[i]!) / scale);
        if (Number.isNaN(step[i]!)) return NaN;
      }
      return size;
    },
  };
}

/** The plain map's step in the coordinate; where it leaves the range, a step towards that end. */
function sweepOf(fixed: FixedPointSystem, i: number, w: number, side: number): number {
  const { min, max } = fixed.system.description.unknowns[i]!;
  if (side > min && side < max) return fixed.coordinates[i]!.inverse(side) - w;
  const towardsMax = side >= max;
  return towardsMax === fixed.coordinates[i]!.slope(w) > 0 ? LONGEST_STEP : -LONGEST_STEP;
}

/** Multiplies the residual by Π(1 + 1/|w − w_k|²), so that Newton's method is driven from what is known (Farrell et al. 2015). */
function deflate(w: Float64Array, known: Known, residual: Float64Array, newton: Float64Array): void {
  if (known.length === 0) return;
  let factor = 1;
  let along = 0;
  for (const other of known) {
    let [distance, product] = [0, 0];
    for (let i = 0; i < w.length; i++) {
      distance += (w[i]! - other[i]!) ** 2;
      product += (w[i]! - other[i]!) * newton[i]!;
    }
    distance = Math.max(distance, 1e-30);
    factor *= 1 + 1 / distance;
    along += (-2 * product) / (distance * (distance + 1));
  }
  const stretch = 1 / (1 - along);
  for (let i = 0; i < w.length; i++) {
    residual[i]! *= factor;
    newton[i]! *= stretch;
  }
}
