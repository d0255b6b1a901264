import { solveInPlace } from "../numerics/linearAlgebra.ts";
import { type Coordinate, coordinateOf } from "./coordinates.ts";
import type { GridMode } from "./engine/engine.ts";
import { quadratureReason, type System } from "./equations.ts";
import type { Linear, Quantities } from "./quantities.ts";

/** Step of differences in coordinates of order one. */
const DIFFERENCE = 1e-5;
/** Step of one-sided differences at an end of a range, relative to the range or to 1. */
const END_DIFFERENCE = 1e-6;

/** F, and its derivatives where they can be had. */
interface LinearSides {
  readonly sides: Float64Array;
  /** ∂F/∂x, row-major. */
  readonly jacobian: Float64Array | undefined;
  /** ∂F/∂p of the parameter that was asked for. */
  readonly slope: Float64Array | undefined;
}

/** What was calculated last, of which inputs; grids that are made anew end it. */
interface Known {
  readonly inputs: Float64Array;
  readonly parameter: number | undefined;
  linear?: LinearSides;
  refined?: Float64Array;
}

/**
 * The equations at given parameters in the coordinates w of the unknowns, of which some may be held at an end of their range.
 */
export class FixedPointSystem {
  readonly inputs: Float64Array;
  readonly coordinates: readonly Coordinate[];
  readonly size: number;
  private readonly columns: readonly number[];
  private last: Known | undefined;

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
    for (let i = 0; i < this.size; i++) this.inputs[i] = this.coordinates[i]!.value(w[i]!);
  }

  get unknowns(): Float64Array {
    return this.inputs.slice(0, this.size);
  }

  /** F at the inputs, or why there is none. */
  sides(mode: GridMode): Float64Array | string {
    const { sides } = this.system;
    if (mode === "adapt") this.last = undefined;
    const last = this.last && isAt(this.last, this.inputs) ? this.last : undefined;
    const known = mode === "keep" ? last?.linear?.sides : mode === "refine" ? last?.refined : undefined;
    if (known) return known;
    try {
      const values = sides.values(this.inputs, mode);
      if (!areFinite(values)) return sides.explain();
      if (last && mode === "refine") last.refined = values;
      return values;
    } catch (error) {
      return quadratureReason(error);
    }
  }

  /**
   * F at the inputs on the grids that are there, with its derivatives where they can be had; or why there is no F.
   *
   * @param parameter number of a parameter in which it is differentiated, too
   */
  linear(parameter?: number): LinearSides | string {
    const { last } = this;
    if (last?.linear && isAt(last, this.inputs) && (parameter === undefined || parameter === last.parameter)) {
      return last.linear;
    }
    const linear = this.derive(parameter);
    if (typeof linear !== "string") this.last = { inputs: Float64Array.from(this.inputs), parameter, linear };
    return linear;
  }

  private derive(parameter: number | undefined): LinearSides | string {
    const { sides } = this.system;
    const n = this.size;
    const own = parameter === undefined ? [] : [n + parameter];
    const together = exactly(sides, this.inputs, own.length > 0 ? [...this.columns, ...own] : this.columns);
    if (together) {
      const { values, derivatives } = together;
      if (own.length === 0) return { sides: values, jacobian: derivatives, slope: undefined };
      const width = n + own.length;
      return {
        sides: values,
        jacobian: derivatives.filter((_, k) => k % width < n),
        slope: derivatives.filter((_, k) => k % width === n),
      };
    }
    const exact = own.length > 0 ? exactly(sides, this.inputs, this.columns) : undefined;
    const values = exact?.values ?? this.sides("keep");
    if (typeof values === "string") return values;
    return {
      sides: values,
      jacobian: exact?.derivatives ?? this.differences(sides, this.columns),
      slope:
        own.length > 0 ? (exactly(sides, this.inputs, own)?.derivatives ?? this.differences(sides, own)) : undefined,
    };
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

function isAt({ inputs }: Known, others: Float64Array): boolean {
  for (let i = 0; i < inputs.length; i++) if (inputs[i] !== others[i]) return false;
  return true;
}

function areFinite(values: Float64Array): boolean {
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) return false;
  return true;
}

function exactly(quantities: Quantities, inputs: Float64Array, columns: readonly number[]): Linear | undefined {
  try {
    const linear = quantities.derivatives(inputs, columns);
    return linear && areFinite(linear.values) && areFinite(linear.derivatives) ? linear : undefined;
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
