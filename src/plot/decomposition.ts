import { ParameterError, requireList } from "../errors.ts";
import { axisTitle, type SweptName } from "../parameters/table.ts";
import { type Decomposition, PARTS } from "../statistics/decomposition.ts";
import { encodingOf, extent } from "./axes.ts";
import { CROSS, keyLayers } from "./key.ts";
import { checkLook, configOf, type FigureLook } from "./look.ts";
import { BLACK } from "./palette.ts";
import { type PlottedRow, sweptValue } from "./plottedRow.ts";
import { titleOf } from "./quantities.ts";
import { keyOf } from "./references.ts";
import type { DataSpecification } from "./specification.ts";

/** Axes of {@link decompositionFigure}. */
export interface DecompositionOptions extends Omit<FigureLook, "logY"> {
  /** The horizontal axis; default "sampleRatio". */
  readonly x?: SweptName;
}

/** The parts from below, each lighter than the one under it, so that they stay apart without colours, too. */
const LAYERS = [
  ...PARTS.map((name, i) => ({
    name: titleOf(name),
    color: ["#22304F", "#6A2C5C", "#1F7A5C", "#C25E2E", "#6BA3D6", "#EDBE52"][i]!,
  })),
  { name: "label noise", color: "#E4E4E4" },
];

/** A row that has the parts of its test error. */
type SplitRow = PlottedRow & Decomposition & { readonly testError: number };

/** One layer between two places of the vertical axis. */
interface Slab {
  readonly x: number;
  readonly low: number;
  readonly high: number;
  readonly part: string;
  /** Number of the piece without a gap in it. */
  readonly piece: number;
}

/**
 * Vega-Lite specification of the test error split into bias and variances along a parameter (statistics §3): the parts stacked from the bias on, the noise
 * of the label above them, and the test error on top as a line, which they add up to; crosses for simulated test errors.
 *
 * Failed points leave gaps; infinite places of the axis are left out. The vertical axis is linear, since lengths on it add up.
 *
 * @param rows rows of one curve with `statistics`, or rows with a `simulation` beside them
 * @throws ParameterError for rows without statistics or of several curves, a size or a range that is none
 * @example
 * const model = { model: "randomFeatures", student: "relu", target: "x", labelNoise: 0.5, widthRatio: 3, ridge: 1e-3 } as const;
 * const rows = curve(model, { sweep: { sampleRatio: [0.5, 1, 2] }, statistics: true });
 * decompositionFigure(rows, { logX: true }).data.values.length; // 21
 */
export function decompositionFigure(
  rows: readonly PlottedRow[],
  options: DecompositionOptions = {},
): DataSpecification {
  requireList("rows", rows, "a list of rows, as curve(…) gives them");
  if ((options as FigureLook).logY === true) {
    throw new ParameterError("logY", true, "false for parts that are stacked: lengths on a linear axis add up");
  }
  const { x = "sampleRatio" } = options;
  const look = checkLook(options);
  const places = placesOf(rows, x, look.logX);
  const slabs = slabsOf(places);
  const total = places.map(({ at, piece, row }) => ({ x: at, y: row?.testError ?? null, piece }));
  const crosses = places.flatMap(({ at, simulated }) => (simulated ? [{ x: at, ...simulated }] : []));
  const heights = [0, ...total.map(({ y }) => y), ...crosses.map(({ high }) => high)];
  const across = encodingOf({
    ...{ title: axisTitle(x), logarithmic: look.logX, range: look.xRange },
    domain: extent(places.map(({ at }) => at), look.logX), // prettier-ignore
  });
  const up = encodingOf({
    ...{ title: "test error and its parts", logarithmic: false, domain: extent(heights, false) },
    range: look.yRange ?? [0, 1.02 * Math.max(...heights.map((y) => y ?? 0))],
  });
  const { title, width, height, fontSize } = look;
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    ...(title !== undefined && { title }),
    width,
    height,
    data: { values: slabs },
    layer: [
      areas(across, up),
      {
        data: { values: total },
        mark: { type: "line", color: BLACK, strokeWidth: 2, clip: true, invalid: "break-paths-filter-domains" },
        encoding: { x: across("x"), y: up("y"), detail: { field: "piece", type: "nominal" } },
      },
      ...crossLayers(crosses, across, up),
      ...keyLayers([
        ...keyOf(rows, ["testError"], []).map((entry) =>
          entry.symbol === "line" ? { ...entry, text: `test error, ${entry.text}` } : entry,
        ),
      ]),
    ],
    config: configOf(fontSize),
  };
}

