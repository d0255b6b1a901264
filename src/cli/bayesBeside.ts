import { isCovariateDescription } from "../curve/solve.ts";
import type { CurveParameters } from "../curve/sweep.ts";
import { ParameterError } from "../errors.ts";
import { isMultiIndex } from "../multiIndex/description.ts";
import { bayesOptimal } from "../observables/bayesOptimal.ts";
import type { ActivationInput } from "../activation/activation.ts";
import type { BoundsBeside } from "./boundsBeside.ts";
import type { CurveTask } from "./curveOptions.ts";

/** Digits that a line shows. */
const TOLERANCE = 1e-6;
/** Of the logarithm of the samples, between which a line needs no more points. */
const SPACING = 0.15;

/** What of a description and a row tells how much the best algorithm knows. */
interface Knowledge {
  readonly target: ActivationInput;
  readonly sampleRatio: number;
  readonly stepSampleRatio?: number;
  readonly labelNoise?: number;
}

/**
 * The least test error that any algorithm reaches from the samples of a row, those of the step included, for the reference
 * `bayes` of a figure.
 *
 * @throws ParameterError for a model that knows its target from elsewhere, or whose labels have no noise
 */
export function bayesBeside({ theories, baselines = [] }: CurveTask): BoundsBeside {
  if (!baselines.includes("bayes")) return () => ({});
  for (const { description } of theories) {
    const { model } = description as { readonly model: string };
    const isOpen = !isCovariateDescription(description) && !isMultiIndex(description);
    if (!isOpen || !["randomFeatures", "trainedNetwork"].includes(model)) {
      const reason =
        "without bayes for this model: it is known for randomFeatures and for one step of a trainedNetwork";
      throw new ParameterError("baselines", baselines, reason);
    }
  }
  const known = new Map<string, number>();
  return (theory, row, isBetween) => {
    const knowledge = { ...theory.description, ...numbersOf(row) } as unknown as Knowledge;
    const { target, sampleRatio, stepSampleRatio = 0, labelNoise = 0 } = knowledge;
    if (!(labelNoise > 0)) throw new ParameterError("labelNoise", labelNoise, "> 0 with the reference bayes");
    const samples = sampleRatio + stepSampleRatio;
    if (samples === Infinity) return {};
    const place = isBetween ? Math.round(Math.log(samples) / SPACING) : samples;
    const key = JSON.stringify([String(isBetween), theories.indexOf(theory), labelNoise, place]);
    const value = known.get(key);
    if (value !== undefined) return isBetween ? {} : { bayesTestError: value };
    const { testError } = bayesOptimal({ target, sampleRatio: samples, labelNoise, tolerance: TOLERANCE });
    known.set(key, testError);
    return { bayesTestError: testError };
  };
}

/** The swept numbers that a row has. */
function numbersOf(row: CurveParameters): Partial<Knowledge> {
  const { sampleRatio, stepSampleRatio, labelNoise } = row as Partial<Knowledge>;
  return {
    ...(sampleRatio !== undefined && { sampleRatio }),
    ...(stepSampleRatio !== undefined && { stepSampleRatio }),
    ...(labelNoise !== undefined && { labelNoise }),
  };
}
