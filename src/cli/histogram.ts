import { estimateAt, type Trials } from "./observedModels.ts";

/** Density over one bin: of theory, and of simulated networks with its standard error over them. */
export interface HistogramBin {
  readonly left: number;
  readonly right: number;
  readonly density: number;
  readonly simulated: number;
  readonly standardError: number;
}

/** A density on a grid, and where it is not zero. */
export interface TheoryDensity {
  readonly grid: readonly number[];
  readonly density: readonly number[];
  readonly edges: readonly (readonly [left: number, right: number])[];
}

const BINS = 40;
/** Part of the simulated values that a histogram of a bulk without edge leaves out. */
const LEFT_OUT = 0.005;

/**
 * Histogram of simulated values over the bulk of theory.
 *
 * @param trials values of each network
 * @param size number of values that the density counts, with those at zero
 * @param logarithmic bins of equal length in log x
 */
export function histogram(trials: Trials, size: number, theory: TheoryDensity, logarithmic: boolean): HistogramBin[] {
  const [low, high] = range(trials, theory, logarithmic);
  const place = (t: number) => (logarithmic ? low * (high / low) ** t : low + (high - low) * t);
  const cumulative = integral(theory);
  return Array.from({ length: BINS }, (_, i) => {
    const [left, right] = [place(i / BINS), place((i + 1) / BINS)];
    const { mean, standardError } = estimateAt(
      trials,
      (values) => values.filter((x) => x > left && x <= right).length / (size * (right - left)),
    );
    return {
      left,
      right,
      density: (cumulative(right) - cumulative(left)) / (right - left),
      simulated: mean,
      standardError,
    };
  });
}

function range(trials: Trials, { edges }: TheoryDensity, logarithmic: boolean): readonly [number, number] {
  const sorted = trials.flat().sort((a, b) => a - b);
  const quantile = (q: number) => sorted[Math.round(q * (sorted.length - 1))]!;
  const [left, right] = [edges[0]![0], edges.at(-1)![1]];
  const low = left === 0 && logarithmic ? Math.max(quantile(LEFT_OUT), 1e-12 * sorted.at(-1)!) : left;
  return [low, right === Infinity ? quantile(1 - LEFT_OUT) : right];
}

/** ∫ of a density given on a grid, by trapezoids. */
function integral({ grid, density }: TheoryDensity): (x: number) => number {
  const sums = [0];
  grid.forEach((x, i) => {
    if (i > 0) sums.push(sums[i - 1]! + 0.5 * (x - grid[i - 1]!) * (density[i]! + density[i - 1]!));
  });
  return (x) => {
    const next = grid.findIndex((place) => place >= x);
    if (next < 0) return sums.at(-1)!;
    if (next === 0) return 0;
    const [from, to] = [grid[next - 1]!, grid[next]!];
    const share = (x - from) / (to - from);
    const here = density[next - 1]! + share * (density[next]! - density[next - 1]!);
    return sums[next - 1]! + 0.5 * (x - from) * (density[next - 1]! + here);
  };
}
