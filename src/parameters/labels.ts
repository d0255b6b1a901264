import { ParameterError } from "../errors.ts";

/** What of a description says whether its labels are ±1, and by what probability. */
export interface LabelKind {
  readonly labels?: "real" | "sign" | undefined;
  readonly teacher?: "sign" | "probit" | "logistic" | undefined;
  readonly teacherShift?: number | undefined;
  readonly logisticScale?: number | undefined;
  readonly labelNoise?: number | undefined;
}

/** A share of real labels whose noise has another variance. */
export interface OutlierParameters {
  readonly outlierShare?: number | undefined;
  readonly outlierVariance?: number | undefined;
}

/** Whether a description asks for labels ±1. */
export const hasSigns = ({ labels, teacher }: Pick<LabelKind, "labels" | "teacher">): boolean =>
  labels === "sign" || teacher !== undefined;

/** The name of g(t) = t. */
export const SCORE = "x";
const SCORES: readonly unknown[] = ["identity", SCORE, "He1"];

/** Whether a target is g(t) = t by its name. */
export const isScore = (target: unknown): boolean => SCORES.includes(target);

/** Whether losses of margins read a target as the score t: without `labels` the target may be a sign. */
export const isSignTarget = (target: unknown): boolean => target === "sign" || isScore(target);

/** @throws ParameterError for outliers of labels ±1, or a variance of no outliers */
export function checkOutliers({ outlierShare = 0, outlierVariance = 0 }: OutlierParameters, signs: boolean): void {
  if (outlierShare > 0 && signs) throw new ParameterError("outlierShare", outlierShare, "0 for labels ±1");
  if (outlierVariance > 0 && outlierShare === 0) {
    throw new ParameterError("outlierVariance", outlierVariance, "left out without an outlierShare > 0");
  }
}

/** Which teachers have a parameter; without a teacher labels are signs, with noise before them. */
const OWNERS: Readonly<Record<string, readonly string[]>> = { labelNoise: ["probit"], logisticScale: ["logistic"] };

/**
 * Checks that parameters of labels ±1 stand where they have a meaning.
 *
 * @throws ParameterError for one of other labels or of another teacher
 */
export function checkTeacher(kind: LabelKind): void {
  const { labels, teacher, teacherShift, logisticScale, labelNoise } = kind;
  if (labels === "real" && teacher !== undefined) {
    throw new ParameterError("teacher", teacher, 'left out for labels "real"');
  }
  if (!hasSigns(kind)) refuse({ teacherShift, logisticScale }, 'left out without a teacher or labels "sign"');
  else if (teacher === undefined) refuse({ logisticScale }, 'left out without the teacher "logistic"');
  else {
    for (const [name, value] of Object.entries({ labelNoise, logisticScale })) {
      if (value !== 0 && !OWNERS[name]!.includes(teacher)) {
        refuse({ [name]: value }, `left out for the teacher "${teacher}"`);
      }
    }
  }
}

function refuse(given: Readonly<Record<string, unknown>>, legal: string): void {
  for (const [name, value] of Object.entries(given)) {
    if (value !== undefined) throw new ParameterError(name, value, legal);
  }
}
