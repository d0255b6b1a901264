import { QuadratureError } from "../errors.ts";
import { ChebyshevPoints } from "../numerics/chebyshev.ts";
import type { ConditionalMoments } from "./momentSums.ts";

/** Moments by an interpolant, made anew for each shift, with the absolute error that it leaves of the residual. */
export interface InterpolatedMoments extends ConditionalMoments {
  residualError: number;
}

/** Averages over z of f(shift + scale·z). */
type DirectMoments = (shift: number, scale: number) => ConditionalMoments;

/**
 * An average over z is entire in the shift, with growth exp((Im shift)²/2 scale²), its square with twice that, and both are analytic in
 * ln scale up to |Im| < π/4: on panels of 1.5 scales in the shift and of a half in ln scale these degrees leave about 1e-14.
 */
const [SHIFTS, SCALES] = [new ChebyshevPoints(20), new ChebyshevPoints(18)];
const [WIDTH, HEIGHT] = [1.5, 0.5];
const COMPONENTS = ["mean", "first", "second", "residual"] as const;
const RESIDUAL = 3;
const SIZE = COMPONENTS.length * SHIFTS.count;
/** A panel is made when it has been asked for a quarter as often as f is averaged to make it, by rules that many averages share. */
const WORTH = 0.25 * SHIFTS.count * SCALES.count;
/** Largest error, of moments relative to √E f² and of the residual to E f², with which a panel is used. */
const ACCEPTED = 1e-12;
/** Where a panel is compared with averages, between its points. */
const BETWEEN = [
  [-0.937, 0.871],
  [0.118, -0.963],
  [0.981, 0.207],
] as const;
/** Panels of one surface that are kept. */
const MOST_PANELS = 2000;

/** Sign of a component that is interpolated as its logarithm, or 0 where it is interpolated itself. */
type Logarithmic = -1 | 0 | 1;

interface Panel {
  /** By scale, component and shift. */
  readonly values: Float64Array;
  readonly logarithmic: readonly Logarithmic[];
  /** Of moments relative to √square, and of the residual to square. */
  readonly error: number;
  /** Of the residual: absolute, and relative to it. */
  readonly residualError: readonly [absolute: number, relative: number];
}

/** A panel at one scale: by component and shift. */
interface PanelLine {
  readonly column: number;
  readonly panel: Pick<Panel, "logarithmic" | "error" | "residualError">;
  readonly values: Float64Array;
}

/** A place of the plane: how often it was asked for, and its panel, null where interpolation is not good enough. */
interface Place {
  asked: number;
  panel?: Panel | null;
}

const [shiftWeights, scaleWeights] = [new Float64Array(SHIFTS.count), new Float64Array(SCALES.count)];

/**
 * The moments of one function at any shift and scale, for many models that differ in both: by Chebyshev interpolation on panels of the
 * plane of (shift, ln scale), each made when it has proved worth its while, and checked by the decay of its coefficients and by
 * averages between its points.
 */
export class MomentSurface {
  private readonly rows = new Map<number, Map<number, Place>>();
  private panels = 0;

  constructor(private readonly direct: DirectMoments) {}

  /** The moments at one scale, as a function of the shift; undefined where they have to be averaged. */
  along(scale: number): (shift: number) => InterpolatedMoments | undefined {
    const level = Math.log(scale) / HEIGHT;
    const row = Math.floor(level);
    if (!Number.isSafeInteger(row)) return () => undefined;
    const places = this.rowOf(row);
    const width = WIDTH * Math.exp(HEIGHT * row);
    const weights = new Float64Array(SCALES.count);
    SCALES.weightsAt(2 * (level - row) - 1, weights);
    const lines = new Map<number, PanelLine>();
    let line: PanelLine | undefined;
    return (shift) => {
      const column = Math.floor(shift / width);
      if (line?.column !== column) {
        line = lines.get(column);
        const panel = line ? undefined : this.panelAt(places, row, column);
        if (panel) lines.set(column, (line = { column, panel, values: atScale(panel.values, weights) }));
        if (!line) return undefined;
      }
      return momentsOf(line, 2 * (shift / width - column) - 1);
    };
  }

  private rowOf(row: number): Map<number, Place> {
    let places = this.rows.get(row);
    if (!places) this.rows.set(row, (places = new Map<number, Place>()));
    return places;
  }

  private panelAt(places: Map<number, Place>, row: number, column: number): Panel | undefined {
    let place = places.get(column);
    if (!place) places.set(column, (place = { asked: 0 }));
    if (
      place.panel === undefined &&
      ++place.asked > WORTH &&
      Number.isSafeInteger(column) &&
      this.panels < MOST_PANELS
    ) {
      this.panels++;
      place.panel = panelIfAny(this.direct, row, column) ?? null;
    }
    return place.panel ?? undefined;
  }
}

/** None where moments do not exist, or are not resolved, somewhere on the panel. */
function panelIfAny(direct: DirectMoments, row: number, column: number): Panel | undefined {
  try {
    return panelOf(direct, row, column);
  } catch (error) {
    if (error instanceof QuadratureError) return undefined;
    throw error;
  }
}

