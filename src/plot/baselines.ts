import { extent, type Range, share, union } from "./axes.ts";
import { numeral } from "./numerals.ts";
import { GREY } from "./palette.ts";

/** A reference of a curve, dashed: one value at each of its places. */
export interface Baseline {
  readonly name: string;
  readonly dash: readonly number[];
  readonly places: readonly { readonly x: number; readonly y: number; readonly curve: string }[];
}

/** The frame that baselines are drawn in. */
export interface BaselineFrame {
  readonly x: (field: string) => object;
  readonly y: (field: string) => object;
  readonly color: object;
  readonly domain: Range;
  readonly height: number;
  /** Ends of the curves along x, as they are drawn. */
  readonly ends: Range;
  /** The curves along so many pixels from an end, so that names stand where there is room. */
  readonly near: (end: number, pixels: number) => readonly number[];
  readonly fontSize: number;
}

/** Whether a baseline has one value for every curve, and so its name beside it. */
export const isLevel = ({ places }: Baseline): boolean => new Set(places.map(({ y }) => y)).size <= 1;

/**
 * The vertical range of a figure with those baselines that leave the curves half of it; the others are shown at its edge.
 *
 * @param curves the range of the curves and crosses
 */
export function domainWith(curves: Range | undefined, baselines: readonly Baseline[], logarithmic: boolean) {
  const around = baselines.flatMap(({ places }) =>
    [
      extent(
        places.map(({ y }) => y),
        logarithmic,
      ) ?? [],
    ].filter(isRange),
  );
  if (!curves) return around.reduce<Range | undefined>(union, undefined);
  return around.reduce<Range>((domain, own) => {
    const both = union(domain, own)!;
    return share(curves, both, logarithmic) >= 0.5 ? both : domain;
  }, curves);
}

const isRange = (value: Range | never[]): value is Range => value.length === 2;

/** Dashed lines; the name beside one that is level, an arrow with its value for one beyond the frame. */
export function baselineLayers(baselines: readonly Baseline[], frame: BaselineFrame): object[] {
  const beyond = { above: 0, below: 0 };
  return baselines.flatMap((baseline) => {
    const own = extent(
      baseline.places.map(({ y }) => y),
      false,
    );
    if (!own) return [];
    const { domain } = frame;
    if (own[0] > domain[1]) return [arrow(baseline.name, own, "↑", 12 + 15 * beyond.above++, frame)];
    if (own[1] < domain[0]) return [arrow(baseline.name, own, "↓", frame.height - 8 - 15 * beyond.below++, frame)];
    return lineOf(baseline, frame);
  });
}

function arrow(name: string, [low, high]: Range, head: string, at: number, { fontSize }: BaselineFrame): object {
  const value = low === high ? numeral(low) : `${numeral(low)} to ${numeral(high)}`;
  const text = `${head} ${name}: ${value}`;
  return {
    data: { values: [{}] },
    mark: { type: "text", text, align: "left", baseline: "middle", fontSize: fontSize - 1, color: GREY },
    encoding: { x: { value: 8 }, y: { value: at } },
  };
}

function lineOf(baseline: Baseline, frame: BaselineFrame): object[] {
  const { x, y, color, ends, fontSize } = frame;
  const { name, dash, places } = baseline;
  const data = { values: places };
  const mark = { type: "line", strokeDash: dash, strokeWidth: 1.5, clip: true };
  const encoding = { x: x("x"), y: y("y") };
  if (!isLevel(baseline)) return [{ data, mark, encoding: { ...encoding, color } }];
  const level = places[0]!.y;
  const { end, align, dy } = placeOfName(level, name.length * WIDTH_OF_LETTER * fontSize, frame);
  const text = { text: name, align, dy, fontSize: fontSize - 1, color: GREY };
  return [
    { data: { values: ends.map((x) => ({ x, y: level })) }, mark: { ...mark, color: GREY }, encoding },
    { data: { values: [{ x: end, y: level }] }, mark: { type: "text", ...text }, encoding },
  ];
}

/** Part of the frame's height that a line of text takes, and of its size that a letter does. */
const [LINE_OF_TEXT, WIDTH_OF_LETTER] = [0.08, 0.5];

/** Above the line at the end with more room; where curves are in the way there, at whichever end and side has most. */
function placeOfName(level: number, pixels: number, { ends, near, domain }: BaselineFrame) {
  const corners = ends.flatMap((end, i) =>
    [1, -1].map((side) => {
      const heights = near(end, pixels);
      const distances = [...heights, domain[side === 1 ? 1 : 0]].map((value) => side * (value - level));
      const around = Math.min(...heights.map((value) => Math.abs(value - level)));
      const room = Math.min(...distances.filter((distance) => distance >= 0));
      return { end, align: i === 0 ? "left" : "right", dy: side === 1 ? -7 : 9, room, around };
    }),
  );
  const [left, right] = [corners[0]!, corners[2]!];
  const usual = left.around > right.around ? left : right;
  if (usual.room > LINE_OF_TEXT * (domain[1] - domain[0])) return usual;
  return corners.reduce((best, corner) => (corner.room > best.room ? corner : best));
}
