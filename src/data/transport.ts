import { bracketedNewton } from "../numerics/bracketedRoot.ts";

/**
 * What one eigendecomposition K = U diag(s) Uᵀ of the Gram matrix of N samples says of learning curves (covariates §5). With an
 * intercept, K is centred and the constant mode counts for nothing.
 */
export interface SampleSpectrum {
  /** N, less 1 with an intercept. */
  readonly count: number;
  /** s_j ≥ 0 of all modes; those within rounding of 0 are 0. */
  readonly eigenvalues: Float64Array;
  /** z_j = (u_jᵀy)² */
  readonly power: Float64Array;
  /** Modes that are in the list but do not count, with s = z = 0: 1 with an intercept, else 0. */
  readonly constants: number;
}

/** Sums over the modes at a ridge L of all N samples, with r_j = L/(s_j + L). */
export interface ModeSums {
  /** L ≥ 0, the ridge that makes of N samples what λ makes of n. */
  readonly dataRidge: number;
  /** Σ r */
  readonly first: number;
  /** Σ r² */
  readonly second: number;
  /** Σ r(1 − r) */
  readonly mixed: number;
  /** Σ r z/Σ r */
  readonly residual: number;
  /** Σ r² z/Σ r² */
  readonly bias: number;
}

/** Number of modes with s > 0. */
export function rankOf({ eigenvalues }: SampleSpectrum): number {
  return eigenvalues.reduce((count, value) => count + (value > 0 ? 1 : 0), 0);
}

/** The sums at L. */
export function modeSums({ eigenvalues, power, constants }: SampleSpectrum, dataRidge: number): ModeSums {
  let first = 0;
  let second = 0;
  let mixed = 0;
  let residual = 0;
  let bias = 0;
  for (let j = 0; j < eigenvalues.length; j++) {
    const s = eigenvalues[j]!;
    const r = s === 0 ? 1 : dataRidge / (s + dataRidge);
    const fitted = s === 0 ? 0 : s / (s + dataRidge);
    first += r;
    second += r * r;
    mixed += r * fitted;
    residual += r * power[j]!;
    bias += r * r * power[j]!;
  }
  first -= constants;
  second -= constants;
  // At L = 0 of a matrix of full rank both are the limit of a ratio.
  if (first <= 0) return { dataRidge, first: 0, second: 0, mixed: 0, ...ridgelessRatios(eigenvalues, power) };
  return { dataRidge, first, second, mixed, residual: residual / first, bias: bias / second };
}

/** Σ r z/Σ r and Σ r² z/Σ r² as L → 0 without modes of s = 0: r_j ∝ 1/s_j. */
function ridgelessRatios(eigenvalues: Float64Array, power: Float64Array) {
  let [first, second, residual, bias] = [0, 0, 0, 0];
  for (let j = 0; j < eigenvalues.length; j++) {
    const s = eigenvalues[j]!;
    if (s === 0) continue;
    first += 1 / s;
    second += 1 / s ** 2;
    residual += power[j]! / s;
    bias += power[j]! / s ** 2;
  }
  return { residual: residual / first, bias: bias / second };
}

/** Σ r at L and its derivative with respect to ln L, Σ r(1 − r). */
function firstSum({ eigenvalues, constants }: SampleSpectrum, dataRidge: number): readonly [number, number] {
  let [sum, slope] = [-constants, 0];
  for (let j = 0; j < eigenvalues.length; j++) {
    const s = eigenvalues[j]!;
    const r = s === 0 ? 1 : dataRidge / (s + dataRidge);
    sum += r;
    slope += s === 0 ? 0 : r * (1 - r);
  }
  return [sum, slope];
}

/** L of a target (n, λ), or the least λ that N samples determine at this n. */
export type DataRidge = { readonly dataRidge: number } | { readonly leastRidge: number };

/**
 * Solves L − t(L)(N − n) = λ for L, with t = L/Σr (covariates §5). Beyond the data, n > N, there is a solution only for
 * λ ≥ (n − N)/Σ(1/s).
 */
