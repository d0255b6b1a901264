import { rounded, type Scale } from "./ticks.ts";

/** A special point, with its name. */
export interface Mark {
  readonly x: number;
  readonly y: number;
  readonly shape: "circle" | "diamond" | "square";
  /** Empty where a mark at the same abscissa has the name already. */
  readonly label: string;
}

/** A mark in pixels; its name is on the side where there is room. */
export interface PlacedMark {
  readonly path: string;
  readonly label: string;
  readonly x: number;
  readonly y: number;
  readonly anchor: "start" | "end";
}

/** Ends of a chart's frame in pixels. */
interface Frame {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Half the size of a mark. */
const MARK = 4;
const MARK_SHAPES = {
  circle: `m${-MARK},0a${MARK},${MARK} 0 1,0 ${2 * MARK},0a${MARK},${MARK} 0 1,0 ${-2 * MARK},0z`,
  diamond: `m0,${-1.3 * MARK}l${1.3 * MARK},${1.3 * MARK}l${-1.3 * MARK},${1.3 * MARK}l${-1.3 * MARK},${-1.3 * MARK}z`,
  square: `m${-MARK},${-MARK}h${2 * MARK}v${2 * MARK}h${-2 * MARK}z`,
};
const LINE = 15;

/** Marks within the frame of a chart, with their names where there is room. */
export function placedMarks(marks: readonly Mark[], frame: Frame, xScale: Scale, yScale: Scale): PlacedMark[] {
  const taken: { left: number; right: number; y: number }[] = [];
  // Names of neighbours stand below or above each other.
  const isTaken = (left: number, right: number, y: number): boolean =>
    taken.some((other) => Math.abs(other.y - y) < LINE && other.left < right && left < other.right);
  return marks
    .map((mark) => ({ ...mark, px: xScale.at(mark.x), py: yScale.at(mark.y) }))
    .filter(({ px, py }) => Number.isFinite(px) && Number.isFinite(py))
    .map(({ px, py, shape, label }) => {
      const path = `M${rounded(px)},${rounded(py)}${MARK_SHAPES[shape]}`;
      const width = 6.6 * label.length;
      const anchor = px + 8 + width > frame.right && px - width > frame.left ? "end" : "start";
      const x = anchor === "end" ? px - 8 : Math.max(frame.left + 4, Math.min(px + 8, frame.right - width));
      const [left, right] = anchor === "end" ? [x - width, x] : [x, x + width];
      const y = [0, 1, -1, 2, -2, 3, -3]
        .map((line) => Math.min(Math.max(py - 8, frame.top + LINE), frame.bottom - 4) + line * LINE)
        .find((height) => height > frame.top && height < frame.bottom && !isTaken(left, right, height));
      // Where there is no room at all, the mark has no name.
      if (y === undefined) return { path, label: "", x: 0, y: 0, anchor };
      if (label !== "") taken.push({ left, right, y });
      return { path, label, x: rounded(x), y: rounded(y), anchor };
    });
}
