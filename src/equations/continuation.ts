import { dampedNewton, type DampedProblem } from "../numerics/dampedNewton.ts";
import { solveInPlace } from "../numerics/linearAlgebra.ts";
import type { FixedPointSystem } from "./fixedPointSystem.ts";

/** A point (w, p) of a branch: the coordinates of the unknowns, and last the parameter relative to the range of the branch. */
export type Point = Float64Array;

/** The equations along a parameter, as a curve in (w, p). */
export interface Family {
  readonly fixed: FixedPointSystem;
  /** Number of the parameter, its value at p = 0, and how much it is at p = 1 beyond it. */
  readonly parameter: number;
  readonly from: number;
  readonly span: number;
}

/** Of coordinates beside the parameter in lengths along a branch. */
const WEIGHT = 0.15;
const TOLERANCE = 1e-10;
const LONGEST_STEP = 0.5;
const EVALUATIONS = 12;
const GRID_ERROR = 1e-11;

export function setPoint({ fixed, parameter, from, span }: Family, y: Point): void {
  fixed.setUnknowns(y.subarray(0, fixed.size));
  fixed.inputs[fixed.size + parameter] = from + span * y[fixed.size]!;
}

/** The unknowns at a point, by name. */
export function valuesAt({ fixed }: Family, y: Point): Record<string, number> {
  const { unknowns } = fixed.system.description;
  return Object.fromEntries(unknowns.map(({ name }, i) => [name, fixed.coordinates[i]!.value(y[i]!)]));
}

export function innerProduct(a: Point, b: Point): number {
  const n = a.length - 1;
  let sum = a[n]! * b[n]!;
  for (let i = 0; i < n; i++) sum += WEIGHT * WEIGHT * a[i]! * b[i]!;
  return sum;
}

/** Rows of the derivative of (F − x)/(dx/dw) in (w, p), and its value; a reason where there is none. */
interface Linearisation {
  readonly rows: Float64Array;
  readonly residual: Float64Array;
}

function linearise(family: Family, y: Point): Linearisation | string {
  const { fixed, parameter, span } = family;
  const n = fixed.size;
  setPoint(family, y);
  const linear = fixed.linear(parameter);
  if (typeof linear === "string") return linear;
  const { sides, jacobian, slope: along } = linear;
  if (!jacobian || !along) return "the derivative is not finite";
  const slopes = fixed.coordinates.map((coordinate, i) => coordinate.slope(y[i]!));
  const rows = new Float64Array(n * (n + 1));
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++)
      rows[i * (n + 1) + j] = ((jacobian[i * n + j]! - (i === j ? 1 : 0)) * slopes[j]!) / slopes[i]!;
    rows[i * (n + 1) + n] = (along[i]! * span) / slopes[i]!;
  }
  return { rows, residual: Float64Array.from(sides, (value, i) => (value - fixed.inputs[i]!) / slopes[i]!) };
}

/** The derivative bordered by a direction: the matrix of Newton's steps across it. */
function bordered(rows: Float64Array, direction: Point): Float64Array {
  const n = direction.length - 1;
  const matrix = new Float64Array((n + 1) * (n + 1));
  matrix.set(rows);
  for (let j = 0; j <= n; j++) matrix[n * (n + 1) + j] = direction[j]! * (j < n ? WEIGHT * WEIGHT : 1);
  return matrix;
}

/**
 * The point of the branch that lies on the plane through a point across a direction; undefined if Newton's method does not
 * get there. Grids are kept while they resolve the averages.
 */
export function correct(family: Family, guess: Point, direction: Point): Point | undefined {
  for (let grid = 0; grid < 3; grid++) {
    const y = Float64Array.from(guess);
    const problem = planeProblem(family, guess, direction);
    const options = { maxEvaluations: EVALUATIONS, tolerance: TOLERANCE, maxStep: LONGEST_STEP };
    const outcome = dampedNewton(problem, y, options);
    if (outcome.status === "converged" && gridError(family, y) <= GRID_ERROR) return y;
    if (outcome.status !== "converged" && grid > 0) return undefined;
    setPoint(family, outcome.status === "converged" ? y : guess);
    if (typeof family.fixed.sides("adapt") === "string") return undefined;
  }
  return undefined;
}

