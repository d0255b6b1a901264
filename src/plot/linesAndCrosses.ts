import { encodingOf, extent, type Range, union } from "./axes.ts";
import { type Baseline, baselineLayers, domainWith } from "./baselines.ts";
import { colorEncoding } from "./colors.ts";
import { infinityLayers, ROOM_FOR_INFINITY } from "./infinity.ts";
import { CROSS, type KeyEntry, keyLayers } from "./key.ts";
import { type CheckedLook, configOf } from "./look.ts";
import { GREY } from "./palette.ts";
import type { DataSpecification } from "./specification.ts";

/** A place on a curve: theory's value and the simulated one, each where there is one. */
export interface CurveDatum {
  /** Infinity stands on the right edge. */
  readonly x: number;
  readonly y: number | null;
  readonly curve: string;
  readonly theory: string;
  readonly simulated: number | null;
  readonly low: number | null;
  readonly high: number | null;
  /** Whether y is no point of the line. */
  readonly offLine?: boolean;
  /** Whether y stands alone, between two gaps of the line. */
  readonly lone?: boolean;
}

/** What a figure of curves is besides its data. */
export interface AxesOptions {
  readonly look: CheckedLook;
  readonly xTitle: string;
  readonly yTitle: string;
  /** What tells the curves apart; none is drawn for a single curve. */
  readonly legendTitle: string;
  readonly baselines?: readonly Baseline[];
  /** Colours of curves that are not to take the palette's next. */
  readonly colors?: Readonly<Record<string, string>>;
  /** What the marks are. */
  readonly key?: readonly KeyEntry[];
}

/** A name or fields of a datum on a scale that all layers share. */
export interface CurveEncodings {
  readonly x: (field: string) => object;
  readonly y: (field: string) => object;
  readonly color: object;
  /** Ends of the vertical axis. */
  readonly domain: Range;
}

/** The scales of curves: positions with room for crosses, a colour for each curve. */
export function curveEncodings(data: readonly CurveDatum[], options: AxesOptions): CurveEncodings {
  const { xTitle, yTitle, legendTitle, colors, look, baselines = [] } = options;
  const { logX, logY, width } = look;
  const curves = [...new Set(data.map(({ curve }) => curve))];
  const heights = data.flatMap(({ y, simulated, low, high }) => [y, simulated, low, high]);
  const domain = domainWith(extent(heights, logY), baselines, logY);
  const across = union(
    extent(
      data.map(({ x }) => x),
      logX,
    ),
    extent(
      baselines.flatMap(({ places }) => places.map(({ x }) => x)),
      logX,
    ),
  );
  const pixels = data.some(({ x }) => x === Infinity) && { pixels: [0, width - ROOM_FOR_INFINITY] as const };
  return {
    x: encodingOf({ title: xTitle, logarithmic: logX, domain: across, range: look.xRange, ...pixels }),
    y: encodingOf({ title: yTitle, logarithmic: logY, domain, range: look.yRange }),
    color: colorEncoding("curve", curves, curves.length > 1 ? legendTitle : null, colors),
    domain: look.yRange ?? domain ?? [1, 2],
  };
}

/** Layers of lines for theory and crosses with error bars for simulation, a colour for each curve, the baselines dashed. */
export function curveLayers(data: readonly CurveDatum[], options: AxesOptions): object[] {
  const encodings = curveEncodings(data, options);
  const { x, y, color } = encodings;
  const theories = [...new Set(data.map(({ theory }) => theory))];
  const theory = {
    field: "theory",
    type: "nominal",
    scale: { domain: theories, range: [[1, 0], [2, 3], [7, 3]] }, // prettier-ignore
    legend: theories.length > 1 ? { title: "theory" } : null,
  } as const;
  return [
    ...baselineLayers(options.baselines ?? [], frameOf(data, options, encodings)),
    {
      transform: [{ filter: "!datum.offLine" }],
      mark: { type: "line", strokeWidth: 2, clip: true, invalid: "break-paths-filter-domains" },
      encoding: { x: x("x"), y: y("y"), color, strokeDash: theory },
    },
    ...(data.some(({ lone }) => lone === true)
      ? [
          {
            transform: [{ filter: "datum.lone" }],
            mark: { type: "circle", size: 36, opacity: 1, clip: true },
            encoding: { x: x("x"), y: y("y"), color },
          },
        ]
      : []),
    ...besideOf(data).flatMap((crosses) => crossLayers(crosses, encodings)),
    ...infinityLayers(data, { y, color, look: options.look }),
    ...keyLayers(options.key ?? []),
  ];
}

