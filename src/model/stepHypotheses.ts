import { activation, type Activation, type ActivationInput } from "../activation/activation.ts";
import { hermiteNumbers } from "../activation/stepNumbers.ts";
import { ParameterError } from "../errors.ts";
import { labelsOf } from "./signLabels.ts";

/** A Hermite number below this fraction of √E σ² is a rounding error. */
const VANISHING = 1e-12;

/** Whether the first Hermite number of an activation is zero but for rounding. */
function hasNoLinearPart(f: Activation, name: string): boolean {
  const { h1, h2 } = hermiteNumbers(f, name);
  return Math.abs(h1) <= VANISHING * Math.sqrt(h2);
}

/**
 * What one gradient step cannot do with this pair of activations (theory §2): with h1 = E[zσ] = 0 it makes no spike;
 * with h1* = E[zσ*] = 0 the spike has no overlap with the target's direction.
 *
 * @returns sentences for the user; empty where the step makes a spike that is aligned with the target
 */
export function stepNotices(student: Activation, target: Activation): string[] {
  const notices: string[] = [];
  if (hasNoLinearPart(student, "student")) notices.push(noSpike(student));
  if (hasNoLinearPart(target, "target")) notices.push(nothingLearned(target));
  return notices;
}

interface Described {
  readonly model: string;
  readonly student: ActivationInput;
  readonly target: ActivationInput;
  readonly learningRate?: number;
  readonly stepSampleRatio?: number;
  readonly labelNoise?: number;
  readonly labels?: "real" | "sign";
  readonly labelFlips?: number;
}

/** The notices of a description: of a trained network whose step does something. */
export function noticesOf(described: Described): string[] {
  const { model, student, learningRate, stepSampleRatio, labelNoise = 0, labelFlips = 0 } = described;
  if (model !== "trainedNetwork") return [];
  if (learningRate === 0 || stepSampleRatio === 0) return [];
  const { target } = labelsOf({ ...described, labelNoise, labelFlips });
  return stepNotices(activation(student, "student"), target);
}

const noSpike = (student: Activation) =>
  `student ${student.name} has h1 = E[zσ(z)] = 0: the gradient step makes no spike`;
const nothingLearned = (target: Activation) =>
  `target ${target.name} has h1* = E[zσ*(z)] = 0: the step learns nothing about it in this limit`;

/**
 * For what makes sense only with a spike that points to the target.
 *
 * @throws ParameterError if h1 = 0 or h1* = 0
 */
export function requireAlignedSpike(student: Activation, target: Activation): void {
  if (hasNoLinearPart(student, "student")) throw new ParameterError("student", student.name, noSpike(student));
  if (hasNoLinearPart(target, "target")) throw new ParameterError("target", target.name, nothingLearned(target));
}
