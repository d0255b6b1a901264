import { solveInPlace } from "../numerics/linearAlgebra.ts";
import { type Coordinate, coordinateOf } from "./coordinates.ts";
import type { GridMode } from "./engine/engine.ts";
import { quadratureReason, type System } from "./equations.ts";
import type { Linear, Quantities } from "./quantities.ts";

/** Step of differences in coordinates of order one. */
const DIFFERENCE = 1e-5;
/** Step of one-sided differences at an end of a range, relative to the range or to 1. */
const END_DIFFERENCE = 1e-6;

/** F, and ∂F/∂x where it can be had. */
interface LinearSides {
  readonly sides: Float64Array;
  readonly jacobian: Float64Array | undefined;
}

/**
 * The equations at given parameters in the coordinates w of the unknowns, of which some may be held at an end of their range.
 */
export class FixedPointSystem {
  readonly inputs: Float64Array;
  readonly coordinates: readonly Coordinate[];
  readonly size: number;
  private readonly columns: readonly number[];
  private last: (LinearSides & { readonly inputs: Float64Array }) | undefined;

  constructor(
    readonly system: System,
    parameters: readonly number[],
  ) {
    const { unknowns } = system.description;
    this.size = unknowns.length;
    this.columns = unknowns.map((_, i) => i);
    this.coordinates = unknowns.map(coordinateOf);
    this.inputs = Float64Array.from([...new Float64Array(this.size), ...parameters]);
  }

  setUnknowns(w: Float64Array): void {
    this.coordinates.forEach((coordinate, i) => (this.inputs[i] = coordinate.value(w[i]!)));
  }

  get unknowns(): Float64Array {
    return this.inputs.slice(0, this.size);
  }

  /** F at the inputs, or why there is none. */
  sides(mode: GridMode): Float64Array | string {
    const { sides } = this.system;
    if (mode === "adapt") this.last = undefined;
    try {
      const values = sides.values(this.inputs, mode);
      return values.every(Number.isFinite) ? values : sides.explain();
    } catch (error) {
      return quadratureReason(error);
    }
  }

  /** F at the inputs on the grids that are there, and ∂F/∂x, row-major, where it can be had; or why there is no F. */
  linear(): LinearSides | string {
    const known = this.last;
    if (known?.inputs.every((value, i) => value === this.inputs[i])) return known;
    const exact = exactly(this.system.sides, this.inputs, this.columns);
    const sides = exact?.values ?? this.sides("keep");
    if (typeof sides === "string") return sides;
    const jacobian = exact?.derivatives ?? this.differences(this.system.sides, this.columns);
    this.last = { sides, jacobian, inputs: Float64Array.from(this.inputs) };
    return this.last;
  }

  /** ∂F/∂p of the parameter with this number. */
  parameterSlope(parameter: number): Float64Array | undefined {
    const column = this.size + parameter;
    return (
      exactly(this.system.sides, this.inputs, [column])?.derivatives ?? this.differences(this.system.sides, [column])
    );
  }

  /** Derivatives of other quantities in the unknowns. */
  slopesOf(quantities: Quantities): Float64Array | undefined {
    return exactly(quantities, this.inputs, this.columns)?.derivatives ?? this.differences(quantities, this.columns);
  }

  /** Central differences within the range, in coordinates where there are any. */
  private differences(quantities: Quantities, columns: readonly number[]): Float64Array | undefined {
    const inputs = Float64Array.from(this.inputs);
    const result = new Float64Array(quantities.count * columns.length);
    try {
      for (const [k, column] of columns.entries()) {
        const { places, factors } = this.stencil(column);
        places.forEach((place, j) => {
          inputs[column] = place;
          const values = quantities.values(inputs, "keep");
          for (let i = 0; i < quantities.count; i++) result[i * columns.length + k]! += factors[j]! * values[i]!;
        });
        inputs[column] = this.inputs[column]!;
      }
    } catch (error) {
      quadratureReason(error);
      return undefined;
    }
    return result.every(Number.isFinite) ? result : undefined;
  }

  /** Places and factors of a difference: central in the coordinate, one-sided of second order at an end of the range. */
  private stencil(column: number): { places: readonly number[]; factors: readonly number[] } {
    const x = this.inputs[column]!;
    const coordinate = this.coordinates[column];
    const w = coordinate ? coordinate.inverse(x) : x;
    if (!Number.isFinite(w)) {
      const { min, max } = this.system.description.unknowns[column]!;
      const range = Number.isFinite(max - min) ? max - min : 1;
      const step = (x === min ? 1 : -1) * END_DIFFERENCE * range;
      return { places: [x, x + step, x + 2 * step], factors: [-1.5 / step, 2 / step, -0.5 / step] };
    }
    const isPlain = !coordinate || coordinate.slope(w) === 1;
    const step = DIFFERENCE * (isPlain ? Math.max(1, Math.abs(x)) : 1);
    const place = (at: number): number => (coordinate ? coordinate.value(at) : at);
    const places = [place(w - step), place(w + step)] as const;
    const difference = places[1] - places[0];
    return { places, factors: [-1 / difference, 1 / difference] };
  }
}

function exactly(quantities: Quantities, inputs: Float64Array, columns: readonly number[]): Linear | undefined {
  try {
    const linear = quantities.derivatives(inputs, columns);
    return linear?.values.every(Number.isFinite) && linear.derivatives.every(Number.isFinite) ? linear : undefined;
  } catch (error) {
    quadratureReason(error);
    return undefined;
  }
}

/** The solution of (∂F/∂x − 1) diag(s) dw = −(F − x) in the coordinates with slopes s; NaN where it is singular. */
export function newtonStep(jacobian: Float64Array, excess: Float64Array, slopes: readonly number[]): Float64Array {
  const n = slopes.length;
  const matrix = new Float64Array(n * n);
  const step = Float64Array.from(excess, (value) => -value);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) matrix[i * n + j] = (jacobian[i * n + j]! - (i === j ? 1 : 0)) * slopes[j]!;
    // Rows relative to what a coordinate of theirs moves.
    for (let j = 0; j < n; j++) matrix[i * n + j]! /= slopes[i]!;
    step[i]! /= slopes[i]!;
  }
  return solveInPlace(matrix, step, n, 1) ? step : step.fill(NaN);
}
