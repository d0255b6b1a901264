import type { Range } from "./axes.ts";

/** Part of a bulk's mass that may lie above the frame. */
const CUT_MASS = 0.15;
/** A peak that is this many times as high as the frame would be is cut: lower ones cost the rest little. */
const TALL = 3;
/** Room above the highest that is shown. */
const ROOM = 1.05;

/** A density on an ascending grid. */
interface Density {
  readonly grid: readonly number[];
  readonly density: readonly number[];
}

/**
 * Vertical range of densities with a hard edge, where they grow as 1/√x: the line leaves the frame at the height above which
 * it has 15 % of its mass, instead of being one spike. Undefined where no peak is that tall.
 *
 * @param heights of what else is drawn in the frame
 */
export function densityRange(densities: readonly Density[], heights: readonly number[] = []): Range | undefined {
  const peaks = densities.map(({ density }) => Math.max(...density.filter(Number.isFinite)));
  const levels = densities.map((density, i) => {
    const level = levelOf(density, peaks[i]!);
    return peaks[i]! > TALL * level ? level : peaks[i]!;
  });
  const top = Math.max(...levels, ...heights);
  return top > 0 && top < Math.max(...peaks) ? [0, ROOM * top] : undefined;
}

/** The height above which a density has `CUT_MASS` of its mass, by bisection. */
function levelOf({ grid, density }: Density, peak: number): number {
  const above = (level: number) => {
    let mass = 0;
    for (let i = 1; i < grid.length; i++) {
      const [left, right] = [density[i - 1]! - level, density[i]! - level];
      if (left > 0 && right > 0) mass += 0.5 * (grid[i]! - grid[i - 1]!) * (left + right);
    }
    return mass;
  };
  const whole = above(0);
  let [low, high] = [0, peak];
  for (let step = 0; step < 100 && high - low > 1e-3 * high; step++) {
    const middle = 0.5 * (low + high);
    if (above(middle) > CUT_MASS * whole) low = middle;
    else high = middle;
  }
  return high;
}
