import { requireFields, requireList } from "../errors.ts";
/** Mean over trials with its uncertainty. */
export interface Estimate {
  readonly mean: number;
  /** Sample standard deviation over √trials; NaN for a single trial. */
  readonly standardError: number;
  /** 95% percentile-bootstrap interval of the mean; NaN for a single trial. */
  readonly interval: readonly [number, number];
}

const resamples = 1000;

/**
 * Mean, standard error and bootstrap interval of independent values. The resampling has a fixed seed: equal values, equal interval.
 *
 * @example
 * ```ts
 * import { estimate } from "replica-theory/simulation";
 * console.log(estimate([1, 2, 3, 4]).mean); // 2.5
 * ```
 */
export function estimate(values: readonly number[]): Estimate {
  requireList("values", values, "a list of numbers");
  const mean = average(values);
  if (values.length < 2) return { mean, standardError: NaN, interval: [NaN, NaN] };
  return { mean, standardError: standardErrorOf(values), interval: bootstrapInterval(values) };
}

/** Sample standard deviation over √n; NaN for n = 1. */
export function standardErrorOf(values: readonly number[]): number {
  const mean = average(values);
  const n = values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / ((n - 1) * n));
}

/**
 * (simulated − theory) in standard errors.
 *
 * @example
 * zScore(estimate([1, 2, 3]), 2); // 0
 */
export function zScore(simulated: Estimate, theory: number): number {
  requireFields("simulated", simulated, ["mean", "standardError"], "an estimate, as estimate(values) gives it");
  return (simulated.mean - theory) / simulated.standardError;
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function bootstrapInterval(values: readonly number[]): readonly [number, number] {
  const draw = indices(values.length);
  const means = Array.from({ length: resamples }, () => average(values.map(() => values[draw()]!)));
  means.sort((a, b) => a - b);
  return [means[Math.round(0.025 * (resamples - 1))]!, means[Math.round(0.975 * (resamples - 1))]!];
}

/** Uniform indices below n from xorshift32; its quality suffices for an interval's two digits. */
function indices(n: number): () => number {
  let state = 0x9e3779b9;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return Math.floor(((state >>> 0) / 2 ** 32) * n);
  };
}
