/** A place about which a function changes like Φ((x − at)/width). */
export interface Transition {
  readonly at: number;
  readonly width: number;
}

/** Wider ones are resolved by any rule for the standard normal. */
const WIDE = 0.7;
/** Distances from the place, in widths, at which panels end: to ±8 it is over to rounding. */
const EDGES = [0, 3, 8];
const BOUND = 9.5;

/** Break points of panels that see narrow transitions, however narrow. */
export function transitionBreaks(transitions: readonly Transition[]): number[] {
  const breaks = transitions
    .filter(({ at, width }) => width < WIDE && Math.abs(at) < BOUND + 8 * width)
    .flatMap(({ at, width }) => EDGES.flatMap((edge) => [at - edge * width, at + edge * width]))
    .sort((a, b) => a - b);
  // What coincides to rounding is one.
  return breaks.filter((x, i) => i === 0 || x - breaks[i - 1]! > 1e-14 * (1 + Math.abs(x)));
}
