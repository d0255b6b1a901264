import { toCsv } from "../../../src/index.ts";
import { contourOf, type HeatMap, heatPaths } from "../tuning/mapScene.ts";
import { colorAt } from "../tuning/colors.ts";
import { rounded, scale, tickLabel } from "../ticks.ts";
import type { Tick } from "../chart.ts";
import type { Surface } from "./several.ts";

/** A function on a plane, laid out in pixels. */
export interface SurfacePicture {
  readonly title: string;
  readonly left: number;
  readonly right: number;
  readonly cells: readonly { readonly color: string; readonly path: string }[];
  readonly contours: readonly { readonly level: number; readonly path: string }[];
  readonly xTicks: readonly Tick[];
}

/** The learned function beside the target, in the same colours. */
export interface SurfaceScene {
  readonly width: number;
  readonly height: number;
  readonly top: number;
  readonly bottom: number;
  readonly pictures: readonly SurfacePicture[];
  readonly yTicks: readonly Tick[];
  readonly legend: { readonly colors: readonly string[]; readonly ticks: readonly Tick[]; readonly left: number };
}

const [LEFT, BETWEEN, LEGEND, TOP, BOTTOM] = [40, 14, 62, 24, 40];
const SHADES = 48;

export function layOutSurface({ t, learned, target }: Surface, width: number): SurfaceScene {
  const side = Math.max(80, (width - LEFT - BETWEEN - LEGEND) / 2);
  const [top, bottom] = [TOP, TOP + side];
  const ends = [t[0]!, t.at(-1)!] as const;
  const all = [...learned, ...target].flat();
  const domain = [Math.min(...all), Math.max(...all)] as const;
  const tone = scale(domain, [0, 1], false, 8);
  const y = scale(ends, [bottom, top], false, 5);
  const ticks = (of: ReturnType<typeof scale>): Tick[] =>
    of.ticks.map((value) => ({ at: rounded(of.at(value)), label: tickLabel(value, false) }));
  const pictureAt = (title: string, left: number, values: HeatMap["values"]): SurfacePicture => {
    const x = scale(ends, [left, left + side], false, side < 140 ? 3 : 5);
    const map = { x: t, y: t, values };
    return {
      ...{ title, left, right: left + side, xTicks: ticks(x) },
      cells: heatPaths(map, x, y, tone),
      contours: tone.ticks.map((level) => ({ level, path: contourOf(map, level, x, y) })),
    };
  };
  return {
    ...{ width, height: bottom + BOTTOM, top, bottom },
    pictures: [pictureAt("learned", LEFT, learned), pictureAt("target", LEFT + side + BETWEEN, target)],
    yTicks: ticks(y),
    legend: {
      colors: Array.from({ length: SHADES }, (_, i) => colorAt((i + 0.5) / SHADES)),
      ticks: ticks(scale(domain, [bottom, top], false, 5)),
      left: LEFT + 2 * side + BETWEEN + 12,
    },
  };
}

/** Both functions, point by point. */
export function surfaceCsv({ t, learned, target }: Surface): string {
  return toCsv(
    t.flatMap((y, j) =>
      t.map((x, i) => ({ t1: x, t2: y, status: "converged", learned: learned[j]![i]!, target: target[j]![i]! })),
    ),
  );
}
