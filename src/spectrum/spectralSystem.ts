import { ParameterError } from "../errors.ts";
import type { ConditionalFeatureStatistics } from "../model/conditionalFeatureStatistics.ts";
import { check, RANGES } from "../model/validation.ts";
import { featureRank } from "../solver/coldStart.ts";
import { type FeatureResolvent, featureResolvent } from "./featureResolvent.ts";

/** A model whose spectrum is asked for, at one α and β. */
export interface SpectralSystem {
  readonly statistics: ConditionalFeatureStatistics;
  readonly sampleRatio: number;
  readonly widthRatio: number;
  readonly resolvent: FeatureResolvent;
  /** max(0, 1 − rank/p) of the features. */
  readonly massAtZero: number;
}

/** @throws ParameterError for α outside (0, ∞], β outside (0, ∞), and for constant features */
export function spectralSystem(
  statistics: ConditionalFeatureStatistics,
  point: { readonly sampleRatio: number; readonly widthRatio: number },
): SpectralSystem {
  const sampleRatio = check("sampleRatio", point.sampleRatio, RANGES.positiveOrInfinite);
  const widthRatio = check("widthRatio", point.widthRatio, RANGES.positive);
  const resolvent = featureResolvent(statistics, sampleRatio, widthRatio);
  if (!(resolvent.firstMoment > 0)) {
    throw new ParameterError("student", statistics.student.name, "one that is not constant");
  }
  const atom = massAtZero(statistics, sampleRatio, widthRatio);
  return { statistics, sampleRatio, widthRatio, resolvent, massAtZero: atom };
}

/** max(0, 1 − rank/p) of the features. */
export function massAtZero(statistics: ConditionalFeatureStatistics, sampleRatio: number, widthRatio: number): number {
  return Math.max(0, 1 - Math.min(sampleRatio, featureRank(statistics, widthRatio).rank) / widthRatio);
}
