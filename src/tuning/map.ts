import { checkSwept, type EveryCurveDescription, type Sweep, withSwept } from "../curve/sweep.ts";
import { refuseUnknown } from "../parameters/legal.ts";
import { SWEEP_PARAMETERS, type SweptName } from "../parameters/table.ts";
import { ParameterError, requireDescription, requireFields } from "../errors.ts";
import { bracketedRoot } from "../numerics/bracketedRoot.ts";
import { mainQuantity } from "../loss/describedLoss.ts";
import { type BoundaryName, boundaryFunction } from "./boundaries.ts";
import { areCoupled, areLegal, legalRange } from "./legalRange.ts";
import { type PlanePoint, zeroLines } from "./contours.ts";
import { planeObservable } from "./planeObservable.ts";
import { coordinateScale } from "./scales.ts";
import type { Estimate } from "../numerics/stencil.ts";

const OPTIONS = ["x", "y", "quantity", "minus", "levels", "boundaries", "known", "onCell", "onProgress"];

/** One parameter and its values, ascending. */
export type MapAxis = Sweep;

/** Axes, observable and lines of a {@link map}. */
export interface MapOptions {
  readonly x: MapAxis;
  readonly y: MapAxis;
  /** Observable of the map; default testError, of losses of margins testClassificationError. Overlaps are psi, or psi[1] of the second group; biasSquared, variance, freshBoth, classificationError and their like are those of statistics. */
  readonly quantity?: string;
  /** The map is of the difference to the same observable of this description, with the same x and y. */
  readonly minus?: EveryCurveDescription;
  /** Values of the map whose contour lines are wanted. */
  readonly levels?: readonly number[];
  readonly boundaries?: readonly BoundaryName[];
  /** A cell that was solved before, e.g. by a run that was interrupted; undefined where there is none. */
  readonly known?: (x: number, y: number) => MapCell | undefined;
  /** Told of each cell that was not known, as soon as it is solved. */
  readonly onCell?: (x: number, y: number, cell: MapCell) => void;
  /** Told after each row of the map. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** A point of a map: solved, or refused with its reason. */
export type MapCell =
  | { readonly status: "converged"; readonly value: number; readonly errorEstimate: number }
  | { readonly status: "refused"; readonly message: string };

/** Lines of a map, each a list of points (x, y) at which their equation is solved. */
export interface MapLines {
  /** Level of the contour, or name of the boundary. */
  readonly of: number | BoundaryName;
  readonly lines: readonly (readonly PlanePoint[])[];
  /** Largest residual of the equation at a point. */
  readonly residual: number;
}

/** A grid of values of an observable, and the lines of it. */
export interface ParameterMap {
  readonly x: { readonly name: SweptName; readonly values: readonly number[] };
  readonly y: { readonly name: SweptName; readonly values: readonly number[] };
  readonly quantity: string;
  /** cells[j][i] at (x_i, y_j). */
  readonly cells: readonly (readonly MapCell[])[];
  readonly lines: readonly MapLines[];
}

/**
 * An observable, or its difference between two descriptions, over a grid of two parameters, with contour lines and
 * boundaries whose points solve their equation. Lines run where both parameters are positive and finite.
 *
 * @throws ParameterError, ExpressionError, QuadratureError for illegal input
 * @example
 * const model = { model: "randomFeatures", student: "tanh", target: "sin", ridge: 1e-3 };
 * const { cells, lines } = map(model, {
 *   x: { sampleRatio: [0.5, 1, 2] }, y: { widthRatio: [0.5, 1, 2] }, levels: [0.5],
 * });
 * [cells[0][2].value.toFixed(6), lines[0].residual < 1e-8]; // ["0.359769", true]
 */
export function map(description: EveryCurveDescription, options: MapOptions): ParameterMap {
  requireDescription(description);
  requireFields("options", options, [], "an object with x and y: a parameter and its values each");
  refuseUnknown({ ...options }, OPTIONS, "no option of map");
  const x = axisOf("x", options.x, description);
  const y = axisOf("y", options.y, description);
  if (x.name === y.name) throw new ParameterError("y", y.name, "another parameter than that of x");
  const {
    quantity = mainQuantity(description),
    minus,
    levels = [],
    boundaries = [],
    known,
    onCell,
    onProgress,
  } = options;
  for (const [name, list] of Object.entries({ levels, boundaries })) {
    if (!Array.isArray(list)) throw new ParameterError(name, list, "a list");
  }
  levels.forEach(checkLevel);
  const names = [x.name, y.name] as const;
  const named = boundaries.map((name) => ({ name, boundary: boundaryFunction(name, description, minus, names) }));
  const observable = planeObservable(description, minus, quantity, names);
  const cells = y.values.map((): MapCell[] => []);
  // The parameter that tabulates the model anew runs slowest.
  const byColumn = observable.slower(x.name, y.name);
  const coupled = areCoupled(names);
  const [slow, fast] = byColumn ? [x.values, y.values] : [y.values, x.values];
  slow.forEach((outer, i) => {
    fast.forEach((inner, j) => {
      const [a, b] = byColumn ? [outer, inner] : [inner, outer];
      let cell = known?.(a, b);
      if (!cell) {
        const values = { [x.name]: a, [y.name]: b };
        cell =
          !coupled || areLegal(values, withSwept(description, values))
            ? cellOf(observable.at(a, b), observable.refusal)
            : { status: "refused", message: `${x.name} = ${a} is not legal beside ${y.name} = ${b}` };
        onCell?.(a, b, cell);
      }
      cells[byColumn ? j : i]![byColumn ? i : j] = cell;
    });
    onProgress?.(i + 1, slow.length);
  });
  const plane = { x, y, cells };
  const contours = levels.map((level): MapLines => {
    const at = (a: number, b: number): number | undefined => shifted(observable.at(a, b), level);
    return linesOf(level, plane, at, (cell) => (cell.status === "converged" ? cell.value - level : undefined));
  });
  const bounds = named.map(({ name, boundary }): MapLines => {
    return linesOf(name, plane, boundary, (_cell, i, j) => boundary(x.values[i]!, y.values[j]!));
  });
  return { x, y, quantity: minus ? `difference of ${quantity}` : quantity, cells, lines: [...contours, ...bounds] };
}

function checkLevel(level: unknown): void {
  if (!Number.isFinite(level)) throw new ParameterError("levels", level, "finite numbers");
}

function shifted(value: Estimate | undefined, level: number): number | undefined {
  return value && value.value - level;
}

function cellOf(value: Estimate | undefined, refusal: string | undefined): MapCell {
  if (!value) return { status: "refused", message: refusal ?? "no solution" };
  return {
    status: "converged",
    value: value.value,
    errorEstimate: value.value === 0 ? 0 : value.error / Math.abs(value.value),
  };
}

interface NamedAxis {
  readonly name: SweptName;
  readonly values: readonly number[];
}

function axisOf(which: "x" | "y", axis: MapAxis, description: EveryCurveDescription): NamedAxis {
  const anything: unknown = axis;
  const entries = typeof anything === "object" && anything !== null ? Object.entries(axis) : [];
  const [entry] = entries;
  if (entries.length !== 1 || !entry) {
    throw new ParameterError(which, axis, `one parameter with its values: ${SWEEP_PARAMETERS.join(", ")}`);
  }
  const [name, given] = [checkSwept(which, entry[0], description), entry[1] as unknown];
  const refuse = (value: unknown, legal: string): never => {
    throw new ParameterError(`${which}.${name}`, value, legal);
  };
  const isList = typeof given === "object" && given !== null && Symbol.iterator in given;
  const values = isList ? [...(given as Iterable<number>)] : refuse(given, "a list of two or more numbers, ascending");
  if (
    values.length < 2 ||
    values.some((value, i) => typeof value !== "number" || (i > 0 && !(value > values[i - 1]!)))
  ) {
    refuse(values, "two or more numbers, ascending");
  }
  const range = legalRange(name, description);
  for (const value of values) if (!range.test(value)) refuse(value, range.legal);
  return { name, values };
}

/** Relative width of the bracket of a vertex; the equation is met to about this times its slope. */
const BRACKET = 1e-13;
/** A sign that changes without a zero, at a jump or a pole, leaves more than this. */
const ZERO = 1e-8;

function linesOf(
  of: MapLines["of"],
  plane: { readonly x: NamedAxis; readonly y: NamedAxis; readonly cells: readonly (readonly MapCell[])[] },
  at: (x: number, y: number) => number | undefined,
  atCell: (cell: MapCell, i: number, j: number) => number | undefined,
): MapLines {
  const columns = finite(plane.x);
  const rows = finite(plane.y);
  const [xScale, yScale] = [coordinateScale(plane.x.name), coordinateScale(plane.y.name)];
  const grid = {
    x: columns.map((i) => xScale.coordinateOf(plane.x.values[i]!)),
    y: rows.map((j) => yScale.coordinateOf(plane.y.values[j]!)),
    values: rows.map((j) => columns.map((i) => atCell(plane.cells[j]![i]!, i, j))),
  };
  let residual = 0;
  const value = ([u, v]: PlanePoint): number | undefined => at(xScale.valueAt(u), yScale.valueAt(v));
  const zero = (from: PlanePoint, to: PlanePoint): PlanePoint | undefined => {
    const along = (s: number): PlanePoint => [from[0] + s * (to[0] - from[0]), from[1] + s * (to[1] - from[1])];
    const f = (s: number): number => value(along(s)) ?? NaN;
    if (!(f(0) * f(1) <= 0)) return undefined;
    const point = along(bracketedRoot(f, 0, 1, BRACKET));
    const left = Math.abs(value(point) ?? NaN);
    if (!(left <= ZERO)) return undefined;
    residual = Math.max(residual, left);
    return point;
  };
  const lines = zeroLines(grid, zero).map((line) =>
    line.map(([u, v]): PlanePoint => [xScale.valueAt(u), yScale.valueAt(v)]),
  );
  return { of, lines, residual };
}

/** Indices of the values that have a place on the natural scale. */
function finite({ name, values }: NamedAxis): number[] {
  const { coordinateOf } = coordinateScale(name);
  return values.flatMap((value, i) => (Number.isFinite(coordinateOf(value)) ? [i] : []));
}