export function dataRidge(spectrum: SampleSpectrum, samples: number, ridge: number): DataRidge {
  const { count, eigenvalues } = spectrum;
  const missing = count - samples;
  if (missing === 0) return { dataRidge: ridge };
  const rank = rankOf(spectrum);
  if (ridge === 0 && missing > 0 && rank <= samples) return { dataRidge: 0 };
  if (missing < 0) {
    const least = rank < count ? 0 : -missing / eigenvalues.reduce((sum, s) => sum + (s > 0 ? 1 / s : 0), 0);
    if (ridge < least) return { leastRidge: least };
    if (ridge === least) return { dataRidge: 0 };
  }
  const trace = eigenvalues.reduce((sum, s) => sum + s, 0);
  // (Σr)(1 − λ/L) increases with L; written for ln L.
  const excess = (x: number): readonly [number, number] => {
    const L = Math.exp(x);
    const [first, slope] = firstSum(spectrum, L);
    return [first * (1 - ridge / L) - missing, slope * (1 - ridge / L) + (first * ridge) / L];
  };
  const high = missing > 0 ? Math.log((ridge * count + (missing * trace) / count) / samples) + 1e-9 : Math.log(ridge);
  let low = missing > 0 && ridge > 0 ? Math.log(ridge) : high - 1;
  while (excess(low)[0] > 0) low -= Math.max(1, 0.2 * (high - low));
  return { dataRidge: Math.exp(bracketedNewton(excess, low, high)) };
}

/** Estimates of §2's quantities at (n, λ), from the training set alone; samples and counts as the equations have them. */
export interface Transported {
  readonly effectiveRidge: number;
  readonly degreesOfFreedom: number;
  readonly degreesOfFreedom2: number;
  /** ρ */
  readonly secondMoment: number;
  /** m */
  readonly teacherOverlap: number;
  /** s = λ/(nt) */
  readonly shrinkage: number;
  /** Generalised cross validation, transported to n. */
  readonly testError: number;
  /** n(N − df2)/(N(n − df2)): what takes an error at N, by cross validation with L, to n. */
  readonly factor: number;
}

/**
 * The table of covariates §2 by the estimates of §5.
 *
 * @returns undefined at the interpolation peak, where the test error is infinite
 */
export function transported(
  spectrum: SampleSpectrum,
  sums: ModeSums,
  samples: number,
  ridge: number,
): Transported | undefined {
  const { count, power } = spectrum;
  const { dataRidge: L, first, second, mixed, residual, bias } = sums;
  const secondMoment = power.reduce((sum, value) => sum + value, 0) / count;
  const limit = first > 0 ? undefined : ridgelessLimits(spectrum);
  const effectiveRidge = limit?.effectiveRidge ?? L / first;
  // n − df1; for λ = 0 there is none left below the rank.
  const complement = ridge > 0 ? ridge / effectiveRidge : L === 0 ? samples - count + first : 0;
  const square = limit?.square ?? (first * first) / second;
  const spread = limit?.square ?? (first * mixed) / second;
  const left = complement + spread;
  if (!(left > 0)) return undefined;
  const shrinkage = complement / samples;
  return {
    effectiveRidge,
    degreesOfFreedom: count - first,
    degreesOfFreedom2: count - square,
    secondMoment,
    teacherOverlap: secondMoment - residual,
    shrinkage,
    testError: (samples * bias) / left,
    factor: (samples * square) / (count * left),
  };
}

/** t = L/Σr and (Σr)²/Σr² as L → 0 without modes of s = 0. */
function ridgelessLimits({ eigenvalues }: SampleSpectrum): { effectiveRidge: number; square: number } {
  let [first, second] = [0, 0];
  for (const s of eigenvalues) {
    if (s === 0) continue;
    first += 1 / s;
    second += 1 / s ** 2;
  }
  return { effectiveRidge: 1 / first, square: (first * first) / second };
}
