import { encodingOf, extent, union } from "./axes.ts";
import { type ColorEncoding, colorEncoding } from "./colors.ts";
import { CROSS, type KeyEntry, keyLayers } from "./key.ts";
import { least } from "./least.ts";
import { requireFields, requireList } from "../errors.ts";
import { checkLook, configOf, type FigureLook } from "./look.ts";
import { GREY } from "./palette.ts";
import type { VegaLiteSpecification } from "./specification.ts";

/** A function drawn as a line. */
export interface Line {
  readonly name: string;
  readonly x: readonly number[];
  readonly y: readonly number[];
  /** A reference, dashed and grey, instead of one of the coloured curves. */
  readonly reference?: boolean;
}

/** Values drawn as bars behind the lines, from `left` to `right`. */
export interface Bar {
  /** Name of a line whose colour the bar takes; grey without. */
  readonly name?: string;
  readonly left: number;
  readonly right: number;
  readonly height: number;
}

/** A simulated value, drawn as a cross with an error bar in the colour of its line. */
export interface Cross {
  readonly name: string;
  readonly x: number;
  readonly y: number;
  readonly standardError: number;
}

/** Axes and simulated values of {@link linePlot}. */
export interface LinesOptions extends FigureLook {
  readonly xTitle: string;
  readonly yTitle: string;
  /** Title of the legend. */
  readonly legend?: string;
  /** Simulated values behind the lines. */
  readonly bars?: readonly Bar[];
  /** Simulated values on the lines. */
  readonly crosses?: readonly Cross[];
  /** Single abscissae marked on the axis, by the name of their line. */
  readonly marks?: readonly { readonly name: string; readonly x: number }[];
  /** What the marks are, in a legend below. */
  readonly key?: readonly KeyEntry[];
}

/**
 * Vega-Lite specification of functions in the papers' look. Values that are not finite leave gaps; references stand in the legend.
 *
 * @throws ParameterError for a size or a range that is none
 * @example
 * const x = [-1, 0, 1];
 * const lines = [{ name: "tanh", x, y: x.map(Math.tanh) }, { name: "target", x, y: x.map(Math.sin), reference: true }];
 * linePlot(lines, { xTitle: "t", yTitle: "E[f | t]" }).layer.length; // 1
 */
export function linePlot(
  lines: readonly Line[],
  options: LinesOptions,
): VegaLiteSpecification & { readonly layer: readonly object[] } {
  requireList("lines", lines, "a list of lines {name, x, y}");
  requireFields("options", options, ["xTitle", "yTitle"], "an object with xTitle and yTitle");
  const { xTitle, yTitle, legend, bars = [], crosses = [], marks = [], key = [] } = options;
  const look = checkLook(options);
  const { title, width, height, fontSize, logX, logY } = look;
  const curves = lines.filter(({ reference }) => reference !== true);
  const references = lines.filter(({ reference }) => reference === true);
  const names = [...curves, ...references].map(({ name }) => name);
  const across = extent(
    [...lines.flatMap((line) => line.x), ...sidesOf(bars), ...[...crosses, ...marks].map(({ x }) => x)],
    logX,
  );
  const heights = extent(
    [...lines.flatMap((line) => line.y), ...crosses.flatMap(endsOf), ...bars.map((bar) => bar.height)],
    logY,
  );
  const bottom = logY ? least(lines.flatMap((item) => item.y).filter((value) => value > 0)) : 0;
  const down = bars.length > 0 || marks.length > 0 ? union(heights, [bottom, bottom]) : heights;
  const encodings: Encodings = {
    x: encodingOf({ title: xTitle, logarithmic: logX, domain: across, range: look.xRange }),
    y: encodingOf({ title: yTitle, logarithmic: logY, domain: down, range: look.yRange }),
    color: colorEncoding("name", names, legend ?? null, Object.fromEntries(references.map(({ name }) => [name, GREY]))),
  };
  const dashes = names.map((_, i) => (i < curves.length ? [1, 0] : [6, 4]));
  const { legend: common } = encodings.color;
  const strokeDash = {
    field: "name",
    type: "nominal",
    sort: null,
    scale: { domain: names, range: dashes },
    legend: common,
  };
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    ...(title !== undefined && { title }),
    width,
    height,
    layer: [
      ...barLayers(bars, bottom, encodings),
      {
        data: { values: [...references, ...curves].flatMap(values) },
        mark: { type: "line", strokeWidth: 2, clip: true, invalid: "break-paths-filter-domains" },
        encoding: { ...placed(encodings), ...(references.length > 0 && { strokeDash }) },
      },
      ...crossLayers(crosses, encodings),
      ...(marks.length > 0
        ? [
            {
              data: { values: marks.map((mark) => ({ ...mark, y: bottom })) },
              mark: { type: "point", shape: "triangle-up", filled: true, size: 70, opacity: 1, yOffset: -4 },
              encoding: placed(encodings),
            },
          ]
        : []),
      ...keyLayers(key),
    ],
    config: configOf(fontSize),
  };
}

const sidesOf = (bars: readonly Bar[]) => bars.flatMap(({ left, right }) => [left, right]);
const endsOf = ({ y, standardError }: Cross) => [y - standardError, y + standardError];
const placed = ({ x, y, color }: Encodings) => ({ x: x("x"), y: y("y"), color });

interface Encodings {
  readonly x: (field: string) => object;
  readonly y: (field: string) => object;
  readonly color: ColorEncoding;
}
/** Bars of simulated values, grey or in the colour of a line. */
function barLayers(bars: readonly Bar[], bottom: number, { x, y, color }: Encodings): object[] {
  const layer = (chosen: readonly Bar[], mark: object, encoding: object) => {
    const values = chosen.map(({ left, height, ...bar }) => ({ ...bar, x: left, y: height, bottom }));
    const place = { x: x("x"), x2: { field: "right" }, y: y("y"), y2: { field: "bottom" } };
    return values.length > 0
      ? [{ data: { values }, mark: { type: "rect", ...mark }, encoding: { ...place, ...encoding } }]
      : [];
  };
  const [named, grey] = [bars.filter(({ name }) => name !== undefined), bars.filter(({ name }) => name === undefined)];
  return [...layer(grey, { color: "#cccccc" }, {}), ...layer(named, { opacity: 0.3 }, { color })];
}

function crossLayers(crosses: readonly Cross[], { x, y, color }: Encodings): object[] {
  if (crosses.length === 0) return [];
  const values = crosses.map(({ standardError, ...cross }) => {
    return { ...cross, low: cross.y - standardError, high: cross.y + standardError };
  });
  return [
    {
      data: { values },
      mark: { type: "rule", strokeWidth: 1.5, clip: true },
      encoding: { x: x("x"), y: y("low"), y2: { field: "high" }, color },
    },
    {
      data: { values },
      mark: { type: "point", shape: CROSS, size: 40, strokeWidth: 1.5, opacity: 1, clip: true },
      encoding: { x: x("x"), y: y("y"), color },
    },
  ];
}

function values({ name, x, y }: Line): { name: string; x: number; y: number | null }[] {
  return x.map((at, i) => ({ name, x: at, y: Number.isFinite(y[i]) ? y[i]! : null }));
}
