import { z } from "zod";
import { conditionalFeatureStatistics } from "../model/statistics.ts";
import { bounds } from "../observables/bounds.ts";
import { featureSpectrum, stieltjesTransform, unusedBySpectrum } from "../observables/featureSpectrum.ts";
import { learnedFunction } from "../observables/learnedFunction.ts";
import { trainedWeightSpectrum } from "../observables/trainedWeightSpectrum.ts";
import { weightSpectrum } from "../observables/weightSpectrum.ts";
import type { Case } from "./cases.ts";
import { readDescription, withPoint } from "./description.ts";
import { parse } from "./parse.ts";
import { number } from "./fields.ts";
import { type Fields, forCase, type JsonResult } from "./results.ts";

const real = z.number({ error: "a number" });
const reals = z.array(real, { error: "a list of numbers" });

const spectrumFields = z.strictObject({
  z: z.array(z.tuple([real, real], { error: "a list of pairs [re, im]" })).exactOptional(),
  grid: reals.exactOptional(),
  points: number.exactOptional(),
});

/**
 * Spectrum of the features, case by case (theory §8): with `z: [[re, im], …]` its Stieltjes transform
 * `stieltjes: [[re, im], …]`, otherwise density, edges, mass at zero and outliers.
 */
export function* spectrumCases(cases: Iterable<Case>): Generator<JsonResult> {
  for (const item of cases) {
    yield forCase(item, (fields) => {
      const { z: at, grid, points, ...model } = fields;
      const own = parse<z.infer<typeof spectrumFields>>(spectrumFields, present({ z: at, grid, points }), "no field");
      const description = withPoint(readDescription(withoutReadout(model)));
      if (own.z) return { status: "converged", stieltjes: stieltjesTransform(description, own.z) };
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
      const { lower, upper, lowerCoefficients, baselines } = bounds(
        conditionalFeatureStatistics(readDescription(fields)),
      );
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

const densityFields = z.strictObject({ grid: reals.exactOptional(), points: number.exactOptional() });

/** Singular values of the updated weights, case by case (theory §7, §9): with `grid` or `points` their density, too. */
export function* weightCases(cases: Iterable<Case>): Generator<JsonResult> {
  for (const item of cases) {
    yield forCase(item, (fields) => {
      const { grid, points, ...model } = fields;
      const own = parse<z.infer<typeof densityFields>>(densityFields, present({ grid, points }), "no field");
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

const functionFields = z.strictObject({ t: reals.exactOptional(), kappa: reals.exactOptional() });

/** Learned functions, case by case (theory §5): along the target at `t`, along the spike at `kappa`. */
export function* functionCases(cases: Iterable<Case>): Generator<JsonResult> {
  for (const item of cases) {
    yield forCase(item, (fields) => {
      const { t, kappa, ...model } = fields;
      const own = parse<z.infer<typeof functionFields>>(functionFields, present({ t, kappa }), "no field");
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

function present(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