function frameOf(data: readonly CurveDatum[], { look }: AxesOptions, { x, y, color, domain }: CurveEncodings) {
  const ends = look.xRange ?? extent(data.map((datum) => datum.x), look.logX) ?? [1, 2]; // prettier-ignore
  const scale = look.logX ? Math.log : (value: number) => value;
  const perPixel = (scale(ends[1]) - scale(ends[0])) / look.width;
  const near = (end: number, pixels: number) =>
    data.flatMap(({ x, y }) => (y !== null && Math.abs(scale(x) - scale(end)) <= pixels * perPixel ? [y] : []));
  return { x, y, color, domain, ends, near, height: look.height, fontSize: look.fontSize };
}

/** Pixels between the crosses of neighbouring curves at one place. */
const BESIDE = 4;

/** Crosses that are drawn with one shift; of all curves, or of one. */
interface Crosses {
  readonly curve?: string;
  readonly shift: number;
}

/** Where bars would cover each other, each curve's crosses have a place of their own. */
function besideOf(data: readonly CurveDatum[]): Crosses[] {
  const simulated = data.filter(({ simulated, x }) => simulated !== null && x !== Infinity);
  if (simulated.length === 0) return [];
  const columns = new Map<number, CurveDatum[]>();
  for (const datum of simulated) columns.set(datum.x, [...(columns.get(datum.x) ?? []), datum]);
  const meet = (a: CurveDatum, b: CurveDatum) =>
    a.low !== null && b.low !== null && a.low <= b.high! && b.low <= a.high!;
  const covered = [...columns.values()].some((column) =>
    column.some((a, i) => column.slice(0, i).some((b) => meet(a, b))),
  );
  if (!covered) return [{ shift: 0 }];
  const curves = [...new Set(simulated.map(({ curve }) => curve))];
  return curves.map((curve, place) => ({ curve, shift: (place - (curves.length - 1) / 2) * BESIDE }));
}

function crossLayers({ curve, shift }: Crosses, { x, y, color }: CurveEncodings): object[] {
  const own = curve === undefined ? "" : ` && datum.curve === ${JSON.stringify(curve)}`;
  const of = (field: keyof CurveDatum) => [{ filter: `isValid(datum.${field})${own}` }];
  const offset = shift === 0 ? {} : { xOffset: shift };
  return [
    {
      transform: of("low"),
      mark: { type: "rule", strokeWidth: 1.5, clip: true, ...offset },
      encoding: { x: x("x"), y: y("low"), y2: { field: "high" }, color },
    },
    {
      transform: of("simulated"),
      mark: { type: "point", shape: CROSS, size: 40, strokeWidth: 1.5, opacity: 1, clip: true, ...offset },
      encoding: { x: x("x"), y: y("simulated"), color },
    },
  ];
}

/** What is positive of a value and its error bar; a bar that crosses zero ends at the lowest place that is shown. */
export function onLogarithmicAxis(data: readonly CurveDatum[]): CurveDatum[] {
  const positive = (value: number | null): value is number => value !== null && value > 0;
  const floor = data.reduce((least, { y, simulated }) => Math.min(least, ...[y, simulated].filter(positive)), Infinity);
  return data.map((place) => {
    const { y, simulated, low, high } = place;
    const shown = positive(simulated);
    return {
      ...place,
      y: positive(y) ? y : null,
      simulated: shown ? simulated : null,
      low: shown && low !== null ? (positive(low) ? low : floor) : null,
      high: shown ? high : null,
    };
  });
}

/** A whole figure of such layers, with its data. */
export function curveFigure(
  data: readonly CurveDatum[],
  options: AxesOptions & { readonly notes?: readonly string[] },
): DataSpecification {
  const { look, notes = [] } = options;
  const { title, width, height, fontSize } = look;
  const small = { anchor: "end", fontSize: fontSize - 2, fontWeight: "normal", color: GREY };
  const heading =
    notes.length === 0 ? title : title === undefined ? { text: notes, ...small } : { text: title, subtitle: notes };
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    ...(heading !== undefined && { title: heading }),
    width,
    height,
    data: { values: data.filter(({ x }) => x !== Infinity) },
    layer: curveLayers(data, options),
    config: configOf(fontSize),
  };
}