/** Difference between averages on their grids and between the nodes, relative to coordinates. */
function gridError(family: Family, y: Point): number {
  const { fixed } = family;
  setPoint(family, y);
  // What is needed for the direction next has the averages on the grid.
  const linear = fixed.linear(family.parameter);
  const fine = fixed.sides("refine");
  if (typeof linear === "string" || typeof fine === "string") return Infinity;
  const coarse = linear.sides;
  const scale = (i: number) =>
    Math.max(Math.abs(fixed.coordinates[i]!.slope(y[i]!)), 1e-5 * Math.abs(fixed.inputs[i]!), 1e-100);
  return fine.reduce((most, value, i) => Math.max(most, Math.abs(value - coarse[i]!) / scale(i)), 0);
}

function planeProblem(family: Family, origin: Point, direction: Point): DampedProblem {
  const n = family.fixed.size;
  const residual = new Float64Array(n + 1);
  const newton = new Float64Array(n + 1);
  return {
    ...{ residual, newton, sweep: newton },
    evaluate(y) {
      const line = linearise(family, y);
      if (typeof line === "string") return line;
      residual.set(line.residual);
      const away = y.map((value, i) => value - origin[i]!);
      residual[n] = innerProduct(away, direction);
      const matrix = bordered(line.rows, direction);
      newton.set(residual.map((value) => -value));
      if (!solveInPlace(matrix, newton, n + 1, 1)) newton.fill(NaN);
      return undefined;
    },
    sizeOf: (step) => step.reduce((most, value) => (Number.isNaN(value) ? NaN : Math.max(most, Math.abs(value))), 0),
  };
}

/** The direction of a branch at a point of it, and the determinant that changes its sign where another branch crosses. */
export interface Tangent {
  readonly direction: Point;
  readonly determinant: number;
}

/** @param previous a direction that the new one agrees with */
export function tangentAt(family: Family, y: Point, previous: Point): Tangent | undefined {
  const line = linearise(family, y);
  if (typeof line === "string") return undefined;
  const n = family.fixed.size;
  const direction = new Float64Array(n + 1);
  direction[n] = 1;
  if (!solveInPlace(bordered(line.rows, previous), direction, n + 1, 1)) return undefined;
  const length = Math.sqrt(innerProduct(direction, direction));
  const unit = direction.map((value) => value / length);
  return { direction: unit, determinant: determinantOf(bordered(line.rows, unit), n + 1) };
}

/** Sign and size of a determinant, by elimination. */
function determinantOf(matrix: Float64Array, n: number): number {
  let determinant = 1;
  for (let k = 0; k < n; k++) {
    let pivot = k;
    for (let i = k + 1; i < n; i++) if (Math.abs(matrix[i * n + k]!) > Math.abs(matrix[pivot * n + k]!)) pivot = i;
    const diagonal = matrix[pivot * n + k]!;
    determinant *= pivot === k ? diagonal : -diagonal;
    if (diagonal === 0) return 0;
    for (let j = 0; j < n; j++) {
      const keep = matrix[k * n + j]!;
      matrix[k * n + j] = matrix[pivot * n + j]!;
      matrix[pivot * n + j] = keep;
    }
    for (let i = k + 1; i < n; i++) {
      const factor = matrix[i * n + k]! / diagonal;
      for (let j = k; j < n; j++) matrix[i * n + j]! -= factor * matrix[k * n + j]!;
    }
  }
  return determinant;
}

/** The point at the length `length` along a direction from a point. */
export function along(y: Point, direction: Point, length: number): Point {
  return y.map((value, i) => value + length * direction[i]!);
}

/** Right null vector of ∂(F − x)/∂w, with no part along the parameter: where another branch leads. */
export function nullDirection(family: Family, y: Point, direction: Point): Point | undefined {
  const line = linearise(family, y);
  if (typeof line === "string") return undefined;
  const n = family.fixed.size;
  // Inverse iteration on the bordered matrix, which is singular there, finds its null vector: (w, p) across the branch.
  const matrix = bordered(line.rows, direction);
  let vector: Point = Float64Array.from({ length: n + 1 }, (_, i) => Math.sin(1 + i));
  for (let step = 0; step < 4; step++) {
    const system = Float64Array.from(matrix);
    for (let k = 0; k <= n; k++) system[k * (n + 1) + k]! += 1e-13;
    const next = Float64Array.from(vector);
    if (!solveInPlace(system, next, n + 1, 1)) return undefined;
    const length = Math.sqrt(innerProduct(next, next));
    vector = next.map((value) => value / length);
  }
  return vector;
}
