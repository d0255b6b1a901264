import { activation, type Activation } from "../activation/activation.ts";
import { hermiteNumbers } from "../activation/stepNumbers.ts";
import { ParameterError } from "../errors.ts";
import { type ConvexLoss } from "../loss/convexLoss.ts";
import type { LabelLaw } from "../convex/labelLaw.ts";
import { localPotential } from "../convex/potentials.ts";
import { labelsOf } from "../model/signLabels.ts";
import { check, RANGES } from "../parameters/ranges.ts";
import type { CovariateTeacher } from "./description.ts";
import type { OutputChannel } from "./convexSaddle.ts";

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
  /** The same with another Δ. */
  withNoise(labelNoise: number): Teacher;
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
  const withNoise = (noise: number): Teacher => ({
    variance,
    additiveNoise: noise,
    labels: { mean: h0, slope: h1, square: h2 + noise },
    channel: channelOf({ target, alignment: 0, labelNoise: noise }),
    withNoise,
  });
  return withNoise(labelNoise);
}

/** Labels of ζ alone. */
function channelOf(labels: LabelLaw): Teacher["channel"] {
  return (loss, digits) => {
    const potential = localPotential(loss, labels, digits);
    return {
      evaluate: (M, L, s2, V, out) => potential.evaluate(0, M, L, s2, V, out),
      observe(M, L, s2, V, out) {
        potential.observe(0, M, L, s2, V, out);
        potential.classes.write({ kappa: 0, M, L, s2 }, V, out);
      },
    };
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
  const logisticScale = check("logisticScale", input.logisticScale ?? 1, RANGES.positive) * deviation;
  const { signs: law, target } = labelsOf({
    ...{ target: "x", labelFlips: flips, teacher: input.teacher as SignTeacher, teacherShift: shift },
    labelNoise: labelNoise / variance,
    ...(input.teacher === "logistic" && { logisticScale }),
  });
  const { h0, h1 } = hermiteNumbers(target, "labels");
  return {
    variance,
    additiveNoise: 0,
    labels: { mean: h0, slope: h1, square: 1 },
    channel: channelOf({ target, alignment: 0, labelNoise: 0, signs: law! }),
    withNoise: (noise) => signs(input, variance, noise),
  };
}

type SignTeacher = Exclude<CovariateTeacher["teacher"], "regression">;
