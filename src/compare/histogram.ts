import { requireFields, requireList } from "../errors.ts";
import { estimateOf } from "./observe.ts";

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

/** Values of every simulated network. */
export type Trials = readonly (readonly number[])[];

/**
 * Histogram of simulated values, eigenvalues or singular values, over the bulk of theory: 40 bins, in each the mean of theory's density
 * and that of the networks with its standard error over them.
 *
 * @param trials values of each network
 * @param size number of values that the density counts, with those at zero
 * @param theory density on a grid and the edges of its parts, as `featureSpectrum` and `trainedWeightSpectrum` give them
 * @param logarithmic bins of equal length in log x; default false
 * @throws ParameterError for what is no list of values, or no density
 * @example
 * import { histogram, observe } from "replica-theory/compare";
 * import { featureSpectrum } from "replica-theory";
 * const model = { model: "randomFeatures", student: "tanh", target: "tanh", sampleRatio: 2, widthRatio: 1, ridge: 1 };
 * const networks = await observe(model, { kind: "spectrum", vectors: 0, powers: [] }, { dimension: 40, trials: 3, backend: "wasm" });
 * const bins = histogram(networks.map(({ eigenvalues }) => eigenvalues), 40, featureSpectrum(model, { points: 100 }));
 * bins.length; // 40
 */
export function histogram(trials: Trials, size: number, theory: TheoryDensity, logarithmic = false): HistogramBin[] {
  requireList("trials", trials, "a list of the values of each network");
  requireFields("theory", theory, ["grid", "density", "edges"], "a density: grid, density and edges");
  const [low, high] = range(trials, theory, logarithmic);
  const place = (t: number) => (logarithmic ? low * (high / low) ** t : low + (high - low) * t);
  const cumulative = integral(theory);
  return Array.from({ length: BINS }, (_, i) => {
    const [left, right] = [place(i / BINS), place((i + 1) / BINS)];
    const { mean, standardError } = estimateOf(
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
