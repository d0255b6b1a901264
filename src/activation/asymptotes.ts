/** A straight line that an activation runs into: σ(x) = offset + slope·x + remainder(x). */
export interface Asymptote {
  readonly offset: number;
  readonly slope: number;
  /** Keeps its relative accuracy towards the end of the line, where σ minus the line does not. */
  readonly remainder: (x: number) => number;
}

/** The lines towards −∞ and +∞, as far as there are any. */
export interface Asymptotes {
  readonly left?: Asymptote;
  readonly right?: Asymptote;
}

/** Distances from the outermost break point at which a function is tried for a line. */
const PLACES = [1, 3, 17, 50];
const ROUNDING = 1e-13;

/** Lines of a function that is one exactly beyond its outermost break points. */
export function straightEnds(value: (x: number) => number, breaks: readonly number[]): Asymptotes {
  if (breaks.length === 0) return {};
  const left = straightEnd(value, Math.min(...breaks), -1);
  const right = straightEnd(value, Math.max(...breaks), 1);
  return { ...(left && { left }), ...(right && { right }) };
}

function straightEnd(value: (x: number) => number, from: number, side: 1 | -1): Asymptote | undefined {
  const places = PLACES.map((distance) => from + side * distance);
  const values = places.map(value);
  const [first, last] = [places[0]!, places.at(-1)!];
  const slope = (values.at(-1)! - values[0]!) / (last - first);
  const offset = values[0]! - slope * first;
  const allowed = ROUNDING * Math.max(...values.map(Math.abs));
  const straight = places.every((x, i) => Math.abs(values[i]! - offset - slope * x) <= allowed);
  if (!straight) return undefined;
  const remainder = (x: number) => (side * (x - from) > 0 ? 0 : value(x) - offset - slope * x);
  return { offset, slope, remainder };
}
