import type { SweptName } from "../parameters/table.ts";
import { type Baseline, isLevel } from "./baselines.ts";
import type { KeyEntry } from "./key.ts";
import { type PlottedRow, sweptValue } from "./plottedRow.ts";

/** References of a test error, which rows may have beside it. */
export const BASELINES = {
  linear: { field: "linearBaseline", name: "best linear predictor", dash: [6, 4] },
  lower: { field: "lowerBound", name: "lower bound of any readout", dash: [2, 3] },
  upper: { field: "upperBound", name: "upper bound of the best readout", dash: [8, 3, 2, 3] },
  bayes: { field: "bayesTestError", name: "Bayes-optimal", dash: [1, 2] },
} as const;
/** The name of a reference of {@link learningCurve}. */
export type BaselineName = keyof typeof BASELINES;

/** References at the places of the rows that have them. */
export function referencesOf(
  rows: readonly PlottedRow[],
  x: SweptName,
  curveOf: (row: PlottedRow) => string,
  names: readonly BaselineName[],
): Baseline[] {
  return names.flatMap((key) => {
    const { field, name, dash } = BASELINES[key];
    const places = rows.flatMap((row) => {
      const at = sweptValue(row, x);
      const y = row.status === "converged" ? (row as { readonly [F in typeof field]?: number })[field] : undefined;
      return at === undefined || !Number.isFinite(at) || y === undefined ? [] : [{ x: at, y, curve: curveOf(row) }];
    });
    return places.length > 0 ? [{ name, dash, places }] : [];
  });
}

/** What the marks are, where there is more to say than a line of theory. */
export function keyOf(
  rows: readonly PlottedRow[],
  quantities: readonly string[],
  baselines: readonly Baseline[],
): KeyEntry[] {
  const sizes = [...new Set(rows.flatMap(({ finiteDimension }) => finiteDimension ?? []))];
  const simulations = rows.flatMap(({ simulation }) =>
    simulation && quantities.some((name) => Object.hasOwn(simulation, name)) ? [simulation] : [],
  );
  const between = (values: readonly number[]) => [...new Set([Math.min(...values), Math.max(...values)])].join("–");
  const of = (field: "dimension" | "trials") => simulations.flatMap((simulation) => simulation[field] ?? []);
  const [dimensions, trials] = [of("dimension"), of("trials")];
  const size = dimensions.length > 0 ? ` at d = ${between(dimensions)}` : "";
  const simulated = trials.length > 0 ? `${between(trials)} simulations${size}` : "simulations";
  const limit = sizes.length > 0 ? `theory at F = d = ${sizes.join(", ")}` : "theory";
  const lines = baselines.filter((baseline) => !isLevel(baseline));
  if (simulations.length === 0 && sizes.length === 0 && lines.length === 0) return [];
  return [
    { symbol: "line", text: limit },
    ...(simulations.length > 0 ? [{ symbol: "cross", text: `${simulated}: mean; bars: standard error` } as const] : []),
    ...lines.map(({ name }) => ({ symbol: DASHED[name] ?? "dashed", text: name })),
  ];
}

const DASHED: Readonly<Record<string, KeyEntry["symbol"]>> = {
  [BASELINES.lower.name]: "dotted",
  [BASELINES.upper.name]: "dashDotted",
  [BASELINES.bayes.name]: "dotted",
};
