import { solveInPlace } from "../numerics/linearAlgebra.ts";
import { lineMinimum } from "./lineMinimum.ts";
import { centralStencil, type Estimate, type Stencil } from "../numerics/stencil.ts";

/** A function of a few variables, each on a scale of order 1; undefined where it has no value. */
export type Field = (u: readonly number[]) => Estimate | undefined;

/** A local minimum and by how much its place may be off. */
export interface LocalMinimum {
  readonly status: "minimum";
  readonly place: readonly number[];
  readonly placeError: readonly number[];
  readonly value: Estimate;
}

/** A way down that leaves the box through one of its faces. */
export interface WayOut {
  readonly status: "outside";
  readonly axis: number;
  readonly end: "lower" | "upper";
}

/** The lowest place that was reached, where differences tell no better, and what the last of them say is left to fall. */
export interface Unresolved {
  readonly status: "unresolved";
  readonly place: readonly number[];
  readonly value: Estimate;
}

/** Lowest and highest value of each variable. */
export type Box = readonly (readonly [from: number, to: number])[];

interface Quadratic {
  readonly value: number;
  readonly gradient: Float64Array;
  readonly gradientError: Float64Array;
  /** n×n */
  readonly hessian: Float64Array;
}

/** Step of the differences: truncation of order h⁶ and rounding of order 1e-15/h are both small beside a place to 1e-8. */
const STEP = 0.06;
/** A tenth of it where the function has no value on all of the stencil. */
const SMALL_STEP = 0.006;
const MIXED_STEP = 0.05;
const LINE_ACCURACY = 1e-6;
const LONGEST_STEP = 1;
const CLOSE_ENOUGH = 1e-9;
const MOST_ITERATIONS = 40;

/**
 * A minimum of f near a start by Newton's method on central differences, with a shift of the Hessian (Levenberg's) where
 * it is not positive or a step does not descend.
 *
 * @param kept the variable that does not leave the box: steps go half of the way to its faces at most
 * @returns undefined where f has no value
 */
export function localMinimum(
  f: Field,
  start: readonly number[],
  box: Box,
  kept?: number,
): LocalMinimum | WayOut | Unresolved | undefined {
  const straight = start.length === 1 ? onLine(f, start[0]!, box[0]!) : undefined;
  if (straight) return straight;
  let u = [...start];
  let here = quadraticAt(f, u);
  let shift = 0;
  for (let iteration = 0; here && iteration < MOST_ITERATIONS; iteration++) {
    const step = shiftedStep(here, shift);
    if (!step || slope(here, step) > 0) {
      shift = grown(shift, here);
      continue;
    }
    const length = Math.max(...step.map(Math.abs));
    const scale = Math.min(1, LONGEST_STEP / length, ...(kept === undefined ? [] : [halfWay(u, step, box, kept)]));
    if (length < CLOSE_ENOUGH || resolved(here, step)) return finished(f, u, here, step);
    const next = u.map((value, i) => value + scale * step[i]!);
    const out = wayOut(next, box);
    if (out) return out;
    const value = f(next);
    const predicted = (-scale * slope(here, step)) / 2;
    if (!value || value.value > here.value + value.error - (shift > 0 ? 1e-4 * predicted : 0)) {
      shift = grown(shift, here);
      continue;
    }
    shift = shift < 1e-6 * largestCurvature(here) ? 0 : shift / 10;
    u = next;
    here = quadraticAt(f, u);
  }
  return here && unresolved(f, u, here);
}

/** Newton's step by the last differences would still go down by half of the slope along it. */
function unresolved(f: Field, u: readonly number[], here: Quadratic): Unresolved | undefined {
  const [value, step] = [f(u), shiftedStep(here, 0)];
  const left = step ? Math.abs(slope(here, step)) / 2 : Infinity;
  return value && { status: "unresolved", place: u, value: { value: value.value, error: value.error + left } };
}

/** A step of the interpolation that is wide enough to reach a minimum near the start, and smooth enough. */
const LINE_STEP = 0.1;

