import {
  type DataCurve,
  type DataRow,
  learningCurveFromData,
  parseTable,
  takeLabels,
} from "../../../src/data/browser.ts";

/** A table and what is to be done with it. */
export interface DataRequest {
  readonly text: string;
  /** Column of the labels: its name or number; empty: the last. */
  readonly labels: string;
  readonly intercept: boolean;
  readonly anchor: "loo" | "gcv";
}

/** What the table is. */
export interface TableSummary {
  readonly names: readonly string[];
  readonly rows: number;
  readonly labels: string;
}

/** What is there of the answer to a request. */
export type DataMessage =
  | { readonly kind: "table"; readonly table: TableSummary }
  | { readonly kind: "curve"; readonly prediction: Prediction }
  | { readonly kind: "error"; readonly message: string };

/** A predicted learning curve with the grid that it is on. */
export interface Prediction {
  readonly curve: DataCurve;
  readonly samples: readonly number[];
  readonly ridges: readonly number[];
  readonly request: Omit<DataRequest, "text">;
}

/** Values on the axes. */
const COUNTS = { samples: 24, ridges: 25 };

/** Reads the table, then predicts the curve: the second takes the time. */
export function* predict(request: DataRequest): Generator<DataMessage | undefined> {
  try {
    const { text, ...rest } = request;
    const table = parseTable(text);
    const names = table.header ?? Array.from({ length: table.columns }, (_, i) => String(i + 1));
    const labels = request.labels === "" ? String(table.columns) : request.labels;
    const { features, labels: values } = takeLabels(table, labels);
    const at = names.indexOf(labels);
    const summary = { names, rows: table.rows, labels: names[at < 0 ? Number(labels) - 1 : at]! };
    yield { kind: "table", table: summary };
    const [samples, ridges] = [samplesFor(table.rows), ridgesFor(features.data, table.rows)];
    const { intercept, anchor } = request;
    const curve = learningCurveFromData({ features, labels: values, samples, ridges, intercept, anchor });
    yield { kind: "curve", prediction: { curve, samples, ridges, request: { ...rest, labels: summary.labels } } };
  } catch (error) {
    yield { kind: "error", message: error instanceof Error ? error.message : String(error) };
  }
}

/** Whole numbers in equal ratios, from few samples to twice the data. */
export function samplesFor(rows: number): number[] {
  const [first, last] = [Math.max(2, rows / 20), 2 * rows];
  const list = Array.from({ length: COUNTS.samples }, (_, i) =>
    Math.round(first * (last / first) ** (i / (COUNTS.samples - 1))),
  );
  return [...new Set([...list, rows])].sort((a, b) => a - b);
}

/** Ridges around the mean square of a row, three digits each. */
export function ridgesFor(features: Float64Array, rows: number): number[] {
  const square = features.reduce((sum, value) => sum + value * value, 0) / rows || 1;
  return Array.from({ length: COUNTS.ridges }, (_, i) =>
    Number((square * 10 ** (-4 + (6 * i) / (COUNTS.ridges - 1))).toPrecision(3)),
  );
}

/** Converged rows of one n, by increasing ridge. */
export function rowsAt({ curve }: Prediction, n: number): DataRow[] {
  return curve.rows.filter((row): row is DataRow => row.status === "converged" && row.samples === n);
}
