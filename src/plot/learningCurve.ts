import type { TopLevelSpec } from "vega-lite";
import type { CurveRow, LossRow, SweepParameter } from "../curve/sweep.ts";
import { AXIS_TITLES, CONFIG, GREY, PALETTE, SYMBOLS } from "./palette.ts";

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
export type Quantity = keyof typeof QUANTITIES;

/** A row of a curve, with simulation where there is one, and the theory it follows where there are two. */
export type PlottedRow = (CurveRow | LossRow) & {
  readonly theory?: string;
  readonly simulation?: { readonly [Q in Quantity]?: SimulatedValue };
};

export interface LearningCurveOptions {
  /** The horizontal axis; default "sampleRatio". */
  readonly x?: SweepParameter;
  /** Parameters that tell the curves apart. */
  readonly series?: readonly SweepParameter[];
  /** Default "testError". */
  readonly quantity?: Quantity;
  readonly logX?: boolean;
  readonly logY?: boolean;
  readonly title?: string;
}

interface Datum {
  readonly x: number;
  readonly y: number | null;
  readonly curve: string;
  readonly theory: string;
  readonly baseline: number | null;
  readonly simulated: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

/**
 * Vega-Lite specification of learning curves in the papers' look: a line for theory, crosses with error bars for
 * simulation, a colour for each curve, the best linear predictor dashed. The data are in the specification.
 *
 * Failed points and infinite abscissae leave gaps.
 *
 * @param rows rows of `curve`, or rows with a `simulation` beside them
 */
export function learningCurve(rows: readonly PlottedRow[], options: LearningCurveOptions = {}): TopLevelSpec {
  const { x = "sampleRatio", series = [], quantity = "testError", logX = false, logY = false, title } = options;
  const data = rows.flatMap((row) => datum(row, x, series, quantity));
  const curves = [...new Set(data.map(({ curve }) => curve))];
  const theories = [...new Set(data.map(({ theory }) => theory))];
  const xAxis = { field: "x", type: "quantitative", title: AXIS_TITLES[x], scale: scale(logX) } as const;
  const yScale = { ...scale(logY), ...(logY ? {} : { zero: false }) };
  const y = (field: keyof Datum) =>
    ({ field, type: "quantitative", title: QUANTITIES[quantity], scale: yScale }) as const;
  const color = {
    field: "curve",
    type: "nominal",
    scale: { domain: curves, range: curves.map((_, i) => PALETTE[i % PALETTE.length]!) },
    legend: curves.length > 1 ? { title: series.map((name) => SYMBOLS[name]).join(", ") } : null,
  } as const;
  const theory = {
    field: "theory",
    type: "nominal",
    scale: {
      domain: theories,
      range: [
        [1, 0],
        [2, 3],
      ],
    },
    legend: theories.length > 1 ? { title: "theory" } : null,
  } as const;
  const present = (field: keyof Datum) => [{ filter: `datum.${field} !== null` }];
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    ...(title !== undefined && { title }),
    width: 420,
    height: 300,
    data: { values: data as unknown as Record<string, unknown>[] },
    layer: [
      ...(quantity === "testError" ? baselineLayers(data, xAxis, y("baseline")) : []),
      {
        mark: { type: "line", strokeWidth: 2, invalid: "break-paths-filter-domains" },
        encoding: { x: xAxis, y: y("y"), color, strokeDash: theory },
      },
      {
        transform: present("low"),
        mark: { type: "rule", strokeWidth: 1.5 },
        encoding: { x: xAxis, y: y("low"), y2: { field: "high" }, color },
      },
      {
        transform: present("simulated"),
        mark: { type: "point", shape: "M-1,-1L1,1M-1,1L1,-1", size: 40, strokeWidth: 1.5, opacity: 1 },
        encoding: { x: xAxis, y: y("simulated"), color },
      },
    ],
    config: CONFIG,
  } as TopLevelSpec;
}

/** Room around the data, so that crosses at the ends are whole. */
function scale(logarithmic: boolean) {
  const room = { nice: false, padding: 14 } as const;
  return logarithmic ? ({ type: "log", ...room } as const) : ({ type: "linear", zero: false, ...room } as const);
}

/** The baseline in grey: one line with its name where it is the same for every curve, otherwise one for each. */
function baselineLayers(data: readonly Datum[], x: object, y: object) {
  const line = { type: "line", strokeDash: [6, 4], strokeWidth: 1.5, color: GREY } as const;
  const text = {
    type: "text",
    text: "best linear predictor",
    align: "right",
    dy: -7,
    fontSize: 11,
    color: GREY,
  } as const;
  const values = new Set(data.flatMap(({ baseline }) => (baseline === null ? [] : [baseline])));
  if (values.size !== 1) return [{ mark: line, encoding: { x, y, detail: { field: "curve", type: "nominal" } } }];
  const last = Math.max(...data.map((item) => item.x));
  return [
    { mark: line, encoding: { x, y } },
    { data: { values: [{ x: last, baseline: [...values][0] }] }, mark: text, encoding: { x, y } },
  ];
}

function datum(row: PlottedRow, x: SweepParameter, series: readonly SweepParameter[], quantity: Quantity): Datum[] {
  const at = row[x];
  if (at === undefined || !Number.isFinite(at)) return [];
  const solved = row.status === "converged";
  const simulated = row.simulation?.[quantity];
  const error = simulated && Number.isFinite(simulated.standardError) ? simulated.standardError : undefined;
  return [
    {
      x: at,
      y: solved ? quantityOf(row, quantity) : null,
      curve: series.map((name) => symbolic(row[name])).join(", "),
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

function symbolic(value: number | undefined): string {
  return value === Infinity ? "∞" : String(value);
}
