import { least } from "./least.ts";
import { CONFIG, GREY, PALETTE } from "./palette.ts";
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
export interface LinesOptions {
  readonly xTitle: string;
  readonly yTitle: string;
  /** Title of the legend. */
  readonly legend?: string;
  readonly title?: string;
  readonly logX?: boolean;
  readonly logY?: boolean;
  /** Simulated values behind the lines. */
  readonly bars?: readonly Bar[];
  /** Simulated values on the lines. */
  readonly crosses?: readonly Cross[];
  /** Single abscissae marked on the axis, by the name of their line. */
  readonly marks?: readonly { readonly name: string; readonly x: number }[];
}

/**
 * Vega-Lite specification of functions in the papers' look. Values that are not finite leave gaps.
 *
 * @example
 * const x = [-1, 0, 1];
 * const lines = [{ name: "tanh", x, y: x.map(Math.tanh) }, { name: "target", x, y: x.map(Math.sin), reference: true }];
 * linePlot(lines, { xTitle: "t", yTitle: "E[f | t]" }).layer.length; // 3
 */
export function linePlot(lines: readonly Line[], options: LinesOptions): VegaLiteSpecification {
  const { xTitle, yTitle, legend, title, logX = false, logY = false, bars = [], crosses = [], marks = [] } = options;
  const curves = lines.filter(({ reference }) => reference !== true);
  const references = lines.filter(({ reference }) => reference === true);
  const names = curves.map(({ name }) => name);
  const position = (field: string, name: string, logarithmic: boolean) => {
    const type = logarithmic ? { type: "log" } : { type: "linear", zero: false };
    return { field, type: "quantitative", title: name, scale: { ...type, nice: false, padding: 8 } };
  };
  const [x, y] = [position("x", xTitle, logX), position("y", yTitle, logY)];
  const color = {
    field: "name",
    type: "nominal",
    scale: { domain: names, range: names.map((_, i) => PALETTE[i % PALETTE.length]!) },
    // Without a limit of Vega's, which cuts names.
    legend: names.length > 1 || legend !== undefined ? { title: legend ?? null, labelLimit: 0 } : null,
  };
  const line = { type: "line", strokeWidth: 2, invalid: "break-paths-filter-domains" };
  const bottom = logY ? least(lines.flatMap((item) => item.y).filter((value) => value > 0)) : 0;
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    ...(title !== undefined && { title }),
    width: 420,
    height: 300,
    layer: [
      ...barLayers(bars, bottom, { x, y, color }),
      ...references.flatMap((reference) => [
        {
          data: { values: values(reference) },
          mark: { ...line, strokeDash: [6, 4], strokeWidth: 1.5, color: GREY },
          encoding: { x, y },
        },
        {
          data: { values: values(reference).slice(-1) },
          mark: { type: "text", text: reference.name, align: "right", dy: -7, fontSize: 11, color: GREY },
          encoding: { x, y },
        },
      ]),
      { data: { values: curves.flatMap(values) }, mark: line, encoding: { x, y, color } },
      ...crossLayers(crosses, { x, y, color }),
      ...(marks.length > 0
        ? [
            {
              data: { values: marks.map((mark) => ({ ...mark, y: bottom })) },
              mark: { type: "point", shape: "triangle-up", filled: true, size: 70, opacity: 1, yOffset: -4 },
              encoding: { x, y, color },
            },
          ]
        : []),
    ],
    config: CONFIG,
  };
}

interface Encodings {
  readonly x: object;
  readonly y: object;
  readonly color: object;
}

/** Bars of simulated values, grey or in the colour of a line. */
function barLayers(bars: readonly Bar[], bottom: number, { x, y, color }: Encodings): object[] {
  const layer = (chosen: readonly Bar[], mark: object, encoding: object) => {
    const values = chosen.map(({ left, height, ...bar }) => ({ ...bar, x: left, y: height, bottom }));
    const place = { x, x2: { field: "right" }, y, y2: { field: "bottom" } };
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
  const along = (field: string) => ({ ...y, field });
  return [
    {
      data: { values },
      mark: { type: "rule", strokeWidth: 1.5 },
      encoding: { x, y: along("low"), y2: { field: "high" }, color },
    },
    {
      data: { values },
      mark: { type: "point", shape: "M-1,-1L1,1M-1,1L1,-1", size: 40, strokeWidth: 1.5, opacity: 1 },
      encoding: { x, y, color },
    },
  ];
}

function values({ name, x, y }: Line): { name: string; x: number; y: number | null }[] {
  return x.map((at, i) => ({ name, x: at, y: Number.isFinite(y[i]) ? y[i]! : null }));
}
