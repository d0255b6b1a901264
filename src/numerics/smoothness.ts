import { box, type Box } from "./box.ts";

/** f(x) = offset + amplitude·sin(frequency·x + phase) */
export interface Sinusoid {
  readonly offset: number;
  readonly amplitude: number;
  readonly frequency: number;
  readonly phase: number;
}

/** Bounds of a function on rectangles of the complex plane: how fast it can vary, known without sampling it. */
export interface Smoothness {
  /** Where the function is not analytic, as far as it is known, ascending. */
  readonly breaks: readonly number[];
  /**
   * A set that holds f on a rectangle, continued from the real interval (from, to) on which f is one analytic function; undefined
   * where that is not certain.
   */
  readonly image: (region: Box, from: number, to: number) => Box | undefined;
  /** A set that holds f on a real interval, whatever happens within. */
  readonly range: (left: number, right: number) => Box;
  /** The function itself, if it is a sinusoid: its averages are closed forms, which keep their digits however small they are. */
  readonly sinusoid?: Sinusoid;
}

/** Radii of Cauchy's circles beside the half-width of an interval, and beside the height of a rectangle. */
const [WIDTHS, HEIGHTS, RADII] = [
  [1, 0.25],
  [1, 0.3],
  [1, 0.1],
] as const;

/** Bounds of the derivative by Cauchy's integral: |f′(x)| ≤ sup |f − constant|/r on the circle of radius r about x. */
export function derivativeSmoothness({ breaks, image, sinusoid }: Smoothness): Smoothness {
  const slope = ({ lo, hi, im }: Box, from: number, to: number): Box | undefined => {
    const half = 0.5 * (hi - lo);
    const radii = [
      ...(half > 0 && half < Infinity ? WIDTHS.map((factor) => factor * half) : []),
      ...(im > 0 ? HEIGHTS.map((factor) => factor * im) : RADII),
    ];
    let least = Infinity;
    for (const radius of radii) {
      const around = image(box(lo - radius, hi + radius, im + radius), from, to);
      if (around) least = Math.min(least, Math.hypot(0.5 * (around.hi - around.lo), around.im) / radius);
    }
    return least < Infinity ? box(-least, least, least) : undefined;
  };
  return {
    ...(sinusoid && { sinusoid: sinusoidSlope(sinusoid) }),
    breaks,
    image: slope,
    range(left, right) {
      const cuts = [left, ...breaks.filter((x) => x > left && x < right), right];
      let most = 0;
      for (let i = 0; i + 1 < cuts.length; i++) {
        most = Math.max(most, slope(box(cuts[i]!, cuts[i + 1]!, 0), cuts[i]!, cuts[i + 1]!)?.hi ?? Infinity);
      }
      return box(-most, most, 0);
    },
  };
}

const sinusoidSlope = ({ amplitude, frequency, phase }: Sinusoid): Sinusoid => ({
  offset: 0,
  amplitude: amplitude * frequency,
  frequency,
  phase: phase + Math.PI / 2,
});
