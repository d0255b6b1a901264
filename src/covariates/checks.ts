import { ParameterError } from "../errors.ts";
import { check, type Range, RANGES } from "../parameters/ranges.ts";
import type { LabelMoments, ListedSpectrum, PowerLawSpectrum, SamplePoint, Spectrum } from "./description.ts";
import type { Levels } from "./covariance.ts";

/** Levels of a power law are listed, and their list must fit the memory. */
const MOST_LEVELS = 1e7;
/** Below 0 by this part of ρ, `unexplained` is rounding. */
const ROUNDING = 1e-12;

/** Validates n and λ. */
export function checkSamples({ samples, ridge }: SamplePoint): SamplePoint {
  return {
    samples: check("samples", samples, RANGES.positiveOrInfinite),
    ridge: check("ridge", ridge, RANGES.nonNegative),
  };
}

/**
 * The levels with ω > 0; those with ω = 0 have no part in anything.
 *
 * @throws ParameterError for lists of different lengths, numbers out of range, signal along ω = 0, or a spectrum that is zero
 */
export function checkSpectrum(spectrum: Spectrum): Levels {
  if ("eigenvalues" in spectrum && (spectrum.eigenvalues as unknown) !== undefined) return listed(spectrum);
  if ("eigenvalueExponent" in spectrum) return powerLaw(spectrum);
  const legal = "required: a list of numbers, or eigenvalueExponent, signalExponent and count of a power law";
  throw new ParameterError("eigenvalues", undefined, legal);
}

function listed(spectrum: ListedSpectrum): Levels {
  for (const name of ["eigenvalueExponent", "signalExponent", "count"]) {
    const value = (spectrum as unknown as Record<string, unknown>)[name];
    if (value !== undefined) throw new ParameterError(name, value, "left out where eigenvalues are listed");
  }
  const { eigenvalues, multiplicities, signal } = spectrum;
  const omega = checkList("eigenvalues", eigenvalues, RANGES.variance);
  const counts = checkCounts("multiplicities", multiplicities, "eigenvalues", omega.length);
  const squares = checkSameLength("signal", checkList("signal", signal, RANGES.variance), "eigenvalues", omega.length);
  const lost = omega.findIndex((value, i) => value === 0 && squares[i]! > 0);
  if (lost >= 0) throw new ParameterError(`signal[${lost}]`, squares[lost], "0 where the eigenvalue is 0");
  return positiveLevels("eigenvalues", omega, counts, squares);
}

/** Drops the levels of eigenvalue 0. */
export function positiveLevels(
  name: string,
  eigenvalues: readonly number[],
  multiplicities: readonly number[],
  signal: readonly number[],
): Levels {
  const kept = eigenvalues.flatMap((value, i) => (value > 0 ? [i] : []));
  if (kept.length === 0) throw new ParameterError(name, eigenvalues, "a list with at least one number > 0");
  return {
    eigenvalues: Float64Array.from(kept, (i) => eigenvalues[i]!),
    multiplicities: Float64Array.from(kept, (i) => multiplicities[i]!),
    signal: Float64Array.from(kept, (i) => signal[i]!),
  };
}

function powerLaw(spectrum: PowerLawSpectrum): Levels {
  for (const name of ["multiplicities", "signal"]) {
    const value = (spectrum as unknown as Record<string, unknown>)[name];
    if (value !== undefined) throw new ParameterError(name, value, "left out for a power law");
  }
  const exponent = check("eigenvalueExponent", spectrum.eigenvalueExponent, RANGES.nonNegative);
  const decay = check("signalExponent", spectrum.signalExponent, RANGES.finite);
  const { count } = spectrum;
  if (!(Number.isInteger(count) && count >= 1 && count <= MOST_LEVELS)) {
    throw new ParameterError("count", count, `a whole number from 1 to ${MOST_LEVELS}`);
  }
  const smallest = count ** -exponent;
  if (!(smallest > 0)) throw new ParameterError("eigenvalueExponent", exponent, "small enough that count^−a is not 0");
  const indices = Float64Array.from({ length: count }, (_, i) => i + 1);
  const eigenvalues = indices.map((i) => i ** -exponent);
  const signal = indices.map((i, k) => eigenvalues[k]! * i ** -decay);
  if (!signal.every(Number.isFinite)) throw new ParameterError("signalExponent", decay, "one of a finite signal");
  return { eigenvalues, multiplicities: indices.fill(1), signal };
}

export function checkList(name: string, value: unknown, range: Range): readonly number[] {
  if (!(Array.isArray(value) || value instanceof Float64Array) || value.length === 0) {
    throw new ParameterError(name, value, "a list of numbers");
  }
  return Array.from(value as ArrayLike<unknown>, (entry, i) => check(`${name}[${i}]`, entry, range));
}

export function checkSameLength(
  name: string,
  list: readonly number[],
  other: string,
  length: number,
): readonly number[] {
  if (list.length !== length) throw new ParameterError(name, list, `as many entries as ${other} (${length})`);
  return list;
}

/** Multiplicities of a list, 1 by default. */
export function checkCounts(name: string, value: unknown, other: string, length: number): readonly number[] {
  if (value === undefined) return Array.from({ length }, () => 1);
  return checkSameLength(name, checkList(name, value, RANGES.positive), other, length);
}

/**
 * unexplained and Δ.
 *
 * @param explained Σ b²/ω
 * @throws ParameterError if both or a negative `unexplained` are given, or ρ is less than what the signal explains
 */
export function checkLabels(labels: LabelMoments, explained: number): { unexplained: number; labelNoise: number } {
  const labelNoise = check("labelNoise", labels.labelNoise ?? 0, RANGES.variance);
  const { secondMoment } = labels;
  if (secondMoment === undefined) {
    return { unexplained: check("unexplained", labels.unexplained ?? 0, RANGES.variance), labelNoise };
  }
  check("secondMoment", secondMoment, RANGES.variance);
  if (labels.unexplained !== undefined) {
    throw new ParameterError("unexplained", labels.unexplained, "left out where secondMoment is given");
  }
  const unexplained = secondMoment - labelNoise - explained;
  if (!(unexplained >= -ROUNDING * secondMoment)) {
    const parts = `labelNoise + Σ signal/eigenvalues = ${labelNoise + explained}`;
    throw new ParameterError("secondMoment", secondMoment, `at least ${parts} (otherwise unexplained < 0)`);
  }
  return { unexplained: Math.max(0, unexplained), labelNoise };
}
