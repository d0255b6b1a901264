import { requireList } from "../errors.ts";
import { axisTitle, type SweptName, symbolOf } from "../parameters/table.ts";
import { type Place, withGaps } from "./gaps.ts";
import { curveFigure, onLogarithmicAxis } from "./linesAndCrosses.ts";
import { checkLook, type FigureLook } from "./look.ts";
import { numerals } from "./numerals.ts";
import { type CurveWords, type PlottedRow, type SimulatedValue, sweptValue } from "./plottedRow.ts";
import { titleOfSeveral } from "./quantities.ts";
import { quantitiesOf, quantityReader, quantityTitle } from "./readQuantity.ts";
import { type BaselineName, keyOf, referencesOf } from "./references.ts";
import type { DataSpecification } from "./specification.ts";

/** Axes and quantity of {@link learningCurve}. */
export interface LearningCurveOptions extends FigureLook {
  /** The horizontal axis; default "sampleRatio". */
  readonly x?: SweptName;
  /** Parameters that tell the curves apart, student or target among them. */
  readonly series?: readonly (SweptName | keyof CurveWords)[];
  /**
   * Default "testError", for losses of margins "testClassificationError". Any column of `toCsv` will do: "Q2", and with several
   * groups "m[0]" or "Q1[0][1]". Each of several is a curve; "ensembles.freshBoth" stands for every M that the rows have.
   */
  readonly quantity?: string | readonly string[];
  /** References of a test error; default the best linear predictor. */
  readonly baselines?: readonly BaselineName[];
}

/**
 * Vega-Lite specification of learning curves in the papers' look: a line for theory, crosses with error bars for
 * simulation, a colour for each curve, the best linear predictor dashed. The data are in the specification.
 *
 * Failed points leave gaps; an infinite abscissa is a mark on the right edge; what a logarithmic axis cannot show is left out, and
 * the figure says so. A reference that would leave half of the figure empty is an arrow with its value.
 *
 * @param rows rows of `curve`, or rows with a `simulation` beside them
 * @throws ParameterError for a quantity that no row has, a size or a range that is none
 * @example
 * const rows = curve(
 *   { model: "randomFeatures", student: "tanh", target: "sin", widthRatio: 1 },
 *   { sweep: { ridge: [0.01, 1], sampleRatio: [0.5, 1, 2] } },
 * );
 * learningCurve(rows, { series: ["ridge"], logY: true }).data.values.length; // 6
 */
export function learningCurve(rows: readonly PlottedRow[], options: LearningCurveOptions = {}): DataSpecification {
  requireList("rows", rows, "a list of rows, as curve(…) gives them");
  const { x = "sampleRatio", series = [] } = options;
  const quantities = quantitiesOf(rows, options.quantity);
  const look = checkLook(options);
  const curveOf = curveNames(rows, series);
  const readers = quantities.map((quantity) => quantityReader(rows, quantity));
  const titles = quantities.map((quantity) => quantityTitle(rows, quantity));
  const several = quantities.length > 1;
  const shown = rows.filter((row) => !(look.logX && !(sweptValue(row, x)! > 0)));
  const places = shown.flatMap((row) =>
    quantities.flatMap((quantity, i) => {
      const curve = several ? [curveOf(row), titles[i]!].filter((words) => words !== "").join(", ") : curveOf(row);
      return datum(row, x, curve, readers[i]!, quantity);
    }),
  );
  const data = withGaps(places);
  const onAxis = look.logY ? onLogarithmicAxis(data) : data;
  const references = options.baselines ?? (several ? [] : (["linear"] as const));
  // Those of a test error; of several curves a reference is one for all of them.
  const baselines = quantities.includes("testError")
    ? referencesOf(shown, x, several && series.length === 0 ? () => "" : curveOf, references)
    : [];
  return curveFigure(onAxis, {
    look,
    xTitle: axisTitle(x),
    yTitle: several ? titleOfSeveral(quantities) : titles[0]!,
    legendTitle: series.map((name) => symbolOf(name as SweptName)).join(", "),
    baselines,
    notes: omissions(rows, options),
    key: keyOf(rows, quantities, baselines),
  });
}

/** What logarithmic axes cannot show of rows, in words. */
export function omissions(rows: readonly PlottedRow[], options: LearningCurveOptions): string[] {
  const { x = "sampleRatio", logX = false, logY = false } = options;
  const places = [...new Set(rows.flatMap((row) => sweptValue(row, x) ?? []))].filter((value) => !(value > 0));
  const readers = quantitiesOf(rows, options.quantity).map((quantity) => quantityReader(rows, quantity));
  const solved = rows.filter(({ status }) => status === "converged");
  const count = readers.reduce((sum, read) => sum + solved.filter((row) => (read(row) ?? 1) <= 0).length, 0);
  return [
    ...(logX && places.length > 0 ? [`not on the logarithmic axis: ${symbolOf(x)} = ${places.join(", ")}`] : []),
    ...(logY && count > 0 ? [`not on the logarithmic axis: ${count} values that are not positive`] : []),
  ];
}

/** Names of curves: words, and numbers with as many digits as tell them apart. */
function curveNames(
  rows: readonly PlottedRow[],
  series: readonly (SweptName | keyof CurveWords)[],
): (row: PlottedRow) => string {
  const values = (name: string) => rows.flatMap((row) => sweptValue(row, name as SweptName) ?? []);
  const labels = series.map((name) => [name, numerals(values(name))] as const);
  return (row) =>
    labels
      .map(([name, label]) => {
        const value: unknown = (row as object as Readonly<Record<string, unknown>>)[name];
        return typeof value === "number" ? label.get(value)! : String(value);
      })
      .join(", ");
}

type Simulated = Readonly<Record<string, SimulatedValue | undefined>>;

function datum(
  row: PlottedRow,
  x: SweptName,
  curve: string,
  read: (row: PlottedRow) => number | null,
  quantity: string,
): Place[] {
  const at = sweptValue(row, x);
  if (at === undefined || Number.isNaN(at)) return [];
  const solved = row.status === "converged";
  const simulated = (row.simulation as Simulated | undefined)?.[quantity];
  const error = simulated && Number.isFinite(simulated.standardError) ? simulated.standardError : undefined;
  return [
    {
      channels: solved && "meanChannels" in row ? row.meanChannels : undefined,
      datum: {
        x: at,
        y: solved ? read(row) : null,
        curve,
        theory: row.theory ?? "",
        simulated: simulated?.mean ?? null,
        low: simulated && error !== undefined ? simulated.mean - error : null,
        high: simulated && error !== undefined ? simulated.mean + error : null,
      },
    },
  ];
}
