import { least } from "./least.ts";
import { CONFIG, GREY, PALETTE } from "./palette.ts";
import type { DataSpecification } from "./specification.ts";

/** A place on a curve: theory's value and the simulated one, each where there is one. */
export interface CurveDatum {
  readonly x: number;
  readonly y: number | null;
  readonly curve: string;
  readonly theory: string;
  readonly baseline: number | null;
  readonly simulated: number | null;
  readonly low: number | null;
  readonly high: number | null;
  /** Whether y is no point of the line. */
  readonly offLine?: boolean;
  /** Whether y stands alone, between two gaps of the line. */
  readonly lone?: boolean;
}

export interface AxesOptions {
  readonly xTitle: string;
  readonly yTitle: string;
  readonly logX?: boolean;
  readonly logY?: boolean;
  /** What tells the curves apart; none is drawn for a single curve. */
  readonly legendTitle: string;
  /** Name of the baseline, written where it is one line. */
  readonly baseline?: string | undefined;
  /** Colours of curves that are not to take the palette's next. */
  readonly colors?: Readonly<Record<string, string>>;
}

/** A name or fields of a datum on a scale that all layers share. */
export interface CurveEncodings {
  readonly x: object;
  readonly y: (field: string) => object;
  readonly color: object;
}

/** The scales of curves: positions with room for crosses, a colour for each curve. */
export function curveEncodings(data: readonly CurveDatum[], options: AxesOptions): CurveEncodings {
  const { xTitle, yTitle, logX = false, logY = false, legendTitle, colors = {} } = options;
  const curves = [...new Set(data.map(({ curve }) => curve))];
  const others = curves.filter((name) => !Object.hasOwn(colors, name));
  const colorOf = (name: string) => colors[name] ?? PALETTE[others.indexOf(name) % PALETTE.length]!;
  return {
    x: { field: "x", type: "quantitative", title: xTitle, scale: scale(logX) },
    y: (field) => ({
      field,
      type: "quantitative",
      title: yTitle,
      scale: { ...scale(logY), ...(logY ? {} : { zero: false }) },
    }),
    color: {
      field: "curve",
      type: "nominal",
      scale: { domain: curves, range: curves.map(colorOf) },
      legend: curves.length > 1 ? { title: legendTitle, symbolType: "stroke" } : null,
    },
  };
}

/** Layers of lines for theory and crosses with error bars for simulation, a colour for each curve, the baseline dashed. */
export function curveLayers(data: readonly CurveDatum[], options: AxesOptions): object[] {
  const { x, y, color } = curveEncodings(data, options);
  const theories = [...new Set(data.map(({ theory }) => theory))];
  const theory = {
    field: "theory",
    type: "nominal",
    scale: {
      domain: theories,
      range: [
        [1, 0],
        [2, 3],
        [7, 3],
      ],
    },
    legend: theories.length > 1 ? { title: "theory" } : null,
  } as const;
  const present = (field: keyof CurveDatum) => [{ filter: `datum.${field} !== null` }];
  return [
    ...(options.baseline === undefined ? [] : baselineLayers(data, x, y("baseline"), options.baseline)),
    {
      transform: [{ filter: "!datum.offLine" }],
      mark: { type: "line", strokeWidth: 2, invalid: "break-paths-filter-domains" },
      encoding: { x, y: y("y"), color, strokeDash: theory },
    },
    ...(data.some(({ lone }) => lone)
      ? [
          {
            transform: [{ filter: "datum.lone" }],
            mark: { type: "circle", size: 36, opacity: 1 },
            encoding: { x, y: y("y"), color },
          },
        ]
      : []),
    {
      transform: present("low"),
      mark: { type: "rule", strokeWidth: 1.5 },
      encoding: { x, y: y("low"), y2: { field: "high" }, color },
    },
    {
      transform: present("simulated"),
      mark: { type: "point", shape: "M-1,-1L1,1M-1,1L1,-1", size: 40, strokeWidth: 1.5, opacity: 1 },
      encoding: { x, y: y("simulated"), color },
    },
  ];
}

/** A whole figure of such layers, with its data. */
export function curveFigure(
  data: readonly CurveDatum[],
  options: AxesOptions & { readonly title?: string | undefined; readonly note?: string | undefined },
): DataSpecification {
  const { title, note } = options;
  const small = { anchor: "end", fontSize: 10, fontWeight: "normal", color: GREY };
  const heading =
    note === undefined ? title : title === undefined ? { text: note, ...small } : { text: title, subtitle: note };
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    ...(heading !== undefined && { title: heading }),
    width: 420,
    height: 300,
    data: { values: data },
    layer: curveLayers(data, options),
    config: CONFIG,
  };
}

/** Room around the data, so that crosses at the ends are whole. */
function scale(logarithmic: boolean) {
  const room = { nice: false, padding: 14 } as const;
  return logarithmic ? ({ type: "log", ...room } as const) : ({ type: "linear", zero: false, ...room } as const);
}

/** The baseline in grey: one line with its name where it is the same for every curve, otherwise one for each. */
function baselineLayers(data: readonly CurveDatum[], x: object, y: object, name: string): object[] {
  const line = { type: "line", strokeDash: [6, 4], strokeWidth: 1.5, color: GREY } as const;
  const values = new Set(data.flatMap(({ baseline }) => (baseline === null ? [] : [baseline])));
  if (values.size !== 1) return [{ mark: line, encoding: { x, y, detail: { field: "curve", type: "nominal" } } }];
  const places = data.map((item) => item.x);
  const [first, last] = [least(places), -least(places.map((place) => -place))];
  const room = (at: number) =>
    least(
      data.flatMap(({ x, y, baseline }) =>
        x === at && y !== null && baseline !== null ? [Math.abs(y - baseline)] : [],
      ),
    );
  const onLeft = room(first) > room(last);
  // A curve without baseline in between would break the line of the others.
  const gaps = data.some(({ baseline }) => baseline === null);
  const filter = gaps && { transform: [{ filter: "isValid(datum.baseline)" }] };
  const align = onLeft ? "left" : "right";
  const text = { type: "text", text: name, align, dy: -7, fontSize: 11, color: GREY } as const;
  return [
    { ...filter, mark: line, encoding: { x, y } },
    { data: { values: [{ x: onLeft ? first : last, baseline: [...values][0] }] }, mark: text, encoding: { x, y } },
  ];
}
