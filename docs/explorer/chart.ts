import { type Mark, type PlacedMark, placedMarks } from "./marks.ts";
import { niceDomain, rounded, scale, type Scale, tickLabel } from "./ticks.ts";

/** What a line stands for; the colour follows from it. Where lines stand for nothing in particular they are numbered. */
export type Role = "network" | "srf" | "reference" | NumberedRole;
type NumberedRole = `line${0 | 1 | 2 | 3 | 4 | 5}`;

/** The colour of line number i. */
export function numberedRole(i: number): NumberedRole {
  return `line${i % 6}` as NumberedRole;
}

export interface Point {
  readonly x: number;
  /** NaN is a gap. */
  readonly y: number;
  /** Half the error bar. */
  readonly error?: number;
}

/** Crosses or rings with error bars. */
export type PointStyle = "points" | "rings";

export function isPoints(style: Series["style"]): style is PointStyle {
  return style === "points" || style === "rings";
}

export interface Series {
  readonly label: string;
  readonly role: Role;
  readonly style: "solid" | "dashed" | "dotted" | PointStyle;
  readonly points: readonly Point[];
}

export interface ChartDescription {
  readonly title: string;
  readonly x: { readonly title: string; readonly domain: readonly [number, number]; readonly logarithmic: boolean };
  readonly y: { readonly title: string; readonly logarithmic: boolean; readonly domain?: readonly [number, number] };
  readonly series: readonly Series[];
  /** Abscissa to mark: where the other pictures are. */
  readonly marker?: { readonly x: number; readonly label: string };
  readonly marks?: readonly Mark[];
}

/** A frame with two axes laid out in pixels. */
export interface FramedScene {
  readonly width: number;
  readonly height: number;
  readonly frame: { readonly left: number; readonly right: number; readonly top: number; readonly bottom: number };
  readonly x: Scale;
  readonly y: Scale;
  readonly xTicks: readonly Tick[];
  readonly yTicks: readonly Tick[];
}

/** A chart laid out in pixels: what is drawn on the page and written to a file. */
export interface Scene extends FramedScene {
  readonly description: ChartDescription;
  readonly shapes: readonly Shape[];
  readonly marker?: { readonly x: number; readonly label: string };
  readonly marks: readonly PlacedMark[];
}

export interface Tick {
  readonly at: number;
  readonly label: string;
}

export interface Shape {
  readonly series: Series;
  /** Path of the line, or of crosses and error bars. */
  readonly path: string;
}

export function layOut(description: ChartDescription, width: number, height: number): Scene {
  const { x, y, series } = description;
  const frame = { left: 58, right: width - 14, top: 12, bottom: height - 44 };
  const yDomain = y.domain ?? niceDomain(valuesToFit(series, x.domain), y.logarithmic);
  const xScale = scale(x.domain, [frame.left, frame.right], x.logarithmic, width < 420 ? 5 : 8);
  const yScale = scale(yDomain, [frame.bottom, frame.top], y.logarithmic, height < 260 ? 4 : 6);
  const ticks = (axis: Scale) =>
    axis.ticks.map((value) => ({ at: axis.at(value), label: tickLabel(value, axis.logarithmic) }));
  const { marker, marks = [] } = description;
  return {
    description,
    width,
    height,
    frame,
    x: xScale,
    y: yScale,
    xTicks: ticks(xScale),
    yTicks: ticks(yScale),
    shapes: series.map((item) => ({ series: item, path: pathOf(item, xScale, yScale) })),
    ...(marker && Number.isFinite(xScale.at(marker.x)) && { marker: { x: xScale.at(marker.x), label: marker.label } }),
    marks: placedMarks(marks, frame, xScale, yScale),
  };
}

function valuesToFit(series: readonly Series[], [min, max]: readonly [number, number]): number[] {
  return series
    .flatMap(({ points }) => points.filter(({ x }) => x >= min && x <= max))
    .flatMap(({ y, error }) => (error !== undefined && Number.isFinite(error) ? [y - error, y + error] : [y]));
}

