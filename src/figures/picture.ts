import type { Baseline } from "../plot/baselines.ts";
import { heatMap } from "../plot/heatMap.ts";
import {
  type AxesOptions,
  type CurveDatum,
  curveEncodings,
  curveLayers,
  onLogarithmicAxis,
} from "../plot/linesAndCrosses.ts";
import { checkLook } from "../plot/look.ts";
import { CONFIG, GREY } from "../plot/palette.ts";
import type { Figure, Panel, PanelMap } from "./figure.ts";
import { type FigureRow, PUBLISHED } from "./rows.ts";
import type { VegaLiteSpecification } from "../plot/specification.ts";

const WIDTH = 340;
const HEIGHT = 260;

/** Vega-Lite specification of a figure: its panels in rows and columns, the data in the specification. */
export function figurePicture(
  figure: Figure,
  panels: readonly Panel[],
  rows: readonly FigureRow[],
): VegaLiteSpecification {
  const largest = Math.max(...panels.filter(({ map }) => map).flatMap((panel) => sizes(panel, rows)));
  const drawn = panels.map((panel) => {
    const own = rows.filter((row) => row.panel === panel.name);
    return panel.map ? mapPicture(panel, panel.map, own, largest) : panelPicture(panel, own);
  });
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    title: { text: `${figure.source}: ${figure.title}`, anchor: "start", offset: 12 },
    concat: drawn,
    columns: figure.columns ?? panels.length,
    resolve: { scale: { color: "independent", strokeDash: "independent" } },
    spacing: 28,
    config: CONFIG,
  };
}

function sizes({ name }: Panel, rows: readonly FigureRow[]): number[] {
  return rows.flatMap(({ panel, y }) => (panel === name && y !== null ? [Math.abs(y)] : []));
}

function mapPicture(
  { title, x, y, curves }: Panel,
  { heights, quantity }: PanelMap,
  rows: readonly FigureRow[],
  largest: number,
): object {
  const rowsOf = curves.map(({ label }) => rows.filter(({ curve }) => curve === label));
  const axis = ({ title: name, log = false }: Panel["x"], values: readonly number[]) => ({
    title: name,
    values,
    logarithmic: log,
  });
  const places = rowsOf[0]!.map((row) => row.x);
  const { layer } = heatMap({
    x: axis(x, places),
    y: axis(y, heights),
    values: rowsOf.map((row) => row.map(({ y: value }) => value ?? undefined)),
    quantity,
    signed: true,
    largest,
  });
  return { title, width: WIDTH, height: HEIGHT, layer };
}

function panelPicture(panel: Panel, rows: readonly FigureRow[]): object {
  // What bars show needs no crosses.
  const isCross = (row: FigureRow) => panel.barWidth === undefined || row.simulation === undefined;
  const theory = rows.filter((row) => row.theory !== PUBLISHED && isCross(row));
  const first = new Map(panel.curves.map(({ label, lines }) => [label, lines[0]?.theory]));
  const places = theory.map((row) => datum(row, first.get(row.curve) === row.theory));
  const data = panel.y.log === true ? onLogarithmicAxis(places) : places;
  const options: AxesOptions = {
    xTitle: panel.x.title,
    yTitle: panel.y.title,
    look: checkLook({
      width: WIDTH,
      height: HEIGHT,
      logX: panel.x.log ?? false,
      logY: panel.y.log ?? false,
      ...rangeOf(panel),
    }),
    legendTitle: panel.legendTitle,
    baselines: baselinesOf(panel, theory),
    colors: Object.fromEntries(
      panel.curves.flatMap(({ label, color }) => (color === undefined ? [] : [[label, color]])),
    ),
  };
  const { x, y, color } = curveEncodings(data, options);
  const published = rows.filter((row) => row.theory === PUBLISHED).map(({ x, y, curve }) => ({ x, y, curve }));
  const circles = {
    data: { values: published },
    mark: { type: "point", shape: "circle", size: 50, strokeWidth: 1.2, opacity: 1 },
    encoding: { x: x("x"), y: y("y"), color },
  };
  return {
    title: panel.title,
    width: WIDTH,
    height: HEIGHT,
    data: { values: data },
    layer: [
      ...(panel.barWidth === undefined ? [] : [bars(rows, panel, x, y, color)]),
      ...curveLayers(data, options),
      ...(published.length > 0 ? [circles] : []),
      ...(panel.marks ?? []).flatMap((mark) => marked(mark, x("x"))),
    ],
  };
}

/** Ends of the vertical axis, where those of the data would not do. */
const rangeOf = ({ y: { range } }: Panel) => ({ ...(range && { yRange: range }) });

/** The panel's baseline, where it has one. */
function baselinesOf({ baseline: name = "" }: Panel, rows: readonly FigureRow[]): Baseline[] {
  const places = rows.flatMap(({ x, baseline: y, curve }) => (y === null ? [] : [{ x, y, curve }]));
  return places.length > 0 ? [{ name, dash: [6, 4], places }] : [];
}

/** A row for the picture; simulation once, beside the first theory. */
function datum({ x, y, curve, theory, averaged, simulation }: FigureRow, first: boolean): CurveDatum {
  const shown = first ? simulation : undefined;
  const error = shown && Number.isFinite(shown.standardError) ? shown.standardError : undefined;
  return {
    x,
    y,
    curve,
    theory,
    ...(averaged && { offLine: true }),
    simulated: shown?.mean ?? null,
    low: shown && error !== undefined ? shown.mean - error : null,
    high: shown && error !== undefined ? shown.mean + error : null,
  };
}

function bars(rows: readonly FigureRow[], { barWidth = 0, x: axis }: Panel, x: CurveY, y: CurveY, color: object) {
  const root = Math.sqrt(barWidth);
  const ends = (x: number) => (axis.log ? [x / root, x * root] : [x - barWidth / 2, x + barWidth / 2]);
  const values = rows.flatMap(({ x, curve, simulation }) => {
    const [start, end] = ends(x);
    return simulation ? [{ x: start, end, y: simulation.mean, curve }] : [];
  });
  return {
    data: { values },
    mark: { type: "bar", opacity: 0.3 },
    encoding: { x: x("x"), x2: { field: "end" }, y: y("y"), y2: { datum: 0 }, color },
  };
}

type CurveY = (field: string) => object;

/** An arrow head at the top with its name beside it, where no curve that peaks there crosses it. */
function marked({ x: at, text }: { x: number; text: string }, x: object): object[] {
  const data = { values: [{ x: at, text }] };
  return [
    {
      data,
      mark: { type: "point", shape: "triangle-down", filled: true, size: 70, color: GREY, opacity: 1 },
      encoding: { x, y: { value: 8 } },
    },
    {
      data,
      mark: { type: "text", align: "left", dx: 7, fontSize: 11, color: GREY },
      encoding: { x, y: { value: 8 }, text: { field: "text" } },
    },
  ];
}
