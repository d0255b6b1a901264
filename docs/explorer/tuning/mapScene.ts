import { sweptValue } from "../../../src/curve/sweep.ts";
import { isLogarithmic, numberField } from "../fields.ts";
import { niceDomain, rounded, scale, type Scale, tickLabel } from "../ticks.ts";
import { zeroLines } from "../../../src/tuning/contours.ts";
import type { FramedScene, Tick } from "../chart.ts";
import { colorAt } from "./colors.ts";
import type { PlaneMap } from "./planeMap.ts";

/** A map laid out in pixels. */
export interface MapScene extends FramedScene {
  readonly xTitle: string;
  readonly yTitle: string;
  /** All cells of a colour in one path. */
  readonly cells: readonly { readonly color: string; readonly path: string }[];
  readonly contours: readonly { readonly level: number; readonly path: string }[];
  /** The colours from the lowest value to the highest, and ticks along them. */
  readonly legend: { readonly colors: readonly string[]; readonly ticks: readonly Tick[]; readonly left: number };
  /** Where the model is. */
  readonly marker: { readonly x: number; readonly y: number } | undefined;
  /** The highest value that has a colour of its own, if there are higher ones. */
  readonly beyond: string;
}

const SHADES = 48;
const LEGEND = 74;

export function layOutMap(map: PlaneMap, width: number, height: number, logarithmic: boolean): MapScene {
  const { request } = map;
  const frame = { left: 62, right: width - LEGEND - 12, top: 12, bottom: height - 44 };
  const axis = (name: typeof request.x, values: readonly number[], range: readonly [number, number], count: number) =>
    scale([values[0]!, values.at(-1)!], range, isLogarithmic(name), count);
  const x = axis(request.x, map.x, [frame.left, frame.right], width < 420 ? 4 : 7);
  const y = axis(request.y, map.y, [frame.bottom, frame.top], 6);
  const known = map.values.flat().filter((value): value is number => value !== undefined && Number.isFinite(value));
  const domain = niceDomain(withoutPeak(known), logarithmic);
  const tone = scale(domain, [0, 1], logarithmic, 6);
  const side = scale(domain, [frame.bottom, frame.top], logarithmic, 6);
  const ticks = (of: Scale): Tick[] =>
    of.ticks.map((value) => ({ at: rounded(of.at(value)), label: tickLabel(value, of.logarithmic) }));
  const { model } = request;
  const beyond = known.some((value) => value > domain[1]) ? tickLabel(domain[1], logarithmic) : "";
  const at = { x: x.at(Number(sweptValue(model, request.x))), y: y.at(Number(sweptValue(model, request.y))) };
  const inside = at.x >= frame.left && at.x <= frame.right && at.y >= frame.top && at.y <= frame.bottom;
  return {
    ...{ width, height, frame, x, y },
    xTicks: ticks(x),
    yTicks: ticks(y),
    xTitle: numberField(request.x).axisTitle,
    yTitle: numberField(request.y).axisTitle,
    cells: heatPaths(map, x, y, tone),
    contours: tone.ticks.map((level) => ({ level, path: contourOf(map, level, x, y) })),
    legend: {
      colors: Array.from({ length: SHADES }, (_, i) => colorAt((i + 0.5) / SHADES)),
      ticks: ticks(side),
      left: frame.right + 16,
    },
    marker: inside ? at : undefined,
    beyond,
  };
}

/** A peak that is much higher than nearly all of the map would leave no colours for the rest. */
function withoutPeak(values: readonly number[]): readonly number[] {
  const sorted = [...values].sort((a, b) => a - b);
  const usual = sorted[Math.floor(0.95 * (sorted.length - 1))];
  return usual !== undefined && sorted.at(-1)! > 2 * usual ? sorted.filter((value) => value <= usual) : sorted;
}

/** Edges of cells: half-way between neighbours. */
function edges(values: readonly number[], axis: Scale): number[] {
  const pixels = values.map(axis.at);
  const between = pixels.slice(1).map((pixel, i) => (pixel + pixels[i]!) / 2);
  return [pixels[0]!, ...between, pixels.at(-1)!];
}

/** Values on a grid, values[j][i] at (x_i, y_j). */
export type HeatMap = Pick<PlaneMap, "x" | "y" | "values">;

/** Cells in their colours, all of a colour in one path. */
export function heatPaths(
  { x: xs, y: ys, values }: HeatMap,
  x: Scale,
  y: Scale,
  tone: Scale,
): { readonly color: string; readonly path: string }[] {
  const [columns, rows] = [edges(xs, x), edges(ys, y)];
  const paths = new Map<number, string[]>();
  values.forEach((row, j) =>
    row.forEach((value, i) => {
      if (value === undefined || !Number.isFinite(tone.at(value))) return;
      const shade = Math.min(SHADES - 1, Math.max(0, Math.floor(tone.at(value) * SHADES)));
      const [left, right, top, bottom] = [columns[i]!, columns[i + 1]!, rows[j + 1]!, rows[j]!];
      const cell = `M${rounded(left)},${rounded(top)}H${rounded(right)}V${rounded(bottom)}H${rounded(left)}z`;
      if (!paths.has(shade)) paths.set(shade, []);
      paths.get(shade)!.push(cell);
    }),
  );
  return [...paths].map(([shade, list]) => ({ color: colorAt((shade + 0.5) / SHADES), path: list.join("") }));
}

/** The contour line at a level, between the points of the grid as if the map were linear there. */
export function contourOf({ x: xs, y: ys, values }: HeatMap, level: number, x: Scale, y: Scale): string {
  const grid = {
    x: xs.map(x.at),
    y: ys.map(y.at),
    values: values.map((row) => row.map((value) => (value === undefined ? undefined : value - level))),
  };
  const [columns, rows] = [new Map(grid.x.map((at, i) => [at, i])), new Map(grid.y.map((at, j) => [at, j]))];
  const valueAt = ([px, py]: readonly [number, number]): number =>
    grid.values[rows.get(py) ?? -1]?.[columns.get(px) ?? -1] ?? NaN;
  const lines = zeroLines(grid, (from, to) => {
    const [a, b] = [valueAt(from), valueAt(to)];
    const s = a / (a - b);
    return s >= 0 && s <= 1 ? [from[0] + s * (to[0] - from[0]), from[1] + s * (to[1] - from[1])] : undefined;
  });
  return lines
    .map((line) => line.map(([px, py], i) => `${i === 0 ? "M" : "L"}${rounded(px)},${rounded(py)}`).join(""))
    .join("");
}
