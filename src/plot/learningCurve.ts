import type { EveryRow } from "../curve/sweep.ts";
import { axisTitle, symbolOf, type SweptName } from "../parameters/table.ts";
import { type CurveDatum, curveFigure } from "./linesAndCrosses.ts";
import type { DataSpecification } from "./specification.ts";

/** A mean over simulated networks with its standard error, beside the theory of its row. */
export interface SimulatedValue {
  readonly mean: number;
  readonly standardError: number;
}

/** Quantities of a row that a curve can show. */
export const QUANTITIES = {
  testError: "test error",
  excessRisk: "excess risk",
  trainError: "training error",
  objective: "objective per sample",
  testLoss: "test loss",
  trainLoss: "training loss",
  testClassificationError: "test classification error",
  trainClassificationError: "training classification error",
} as const;
/** What a learning curve can show. */
export type Quantity = keyof typeof QUANTITIES;

/** A row of a curve, with simulation where there is one, and the theory it follows where there are two. */
export type PlottedRow = EveryRow & {
  readonly theory?: string;
  /** The size d whose theory it is, by the strength F = d of the mean channels (theory §6). */
  readonly finiteDimension?: number;
  readonly simulation?: { readonly [Q in Quantity]?: SimulatedValue };
};

/** Axes and quantity of {@link learningCurve}. */
export interface LearningCurveOptions {
  /** The horizontal axis; default "sampleRatio". */
  readonly x?: SweptName;
  /** Parameters that tell the curves apart. */
  readonly series?: readonly SweptName[];
  /** Default "testError", for losses of margins "testClassificationError". */
  readonly quantity?: Quantity;
  readonly logX?: boolean;
  readonly logY?: boolean;
  readonly title?: string;
}

/**
 * Vega-Lite specification of learning curves in the papers' look: a line for theory, crosses with error bars for
 * simulation, a colour for each curve, the best linear predictor dashed. The data are in the specification.
 *
 * Failed points and infinite abscissae leave gaps.
 *
 * @param rows rows of `curve`, or rows with a `simulation` beside them
 * @example
 * const rows = curve(
 *   { model: "randomFeatures", student: "tanh", target: "sin", widthRatio: 1 },
 *   { sweep: { ridge: [0.01, 1], sampleRatio: [0.5, 1, 2] } },
 * );
 * learningCurve(rows, { series: ["ridge"], logY: true }).data.values.length; // 6
 */
export function learningCurve(rows: readonly PlottedRow[], options: LearningCurveOptions = {}): DataSpecification {
  const { x = "sampleRatio", series = [], quantity = mainQuantity(rows), logX = false, logY = false, title } = options;
  const data = withGaps(rows.flatMap((row) => datum(row, x, series, quantity)));
  return curveFigure(data, {
    xTitle: axisTitle(x),
    yTitle: QUANTITIES[quantity],
    logX,
    logY,
    legendTitle: series.map(symbolOf).join(", "),
    baseline: quantity === "testError" ? "best linear predictor" : undefined,
    title,
    note: sizeNote(rows),
  });
}

/** Says of which size the theory is, where that is not the limit. */
function sizeNote(rows: readonly PlottedRow[]): string | undefined {
  const sizes = [...new Set(rows.flatMap(({ finiteDimension }) => finiteDimension ?? []))];
  return sizes.length === 0 ? undefined : `theory at F = d = ${sizes.join(", ")}`;
}

function mainQuantity(rows: readonly PlottedRow[]): Quantity {
  return rows.some((row) => "kind" in row && row.kind === "margin") ? "testClassificationError" : "testError";
}

interface Place extends CurveDatum {
  readonly channels: number | undefined;
}

/**
 * The data of lines that break where the limit may jump: between points with other numbers of independent mean channels. A point
 * between two breaks stands alone.
 */
function withGaps(places: readonly Place[]): CurveDatum[] {
  const lines = new Map<string, Place[]>();
  for (const place of places) {
    const key = JSON.stringify([place.curve, place.theory]);
    lines.set(key, [...(lines.get(key) ?? []), place]);
  }
  const gaps: CurveDatum[] = [];
  const lone = new Set<Place>();
  for (const line of lines.values()) {
    const solved = line.filter(({ y }) => y !== null).sort((a, b) => a.x - b.x);
    const breaks = solved.map(({ channels }, i) => i === 0 || solved[i - 1]!.channels !== channels);
    solved.forEach((place, i) => {
      if (breaks[i] === true && breaks[i + 1] !== false) lone.add(place);
      const before = solved[i - 1];
      if (!before || breaks[i] !== true) return;
      const { curve, theory } = place;
      const nothing = { y: null, baseline: null, simulated: null, low: null, high: null };
      gaps.push({ x: 0.5 * (before.x + place.x), curve, theory, ...nothing });
    });
  }
  const data = places.map((place): CurveDatum => {
    const { channels, ...datum } = place;
    return channels !== undefined && lone.has(place) ? { ...datum, lone: true } : datum;
  });
  return [...data, ...gaps];
}

function datum(row: PlottedRow, x: SweptName, series: readonly SweptName[], quantity: Quantity): Place[] {
  const at = sweptValue(row, x);
  if (at === undefined || !Number.isFinite(at)) return [];
  const solved = row.status === "converged";
  const simulated = row.simulation?.[quantity];
  const error = simulated && Number.isFinite(simulated.standardError) ? simulated.standardError : undefined;
  return [
    {
      x: at,
      channels: solved && "meanChannels" in row ? row.meanChannels : undefined,
      y: solved ? quantityOf(row, quantity) : null,
      curve: series.map((name) => symbolic(sweptValue(row, name))).join(", "),
      theory: row.theory ?? "",
      baseline: solved && "linearBaseline" in row ? row.linearBaseline : null,
      simulated: simulated?.mean ?? null,
      low: simulated && error !== undefined ? simulated.mean - error : null,
      high: simulated && error !== undefined ? simulated.mean + error : null,
    },
  ];
}

/** The quantity, where the row's loss has it. */
function quantityOf(row: { readonly [Q in Quantity]?: number }, quantity: Quantity): number | null {
  return row[quantity] ?? null;
}

/** The value of a swept parameter in a row, of a step's number under its own name. */
function sweptValue(row: object, name: SweptName): number | undefined {
  return (row as Readonly<Record<string, number | undefined>>)[name];
}

function symbolic(value: number | undefined): string {
  return value === Infinity ? "∞" : String(value);
}