const ARM = 3.5;
const BELOW = 20;
/** Of a point at the pen. */
export const POINT_SHAPES: Readonly<Record<PointStyle, string>> = {
  points: `m${-ARM},${-ARM}l${2 * ARM},${2 * ARM}m0,${-2 * ARM}l${-2 * ARM},${2 * ARM}`,
  rings: `m${-ARM},0a${ARM},${ARM} 0 1,0 ${2 * ARM},0a${ARM},${ARM} 0 1,0 ${-2 * ARM},0`,
};

function pathOf({ style, points }: Series, x: Scale, y: Scale): string {
  // On a logarithmic axis zero lies somewhere below the picture.
  const height = (value: number) => (y.logarithmic && value === 0 ? y.at(y.domain[0]) + BELOW : y.at(value));
  const placed = points.map((point) => ({ x: x.at(point.x), y: height(point.y), point }));
  if (!isPoints(style)) return smoothPath(placed);
  return placed
    .filter((item) => Number.isFinite(item.y))
    .map(({ x: px, y: py, point }) => {
      const { error } = point;
      const bar =
        error !== undefined && Number.isFinite(y.at(point.y - error))
          ? `M${rounded(px)},${rounded(y.at(point.y - error))}V${rounded(y.at(point.y + error))}`
          : "";
      return `${bar}M${rounded(px)},${rounded(py)}${POINT_SHAPES[style]}`;
    })
    .join("");
}

/** Radius of a point that stands alone. */
const DOT = 2;

interface Placed {
  readonly x: number;
  readonly y: number;
}

/**
 * Monotone cubic between the points (Fritsch–Carlson): no overshoot where there are few; gaps stay gaps. A line that turns back
 * has its points close together: straight.
 */
function smoothPath(points: readonly Placed[]): string {
  const runs: Placed[][] = [[]];
  for (const point of points) {
    if (Number.isFinite(point.x) && Number.isFinite(point.y)) runs.at(-1)!.push(point);
    else if (runs.at(-1)!.length > 0) runs.push([]);
  }
  return runs.map(smoothRun).join("");
}

function smoothRun(run: readonly Placed[]): string {
  const [start] = run;
  if (!start) return "";
  let path = `M${rounded(start.x)},${rounded(start.y)}`;
  if (run.length === 1) return `${path}m${-DOT},0a${DOT},${DOT} 0 1,0 ${2 * DOT},0a${DOT},${DOT} 0 1,0 ${-2 * DOT},0`;
  if (run.some(({ x }, i) => i > 0 && !(x > run[i - 1]!.x))) {
    return (
      path +
      run
        .slice(1)
        .map(({ x, y }) => `L${rounded(x)},${rounded(y)}`)
        .join("")
    );
  }
  const slopes = tangents(run);
  for (let i = 0; i + 1 < run.length; i++) {
    const [a, b] = [run[i]!, run[i + 1]!];
    const third = (b.x - a.x) / 3;
    path += `C${rounded(a.x + third)},${rounded(a.y + third * slopes[i]!)} ${rounded(b.x - third)},${rounded(b.y - third * slopes[i + 1]!)} ${rounded(b.x)},${rounded(b.y)}`;
  }
  return path;
}

function tangents(run: readonly Placed[]): number[] {
  const secants = run.slice(1).map((point, i) => (point.y - run[i]!.y) / (point.x - run[i]!.x));
  return run.map((_, i) => {
    const [left, right] = [secants[i - 1], secants[i]];
    if (left === undefined || right === undefined) return left ?? right ?? 0;
    if (left * right <= 0) return 0;
    const [h0, h1] = [run[i]!.x - run[i - 1]!.x, run[i + 1]!.x - run[i]!.x];
    return (3 * (h0 + h1)) / ((2 * h1 + h0) / left + (h1 + 2 * h0) / right);
  });
}

/** The point of a series nearest to an abscissa, if it has one there. */
export function nearest({ points }: Series, x: number): Point | undefined {
  let best: Point | undefined;
  for (const point of points) {
    if (Number.isFinite(point.y) && (!best || Math.abs(point.x - x) < Math.abs(best.x - x))) best = point;
  }
  return best;
}