function panelOf(direct: DirectMoments, row: number, column: number): Panel | undefined {
  const width = WIDTH * Math.exp(HEIGHT * row);
  const averaged = (s: number, u: number) =>
    direct(width * (column + 0.5 * (s + 1)), Math.exp(HEIGHT * (row + 0.5 * (u + 1))));
  const moments = Array.from(SCALES.points, (u) => Array.from(SHIFTS.points, (s) => averaged(s, u)));
  const square = Math.min(...moments.flat().map((one) => one.square));
  const values = new Float64Array(SCALES.count * SIZE);
  const parts = COMPONENTS.map((name, c) => {
    const sampled = moments.map((line) => line.map((one) => one[name]));
    return interpolantOf(sampled, values, c, name === "residual" ? square : Math.sqrt(square));
  });
  const panel = {
    values,
    logarithmic: parts.map(({ logarithmic }) => logarithmic),
    error: 0,
    residualError: [0, 0] as const,
  };
  let error = Math.max(...parts.map((part) => part.error));
  let off = 0;
  for (const [s, u] of BETWEEN) {
    SCALES.weightsAt(u, scaleWeights);
    const found = momentsOf({ column, panel, values: atScale(values, scaleWeights) }, s);
    const known = averaged(s, u);
    const difference = COMPONENTS.map((name) => Math.abs(found[name] - known[name]));
    difference.forEach(
      (one, c) => (error = Math.max(error, ratio(one, c === RESIDUAL ? known.square : Math.sqrt(known.square)))),
    );
    off = Math.max(
      off,
      panel.logarithmic[RESIDUAL] === 0 ? difference[RESIDUAL]! : ratio(difference[RESIDUAL]!, known.residual),
    );
  }
  if (!(error <= ACCEPTED)) return undefined;
  const rest = Math.max(parts[RESIDUAL]!.tail, off);
  const own = Math.max(...moments.flat().map((one) => one.error));
  return { ...panel, error: error + own, residualError: panel.logarithmic[RESIDUAL] === 0 ? [rest, 0] : [0, rest] };
}

const ratio = (error: number, size: number): number => (error === 0 ? 0 : error / size);

/** Writes a component, or its logarithm where that is interpolated better, and returns the error that is left, in a unit. */
function interpolantOf(sampled: readonly (readonly number[])[], values: Float64Array, component: number, unit: number) {
  const write = (f: (value: number) => number): number => {
    sampled.forEach((line, j) => {
      line.forEach((value, i) => (values[j * SIZE + component * SHIFTS.count + i] = f(value)));
    });
    return tailOf(values, component);
  };
  const all = sampled.flat();
  const most = Math.max(...all.map(Math.abs));
  const sign = all.every((value) => value > 0) ? 1 : all.every((value) => value < 0) ? -1 : 0;
  const plain = write((value) => value);
  if (sign !== 0) {
    const tail = write((value) => Math.log(sign * value));
    const least = Math.min(...all.map(Math.abs));
    if (tail < Math.min(plain / least, ACCEPTED))
      return { logarithmic: sign, tail, error: tail * Math.min(most / unit, 2) } as const;
    write((value) => value);
  }
  return { logarithmic: 0, tail: plain, error: ratio(plain, unit) } as const;
}

/** Largest of the last coefficients of a component, along shifts and along scales. */
function tailOf(values: Float64Array, component: number): number {
  let most = 0;
  const start = component * SHIFTS.count;
  for (let j = 0; j < SCALES.count; j++) most = Math.max(most, SHIFTS.tail(values, j * SIZE + start, 1));
  for (let i = 0; i < SHIFTS.count; i++) most = Math.max(most, SCALES.tail(values, start + i, SIZE));
  return most;
}

/** The values at one scale, by component and shift. */
function atScale(values: Float64Array, weights: Float64Array): Float64Array {
  const line = new Float64Array(SIZE);
  for (let j = 0; j < weights.length; j++) {
    const [weight, first] = [weights[j]!, j * SIZE];
    for (let i = 0; i < SIZE; i++) line[i]! += weight * values[first + i]!;
  }
  return line;
}

/** The moments at a place s ∈ [−1, 1] of a panel. */
function momentsOf({ panel, values }: PanelLine, s: number): InterpolatedMoments {
  const { logarithmic, error, residualError } = panel;
  SHIFTS.weightsAt(s, shiftWeights);
  const n = SHIFTS.count;
  let [mean, first, second, residual] = [0, 0, 0, 0];
  for (let i = 0; i < n; i++) {
    const weight = shiftWeights[i]!;
    mean += weight * values[i]!;
    first += weight * values[n + i]!;
    second += weight * values[2 * n + i]!;
    residual += weight * values[3 * n + i]!;
  }
  if (logarithmic[0] !== 0) mean = logarithmic[0]! * Math.exp(mean);
  if (logarithmic[1] !== 0) first = logarithmic[1]! * Math.exp(first);
  if (logarithmic[2] !== 0) second = logarithmic[2]! * Math.exp(second);
  if (logarithmic[RESIDUAL] !== 0) residual = Math.exp(residual);
  else if (residual < 0) residual = 0;
  const square = mean * mean + first * first + residual;
  return {
    mean,
    first,
    second,
    square,
    residual,
    error,
    residualError: residualError[0] + residualError[1] * residual,
  };
}