/** In one dimension the interpolation of a stencil is as good as several steps of Newton's method. */
function onLine(f: Field, start: number, [from, to]: Box[number]): LocalMinimum | undefined {
  const along = (u: number): Estimate | undefined => f([u]);
  let found = lineMinimum(along, start, LINE_STEP);
  // Off the middle, and where the function varies faster, the interpolation is better around the minimum itself.
  for (let again = 0; found && again < 3 && found.error > LINE_ACCURACY; again++) {
    found = lineMinimum(along, found.at, again === 0 ? LINE_STEP : STEP);
  }
  if (!found || found.at < from || found.at > to) return undefined;
  const value = along(found.at);
  return value && { status: "minimum", place: [found.at], placeError: [found.error], value };
}

function wayOut(u: readonly number[], box: Box): WayOut | undefined {
  for (const [axis, [from, to]] of box.entries()) {
    if (u[axis]! < from) return { status: "outside", axis, end: "lower" };
    if (u[axis]! > to) return { status: "outside", axis, end: "upper" };
  }
  return undefined;
}

/** The part of a step that goes half of the way to the face of a variable. */
function halfWay(u: readonly number[], step: readonly number[], box: Box, axis: number): number {
  const face = box[axis]![step[axis]! < 0 ? 0 : 1];
  return step[axis] === 0 ? 1 : (0.5 * (face - u[axis]!)) / step[axis]!;
}

function grown(shift: number, here: Quadratic): number {
  return Math.max(10 * shift, 1e-2 * largestCurvature(here));
}

function largestCurvature({ hessian, gradient }: Quadratic): number {
  return Math.max(...hessian.map(Math.abs), ...gradient.map(Math.abs), Number.MIN_VALUE);
}

function slope({ gradient }: Quadratic, step: readonly number[]): number {
  return step.reduce((sum, value, i) => sum + value * gradient[i]!, 0);
}

/** Whether the gradient is all error. */
function resolved({ gradient, gradientError }: Quadratic, step: readonly number[]): boolean {
  const known = gradient.every((value, i) => Math.abs(value) <= gradientError[i]!);
  return known && Math.max(...step.map(Math.abs)) < 1e-3;
}

/** −(H + μ)⁻¹ ∇f */
function shiftedStep({ hessian, gradient }: Quadratic, shift: number): number[] | undefined {
  const n = gradient.length;
  const matrix = Float64Array.from(hessian);
  for (let i = 0; i < n; i++) matrix[i * n + i]! += shift;
  const step = Float64Array.from(gradient, (value) => -value);
  return solveInPlace(matrix, step, n, 1) ? [...step] : undefined;
}

function finished(f: Field, u: readonly number[], here: Quadratic, step: readonly number[]): LocalMinimum | undefined {
  const place = u.map((value, i) => value + step[i]!);
  const value = f(place);
  const blur = shiftedStep({ ...here, gradient: here.gradientError }, 0);
  if (!value || !blur) return undefined;
  return { status: "minimum", place, placeError: step.map((s, i) => Math.abs(s) + Math.abs(blur[i]!)), value };
}

function quadraticAt(f: Field, u: readonly number[]): Quadratic | undefined {
  const n = u.length;
  const gradient = new Float64Array(n);
  const gradientError = new Float64Array(n);
  const hessian = new Float64Array(n * n);
  let value = NaN;
  for (let i = 0; i < n; i++) {
    const along = (x: number) => f(u.map((other, j) => (j === i ? x : other)));
    const stencil: Stencil | undefined = centralStencil(along, u[i]!, STEP) ?? centralStencil(along, u[i]!, SMALL_STEP);
    if (!stencil) return undefined;
    value = stencil.value;
    gradient[i] = stencil.first;
    gradientError[i] = stencil.firstError;
    hessian[i * n + i] = stencil.second;
  }
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      const corner = (a: number, b: number) =>
        f(u.map((x, k) => x + MIXED_STEP * (k === i ? a : k === j ? b : 0)))?.value ?? NaN;
      const mixed = (corner(1, 1) - corner(1, -1) - corner(-1, 1) + corner(-1, -1)) / (4 * MIXED_STEP ** 2);
      if (Number.isNaN(mixed)) return undefined;
      hessian[i * n + j] = hessian[j * n + i] = mixed;
    }
  }
  return { value, gradient, gradientError, hessian };
}
