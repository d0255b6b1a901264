import { hermiteNumbers } from "../activation/stepNumbers.ts";
import { type Line, lineDerivatives } from "../numerics/lineDerivative.ts";
import type { LabelLaw } from "./labelLaw.ts";

/** Labels ±1 by the variance of the noise of their score. */
export type LabelsByNoise = (labelNoise: number) => LabelLaw;

/** Labels as a function of the variance of their noise. */
export interface VariedLabels extends Line {
  /** The labels at Δ + s·length. */
  readonly at: (s: number) => LabelLaw;
  /** Whether the noise is normal and the same for all, so that it adds to s². */
  readonly plain: boolean;
  /** d E Var(y|x)/dΔ */
  readonly unexplained: number;
}

/** @returns undefined where labels ±1 are a function of κ, which no noise changes smoothly on the nodes that are there */
export function variedLabels(labels: LabelLaw, labelsBy: LabelsByNoise | undefined): VariedLabels | undefined {
  const { labelNoise, signs, outliers, alignment } = labels;
  const oneSided = labelNoise === 0;
  if (!signs) {
    const length = labelNoise || 1;
    const at = (s: number) => ({ ...labels, labelNoise: labelNoise + s * length });
    return { at, length, oneSided, plain: !outliers, unexplained: 1 - (outliers?.share ?? 0) };
  }
  // Without noise steps are smoothed by what κ does not say.
  const length = labelNoise || 1 - alignment * alignment;
  if (!labelsBy || !(length > 0)) return undefined;
  const at = (s: number) => labelsBy(labelNoise + s * length);
  const explained = (s: number) => [hermiteNumbers(at(s).signs!.mean, "labels").h2];
  const [slope] = lineDerivatives(explained, [ROUNDING], { length, oneSided });
  return { at, length, oneSided, plain: false, unexplained: -slope!.value };
}

/** Of a moment. */
const ROUNDING = 1e-14;
