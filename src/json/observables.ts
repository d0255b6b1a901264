import { featureModel } from "../model/featureModel.ts";
import { makesSpikes, multiIndexFromJson, type SteppedNetwork } from "../multiIndex/description.ts";
import { gradientSteps } from "../multiIndex/gradientSteps.ts";
import { boundsOf } from "../observables/bounds.ts";
import { featureSpectrum, stieltjesTransform, unusedBySpectrum } from "../observables/featureSpectrum.ts";
import { learnedFunction } from "../observables/learnedFunction.ts";
import { trainedWeightSpectrum } from "../observables/trainedWeightSpectrum.ts";
import { weightSpectrum } from "../observables/weightSpectrum.ts";
import { integer, type Kind, list, number, tuple, type ValueOf } from "../parameters/kinds.ts";
import { checkValue, refuseUnknown } from "../parameters/legal.ts";
import type { Case } from "./cases.ts";
import { readDescription, withPoint } from "./description.ts";
import { type Fields, forCase, type JsonResult } from "./results.ts";

const REALS = list(number("finite"));
const GRID_FIELDS = { grid: { kind: REALS }, points: { kind: integer(1) } } as const;
const SPECTRUM_FIELDS = {
  z: { kind: list(tuple(number("finite"), 2, "a pair [re, im]"), "a list of pairs [re, im]") },
  ...GRID_FIELDS,
} as const;

type Values<F> = { readonly [N in keyof F]?: F[N] extends { readonly kind: infer K } ? ValueOf<K> : never };

/** A calculation's own fields, checked, apart from those of the model. */
function splitFields<F extends Readonly<Record<string, { readonly kind: Kind }>>>(own: F, fields: Fields) {
  const [mine, model]: Record<string, unknown>[] = [{}, {}];
  for (const [name, value] of Object.entries(fields)) {
    if (Object.hasOwn(own, name)) mine![name] = checkValue(name, value, own[name]!.kind);
    else model![name] = value;
  }
  return { own: mine as Values<F>, model: model! };
}

/**
 * Spectrum of the features, case by case (theory §8): with `z: [[re, im], …]` its Stieltjes transform
 * `stieltjes: [[re, im], …]`, otherwise density, edges, mass at zero and outliers.
 */
export function* spectrumCases(cases: Iterable<Case>): Generator<JsonResult> {
  for (const item of cases) {
    yield forCase(item, (fields) => {
      const { own, model } = splitFields(SPECTRUM_FIELDS, fields);
      const description = withPoint(readDescription(withoutReadout(model)));
      if (own.z)
        return {
          status: "converged",
          stieltjes: stieltjesTransform(description, own.z as Parameters<typeof stieltjesTransform>[1]),
        };
      const options = { ...(own.grid && { grid: own.grid }), ...(own.points !== undefined && { points: own.points }) };
      return { status: "converged", ...featureSpectrum(description, options) };
    });
  }
}

/** Fields that do not matter to a spectrum may be left out: the ridge, and but for a gradient step target and alignment. */
export function withoutReadout(fields: Fields): Fields {
  return { ...unusedBySpectrum({ model: "trainedNetwork", ...fields }), ridge: 0, ...fields };
}

/** Bounds on what any readout can reach, case by case (theory §5). */
export function* boundsCases(cases: Iterable<Case>): Generator<JsonResult> {
  for (const item of cases) {
    yield forCase(item, (fields) => {
      const { lower, upper, lowerCoefficients, baselines } = boundsOf(featureModel(readDescription(fields)));
      return {
        status: "converged",
        lower: lower.testError,
        upper: upper.testError,
        lowerCoefficients,
        upperCoefficients: upper.coefficients,
        linearBaseline: baselines.linear,
      };
    });
  }
}

/**
 * Singular values of the updated weights, case by case (theory §7, §9): with `grid` or `points` their density, too. Of several steps or
 * directions the spikes alone, to leading order where a batch is used again (multiIndex §3, §5).
 */
export function* weightCases(cases: Iterable<Case>): Generator<JsonResult> {
  for (const item of cases) {
    yield forCase(item, (fields) => {
      const { own, model } = splitFields(GRID_FIELDS, { model: "trainedNetwork", ...fields });
      if (makesSpikes(model)) {
        refuseUnknown(own, [], "left out for several steps or directions, whose spikes alone are known");
        return { status: "converged", ...gradientSteps(multiIndexFromJson(model) as SteppedNetwork) };
      }
      const description = withPoint(readDescription({ sampleRatio: 1, ridge: 1, ...model }));
      const { outlier, ...spectrum } = weightSpectrum(description);
      const wanted = own.grid !== undefined || own.points !== undefined;
      return {
        status: "converged",
        ...spectrum,
        outlier: outlier ?? null,
        ...(wanted && { density: trainedWeightSpectrum(description, own) }),
      };
    });
  }
}

const FUNCTION_FIELDS = { t: { kind: REALS }, kappa: { kind: REALS } } as const;

/** Learned functions, case by case (theory §5): along the target at `t`, along the spike at `kappa`. */
export function* functionCases(cases: Iterable<Case>): Generator<JsonResult> {
  for (const item of cases) {
    yield forCase(item, (fields) => {
      const { own, model } = splitFields(FUNCTION_FIELDS, fields);
      const learned = learnedFunction(withPoint(readDescription(model)));
      return {
        status: "converged",
        testError: learned.solution.testError,
        ...(own.t && { alongTarget: learned.alongTarget(own.t), target: learned.target(own.t) }),
        ...(own.kappa && { alongSpike: learned.alongSpike(own.kappa) }),
        notices: learned.notices,
      };
    });
  }
}
