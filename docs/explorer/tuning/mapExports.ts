import { toCsv } from "../../../src/index.ts";
import { sweptValue } from "../../../src/curve/sweep.ts";
import { POINT_PARAMETERS } from "../../../src/parameters/table.ts";
import { axesOf } from "../fields.ts";
import type { ExplorerModel } from "../state.ts";
import type { MapScene } from "./mapScene.ts";
import type { PlaneMap } from "./planeMap.ts";

/** Every point of a map. */
export function mapCsv({ request, x, y, values }: PlaneMap): string {
  const { model } = request;
  return toCsv(
    y.flatMap((b, j) =>
      x.map((a, i) => {
        const value = values[j]![i];
        return {
          ...numbersOf(model),
          ...{ [request.x]: a, [request.y]: b },
          status: value === undefined ? "refused" : "converged",
          [request.quantity]: value,
        };
      }),
    ),
  );
}

/** The numbers of a model by the names of the library, those of its steps by their own. */
function numbersOf(model: ExplorerModel): Record<string, number> {
  const { steps } = model as { readonly steps?: readonly object[] };
  const names = new Set([...POINT_PARAMETERS, ...axesOf(steps ? steps.length - 1 : 0)]);
  return Object.fromEntries([...names].map((name) => [name, Number(sweptValue(model, name) ?? 0)]));
}

/** The map as a file of its own. */
export function mapSvg(scene: MapScene, title: string): string {
  const { width, height, frame, cells, contours, legend, xTicks, yTicks, marker } = scene;
  const text = (x: number, y: number, body: string, more = "") => `<text x="${x}" y="${y}" ${more}>${body}</text>`;
  const [middle, center] = [(frame.left + frame.right) / 2, (frame.top + frame.bottom) / 2];
  const shade = (frame.bottom - frame.top) / legend.colors.length;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height + 26}" viewBox="0 -26 ${width} ${height + 26}" font-family="Helvetica, Arial, sans-serif" font-size="12" fill="#111">`,
    `<rect y="-26" width="100%" height="100%" fill="white"/>`,
    text(frame.left, -6, title, `font-size="14"`),
    ...cells.map(({ color, path }) => `<path d="${path}" fill="${color}" stroke="${color}" stroke-width="0.5"/>`),
    ...contours.map(({ path }) => `<path d="${path}" fill="none" stroke="white" stroke-width="1.2"/>`),
    ...legend.colors.map(
      (color, i) =>
        `<rect x="${legend.left}" y="${frame.bottom - (i + 1) * shade}" width="14" height="${shade + 0.5}" fill="${color}"/>`,
    ),
    ...legend.ticks.map(({ at, label }) => text(legend.left + 19, at + 4, label)),
    ...(marker
      ? [`<circle cx="${marker.x}" cy="${marker.y}" r="5" fill="none" stroke="#d55e00" stroke-width="2.5"/>`]
      : []),
    `<rect x="${frame.left}" y="${frame.top}" width="${frame.right - frame.left}" height="${frame.bottom - frame.top}" fill="none" stroke="#111"/>`,
    ...xTicks.map(({ at, label }) => text(at, frame.bottom + 18, label, `text-anchor="middle"`)),
    ...yTicks.map(({ at, label }) => text(frame.left - 8, at + 4, label, `text-anchor="end"`)),
    text(middle, frame.bottom + 37, scene.xTitle, `text-anchor="middle" font-size="13"`),
    text(14, center, scene.yTitle, `text-anchor="middle" font-size="13" transform="rotate(-90 14 ${center})"`),
    `</svg>`,
  ].join("\n");
}
