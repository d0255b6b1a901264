import { activation, type Activation } from "../activation/activation.ts";
import { hermiteNumbers } from "../activation/conditionalMoments.ts";
import { ParameterError } from "../errors.ts";
import { type ConvexLoss } from "../loss/convexLoss.ts";
import { marginPotential } from "../convex/marginPotential.ts";
import { residualPotential } from "../convex/residualPotential.ts";
import { check, RANGES } from "../parameters/ranges.ts";
import { averageOf } from "../numerics/gaussianAverage.ts";
import type { CovariateTeacher } from "./description.ts";
import { type LabelProbability, logisticLabels, probitLabels } from "./labelProbability.ts";
import { labelledMargin, labelledResidual, type OutputChannel } from "./labelledPotentials.ts";

/** The labels of a convex problem, ready for any loss. */
export interface Teacher {
  /** ρ_ν */
  readonly variance: number;
  /** Δ of regression labels, part of every test error; 0 for labels ±1. */
  readonly additiveNoise: number;
  /** E y, E[yζ] and E y² */
  readonly labels: { readonly mean: number; readonly slope: number; readonly square: number };
  /** The labels' side of the saddle point for a loss, at an accuracy of so many digits. */
  channel(loss: ConvexLoss, digits: number): OutputChannel;
}

const KINDS = ["sign", "probit", "logistic", "regression"];
/** Which teachers have an optional parameter. */
const OWNERS: Readonly<Record<string, readonly string[]>> = {
  labelNoise: ["probit", "regression"],
  teacherShift: ["sign", "probit", "logistic"],
  labelFlips: ["sign", "probit", "logistic"],
  logisticScale: ["logistic"],
  target: ["regression"],
};

/**
 * Validates a teacher for a loss (covariates §6).
 *
 * @throws ParameterError for an unknown kind, a parameter of another one or out of range, or a loss of margins on labels that
 *   are no signs
 */
export function checkTeacher(input: CovariateTeacher, loss: ConvexLoss): Teacher {
  const { teacher } = input;
  if (!KINDS.includes(teacher)) throw new ParameterError("teacher", teacher, `one of ${KINDS.join(", ")}`);
  const variance = check("teacherVariance", input.teacherVariance, RANGES.positive);
  for (const [name, owners] of Object.entries(OWNERS)) {
    const value = (input as unknown as Record<string, unknown>)[name];
    if (value !== undefined && value !== 0 && !owners.includes(teacher)) {
      throw new ParameterError(name, value, `left out for the teacher "${teacher}"`);
    }
  }
  const labelNoise = check("labelNoise", input.labelNoise ?? 0, RANGES.variance);
  return teacher === "regression" ? regression(input, loss, variance, labelNoise) : signs(input, variance, labelNoise);
}

function regression(input: CovariateTeacher, loss: ConvexLoss, variance: number, labelNoise: number): Teacher {
  if (loss.kind === "margin") {
    throw new ParameterError(
      "teacher",
      input.teacher,
      `"sign", "probit" or "logistic" for the loss "${loss.name}" of margins`,
    );
  }
  if (input.target === undefined)
    throw new ParameterError("target", undefined, 'required for the teacher "regression"');
  const target = scaled(activation(input.target, "target"), Math.sqrt(variance));
  const { h0, h1, h2 } = hermiteNumbers(target, "target");
  return {
    variance,
    additiveNoise: labelNoise,
    labels: { mean: h0, slope: h1, square: h2 + labelNoise },
    channel(ofLoss, digits) {
      const potential = residualPotential(ofLoss, { target, alignment: 0, labelNoise }, digits);
      return {
        evaluate: (M, L, s2, V, out) => potential.evaluate(0, M, L, s2, V, out),
        observe: (M, L, s2, V, out) => potential.observe(0, M, L, s2, V, out),
      };
    },
  };
}

/** The target as a function of ζ = ν/√ρ_ν. */
function scaled(target: Activation, deviation: number): Activation {
  return {
    name: target.name,
    value: (zeta) => target.value(deviation * zeta),
    kinks: target.kinks.map((x) => x / deviation),
    jumps: target.jumps.map((x) => x / deviation),
  };
}

function signs(input: CovariateTeacher, variance: number, labelNoise: number): Teacher {
  const deviation = Math.sqrt(variance);
  const shift = check("teacherShift", input.teacherShift ?? 0, RANGES.finite) / deviation;
  const flips = input.labelFlips ?? 0;
  if (typeof flips !== "number" || !(flips >= 0 && flips < 0.5)) {
    throw new ParameterError("labelFlips", flips, "a number in [0, 1/2)");
  }
  if (input.teacher === "logistic") {
    const scale = check("logisticScale", input.logisticScale ?? 1, RANGES.positive) * deviation;
    const labels = logisticLabels(shift, scale, flips);
    return signTeacher(variance, labels, (loss, digits) => labelledMargin(loss, labels, digits));
  }
  const noise = labelNoise / variance;
  // (ζ + s)/√(1 + s²) as γκ + √(1 − γ²)ζ at κ = 1.
  const stretch = 1 + shift * shift;
  const law = { alignment: shift / Math.sqrt(stretch), labelNoise: noise / stretch, labelFlips: flips };
  return signTeacher(variance, probitLabels(shift, noise, flips), (loss, digits) => {
    const potential = marginPotential(loss, law, digits);
    return {
      evaluate: (M, L, s2, V, out) => potential.evaluate(1, M, L, s2, V, out),
      observe: (M, L, s2, V, out) => potential.observe(1, M, L, s2, V, out),
    };
  });
}

function signTeacher(variance: number, labels: LabelProbability, margin: Teacher["channel"]): Teacher {
  const breaks = [...labels.jumps, ...labels.features.map(({ at }) => at)];
  const up = averageOf(labels.value, "labels", breaks);
  const slope = averageOf((zeta) => zeta * labels.value(zeta), "labels", breaks);
  return {
    variance,
    additiveNoise: 0,
    labels: { mean: 2 * up - 1, slope: 2 * slope, square: 1 },
    channel: (loss, digits) => (loss.kind === "margin" ? margin(loss, digits) : labelledResidual(loss, labels, digits)),
  };
}
