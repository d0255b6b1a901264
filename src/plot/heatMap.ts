import type { VegaLiteSpecification } from "./specification.ts";
import { checkLook, configOf, type FigureLook } from "./look.ts";

/** An axis of a map: the places of its cells and how they are spaced. */
export interface HeatMapAxis {
  readonly title: string;
  /** Ascending. */
  readonly values: readonly number[];
  readonly logarithmic: boolean;
}

/** A line across a map. */
export interface HeatMapLine {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

export interface HeatMapOptions extends Pick<FigureLook, "title" | "width" | "height" | "fontSize"> {
  readonly x: HeatMapAxis;
  readonly y: HeatMapAxis;
  /** values[j][i] at (x_i, y_j); undefined leaves the cell empty. */
  readonly values: readonly (readonly (number | undefined)[])[];
  /** Title of the colour scale. */
  readonly quantity: string;
  readonly lines?: readonly HeatMapLine[];
  /** The quantity may have either sign, and 0 is the middle of the colours. */
  readonly signed?: boolean;
  /** Where the colours of a signed quantity end, for maps that share them. Default: its largest value. */
  readonly largest?: number;
}

/**
 * Vega-Lite specification of a map with lines across it. The colours are perceptually uniform and fall in lightness alone
 * (cividis), or to both sides of white for a difference; they can be told apart in grey.
 *
 * @example
 * const axis = { title: "α", values: [0.5, 1, 2], logarithmic: true };
 * heatMap({ x: axis, y: { ...axis, title: "β" }, values: [[1, 2, 3], [4, 5, 6], [7, 8, 9]], quantity: "test error" }).layer.length; // 1
 */
export function heatMap({
  x,
  y,
  values,
  quantity,
  lines = [],
  signed = false,
  largest: end,
  ...size
}: HeatMapOptions): VegaLiteSpecification {
  const { title, width, height, fontSize } = checkLook({ width: 380, height: 320, ...size });
  const [xEdges, yEdges] = [edges(x), edges(y)];
  const cells = values.flatMap((row, j) =>
    row.flatMap((value, i) =>
      value === undefined || !Number.isFinite(value)
        ? []
        : [{ ...across("left", "right", xEdges, i), ...across("bottom", "top", yEdges, j), value }],
    ),
  );
  const position = (axis: HeatMapAxis, field: string, ends: readonly number[]) => ({
    field,
    type: "quantitative",
    title: axis.title,
    scale: {
      ...(axis.logarithmic ? { type: "log" } : { type: "linear", zero: false }),
      domain: [ends[0], ends.at(-1)],
      nice: false,
    },
  });
  const largest = Math.max(...cells.map(({ value }) => Math.abs(value)), Number.MIN_VALUE);
  const ends = end ?? largest;
  const least = Math.min(...cells.map(({ value }) => value));
  const scale = signed
    ? { scheme: "purpleorange", domain: [-ends, ends], domainMid: 0 }
    : { scheme: "cividis", nice: false, ...(least > 0 && largest > WIDE * least ? { type: "log" } : { zero: false }) };
  const names = [...new Set(lines.map(({ name }) => name))];
  const drawn = lines.flatMap(({ name, points }, line) =>
    points.map(([a, b], order) => ({ name, line: `${name}-${line}`, order, x: a, y: b })),
  );
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    ...(title !== undefined && { title }),
    width,
    height,
    layer: [
      {
        data: { values: cells },
        mark: { type: "rect", clip: true },
        encoding: {
          x: position(x, "left", xEdges),
          x2: { field: "right" },
          y: position(y, "bottom", yEdges),
          y2: { field: "top" },
          color: {
            field: "value",
            type: "quantitative",
            title: quantity,
            scale,
            legend: { type: "gradient", gradientLength: 240, titleLimit: 0 },
          },
        },
      },
      ...(drawn.length > 0
        ? [
            {
              data: { values: drawn },
              mark: { type: "line", strokeWidth: 2, color: "black", clip: true },
              encoding: {
                x: position(x, "x", xEdges),
                y: position(y, "y", yEdges),
                detail: { field: "line" },
                order: { field: "order", type: "quantitative" },
                strokeDash: {
                  field: "name",
                  type: "nominal",
                  scale: { domain: names, range: names.map((_, i) => DASHES[i % DASHES.length]!) },
                  legend: { title: null, labelLimit: 0, symbolStrokeColor: "black", symbolSize: 500 },
                },
              },
            },
          ]
        : []),
    ],
    config: configOf(fontSize),
  };
}

/** Positive values over more than this factor have logarithmic colours. */
const WIDE = 4;

/** Lines of different names differ in their dashes, in print too. */
const DASHES = [
  [1, 0],
  [7, 3],
  [2, 3],
  [9, 3, 2, 3],
  [4, 2],
  [12, 4],
] as const;

/** A cell reaches under the next one, so that no gap shows where they meet. */
function across(from: string, to: string, ends: readonly number[], i: number): Record<string, number> {
  return { [from]: ends[i]!, [to]: ends[Math.min(i + 2, ends.length - 1)]! };
}

/** Borders half-way between the values, on the axis's own scale. */
function edges({ values, logarithmic }: HeatMapAxis): number[] {
  const [to, from] = logarithmic ? [Math.log, Math.exp] : [(v: number) => v, (v: number) => v];
  const u = values.map(to);
  const inner = u.slice(1).map((value, i) => (value + u[i]!) / 2);
  return [2 * u[0]! - (inner[0] ?? u[0]!), ...inner, 2 * u.at(-1)! - (inner.at(-1) ?? u.at(-1)!)].map(from);
}