interface SplitPlace {
  readonly at: number;
  readonly piece: number;
  /** Undefined at a gap. */
  readonly row: SplitRow | undefined;
  readonly simulated: { readonly y: number; readonly low: number; readonly high: number } | undefined;
}

/** The rows along the axis, a new piece after every gap. */
function placesOf(rows: readonly PlottedRow[], x: SweptName, logarithmic: boolean): SplitPlace[] {
  const solved = rows.filter(({ status }) => status === "converged");
  if (solved.length > 0 && !solved.some(isSplit)) {
    throw new ParameterError("rows", rows.length, "rows with statistics: curve(…, { sweep, statistics: true })");
  }
  const shown = rows
    .flatMap((row) => {
      const at = sweptValue(row, x) ?? NaN;
      return Number.isFinite(at) && !(logarithmic && at <= 0) ? [{ at, row }] : [];
    })
    .sort((a, b) => a.at - b.at);
  const twice = shown.find(({ at }, i) => shown[i - 1]?.at === at);
  if (twice) throw new ParameterError("rows", twice.at, `those of one curve: there are two at this ${x}`);
  let piece = 0;
  return shown.map(({ at, row }) => {
    const split = isSplit(row) ? row : undefined;
    if (!split) piece++;
    return { at, piece, row: split, simulated: simulatedError(row) };
  });
}

function isSplit(row: PlottedRow): row is SplitRow {
  return row.status === "converged" && typeof (row as Partial<SplitRow>).biasSquared === "number";
}

function simulatedError({ simulation }: PlottedRow) {
  const value = simulation?.testError;
  if (!value) return undefined;
  const { mean, standardError } = value;
  const error = Number.isFinite(standardError) ? standardError : 0;
  return { y: mean, low: mean - error, high: mean + error };
}

/** From below the parts, and what is left of the test error: the noise of the label. Rounding can make a part of nothing negative. */
function slabsOf(places: readonly SplitPlace[]): Slab[] {
  return places.flatMap(({ at, piece, row }) => {
    if (!row) return [];
    let low = 0;
    return LAYERS.map(({ name }, i) => {
      const part = PARTS[i];
      const high = part ? low + Math.max(0, row[part]) : Math.max(low, row.testError);
      const slab = { x: at, low, high, part: name, piece };
      low = high;
      return slab;
    });
  });
}

type Position = (field: string) => object;

function areas(across: Position, up: Position): object {
  const listed = LAYERS.toReversed();
  const scale = { domain: listed.map(({ name }) => name), range: listed.map(({ color }) => color) };
  return {
    mark: { type: "area", opacity: 1, clip: true, line: false, stroke: "white", strokeWidth: 0.6 },
    encoding: {
      x: across("x"),
      y: up("low"),
      y2: { field: "high" },
      detail: { field: "piece", type: "nominal" },
      color: {
        ...{ field: "part", type: "nominal", scale, sort: null },
        legend: { title: null, symbolType: "square", symbolStrokeWidth: 0, labelLimit: 0 },
      },
    },
  };
}

function crossLayers(values: readonly object[], across: Position, up: Position): object[] {
  if (values.length === 0) return [];
  const data = { values };
  return [
    {
      data,
      mark: { type: "rule", strokeWidth: 1.5, clip: true },
      encoding: { x: across("x"), y: up("low"), y2: { field: "high" } },
    },
    {
      data,
      mark: { type: "point", shape: CROSS, size: 40, strokeWidth: 1.5, opacity: 1, clip: true, color: BLACK },
      encoding: { x: across("x"), y: up("y") },
    },
  ];
}
