import { ParameterError } from "../errors.ts";
import { checkRange, type Range } from "./axes.ts";
import { CONFIG } from "./palette.ts";

/** Size, type and axes of a figure. */
export interface FigureLook {
  readonly title?: string;
  /** Of the frame in pixels; default 420. */
  readonly width?: number;
  /** Of the frame in pixels; default 300. */
  readonly height?: number;
  /** Of the ticks' labels in pixels, titles are larger; default 12. */
  readonly fontSize?: number;
  /** Ends of the horizontal axis; default those of the data. */
  readonly xRange?: readonly number[];
  /** Ends of the vertical axis; default those of the data. */
  readonly yRange?: readonly number[];
  readonly logX?: boolean;
  readonly logY?: boolean;
}

/** A look with its defaults, checked. */
export interface CheckedLook {
  readonly width: number;
  readonly height: number;
  readonly fontSize: number;
  readonly xRange: Range | undefined;
  readonly yRange: Range | undefined;
  readonly logX: boolean;
  readonly logY: boolean;
  readonly title: string | undefined;
}

/** Frames from a thumbnail to a poster, type that can be read. */
const FRAME: Range = [40, 4000];
const TYPE: Range = [4, 72];

/**
 * The look of a figure, with defaults.
 *
 * @throws ParameterError for a size or range that is none
 */
export function checkLook(look: FigureLook): CheckedLook {
  const { title, width = 420, height = 300, fontSize = 12, xRange, yRange, logX = false, logY = false } = look;
  between("width", width, FRAME);
  between("height", height, FRAME);
  between("fontSize", fontSize, TYPE);
  const ranges = { xRange: checkRange("xRange", xRange, logX), yRange: checkRange("yRange", yRange, logY) };
  return { title, width, height, fontSize, logX, logY, ...ranges };
}

function between(name: string, value: number, [low, high]: Range): void {
  if (!(value >= low && value <= high)) throw new ParameterError(name, value, `a number from ${low} to ${high}`);
}

/** Vega-Lite's configuration with type of this size. */
export function configOf(fontSize: number): object {
  const { axis, legend, title } = CONFIG;
  const sizes = { labelFontSize: fontSize, titleFontSize: fontSize + 2 };
  return {
    ...CONFIG,
    axis: { ...axis, ...sizes },
    legend: { ...legend, ...sizes },
    title: { ...title, fontSize: fontSize + 2, subtitleFontSize: fontSize - 1 },
  };
}
