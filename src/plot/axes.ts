import { ParameterError } from "../errors.ts";
import { tickLabel } from "./numerals.ts";

/** The ends of an axis. */
export type Range = readonly [min: number, max: number];

/** An axis with everything that its scale depends on. */
export interface Axis {
  readonly title: string;
  readonly logarithmic: boolean;
  /** Of the data; there may be none. */
  readonly domain: Range | undefined;
  /** Ends that were asked for, instead of those of the data. */
  readonly range?: Range | undefined;
  /** Pixels at which the scale begins and ends, where that is not the whole frame. */
  readonly pixels?: Range;
}

/** Room around the data, so that crosses at the ends are whole. */
const PADDING = 14;

/** The least and largest of the values that an axis can show; undefined of none. */
export function extent(values: Iterable<number | null>, logarithmic: boolean): Range | undefined {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (value === null || !Number.isFinite(value) || (logarithmic && value <= 0)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? [low, high] : undefined;
}

/** Both of two ranges. */
export function union(a: Range | undefined, b: Range | undefined): Range | undefined {
  return a && b ? [Math.min(a[0], b[0]), Math.max(a[1], b[1])] : (a ?? b);
}

/** How much of an axis over `whole` is `part`, as it is drawn. */
export function share(part: Range, whole: Range, logarithmic: boolean): number {
  const at = logarithmic ? Math.log : (value: number) => value;
  const length = at(whole[1]) - at(whole[0]);
  return length > 0 ? (at(part[1]) - at(part[0])) / length : 1;
}

/**
 * Ends of an axis that were asked for.
 *
 * @throws ParameterError unless they are two ascending numbers, positive on a logarithmic axis
 */
export function checkRange(
  name: string,
  range: readonly number[] | undefined,
  logarithmic: boolean,
): Range | undefined {
  if (range === undefined) return undefined;
  const [low = NaN, high = NaN] = range;
  const legal = range.length === 2 && Number.isFinite(low) && Number.isFinite(high) && low < high;
  if (!legal || (logarithmic && !(low > 0))) {
    const words = `two ascending numbers${logarithmic ? ", positive on a logarithmic axis" : ""}`;
    throw new ParameterError(name, range, words);
  }
  return [low, high];
}

/** Encodings of fields on one scale. */
export function encodingOf({ title, logarithmic, domain, range, pixels }: Axis): (field: string) => object {
  const ends = range ?? wide(domain, logarithmic);
  const scale = {
    type: logarithmic ? "log" : "linear",
    domain: ends ?? [1, 2],
    nice: false,
    ...(range === undefined && { padding: PADDING }),
    ...(pixels && { range: pixels }),
  };
  const axis = ends === undefined ? { values: [] } : ticks(ends, logarithmic);
  return (field) => ({ field, type: "quantitative", title, scale, ...(axis && { axis }) });
}

/** An axis of a single value has that in its middle. */
function wide(domain: Range | undefined, logarithmic: boolean): Range | undefined {
  if (!domain || domain[0] < domain[1]) return domain;
  const [value] = domain;
  if (logarithmic) return [value / 2, value * 2];
  const room = value === 0 ? 1 : Math.abs(value) / 2;
  return [value - room, value + room];
}

/** Decades from which on a logarithmic axis has powers of ten. */
const DECADES = 1e4;

/** Powers of ten instead of rows of zeros. */
function ticks([low, high]: Range, logarithmic: boolean): { labelExpr: string } | undefined {
  const size = Math.max(Math.abs(low), Math.abs(high));
  if (logarithmic && high / low >= DECADES) return { labelExpr: tickLabel(true) };
  return size < 1e-3 || size >= 1e6 || (logarithmic && low < 1e-3) ? { labelExpr: tickLabel(false) } : undefined;
}
