import { nameInStep } from "../parameters/table.ts";
import { activation } from "../activation/activation.ts";
import { ParameterError } from "../errors.ts";
import type { MultiIndexDescription, SteppedNetwork } from "../multiIndex/description.ts";
import { spikedDirections } from "../multiIndex/givenSpikes.ts";
import { activeSteps } from "../multiIndex/stepList.ts";
import { multiIndexTarget } from "../target/multiIndexTarget.ts";
import type { Groups, SpecialDirections, StepOnSamples } from "./weightLaw.ts";

type Law = Omit<SpecialDirections, "kind" | "steps">;

/**
 * How the weights of a model with a target or spikes of several directions, or several steps, are made.
 *
 * @throws ParameterError for illegal values, and for what no finite network realises
 */
export function directionsLaw(
  description: MultiIndexDescription,
  dimension: number,
  groups: Groups,
): SpecialDirections {
  const [law, steps] = lawAndSteps(description, dimension, groups);
  const least = law.theta[0]!.length;
  if (dimension < least) {
    throw new ParameterError("dimension", dimension, `an integer ≥ ${least}, the directions of target and spikes`);
  }
  return { kind: "directions", ...law, steps };
}

function lawAndSteps(
  description: MultiIndexDescription,
  dimension: number,
  { values }: Groups,
): [Law, readonly StepOnSamples[]] {
  switch (description.model) {
    case "randomFeatures":
      activation(description.student, "student");
      return [alongTarget(description, [description.bulkVariance ?? 1]), []];
    case "spikedRandomFeatures":
      return [givenLaw(description), []];
    case "trainedNetwork": {
      const ones = values.map(() => 1);
      return [alongTarget(description, ones), stepsOnSamples(description, dimension)];
    }
  }
}

/** No spikes yet: the target's directions are the first coordinates. */
function alongTarget({ target }: MultiIndexDescription, bulkVariances: readonly number[]): Law {
  const { directions } = multiIndexTarget(target);
  const axes = Array.from({ length: directions }, (_, i) => i);
  return {
    theta: axes.map((i) => axes.map((c) => (c === i ? 1 : 0))),
    spikes: bulkVariances.map(() => axes.map(() => 0)),
    bulkVariances,
  };
}

function givenLaw(description: Parameters<typeof spikedDirections>[0]): Law {
  const { features, factors } = spikedDirections({ labelNoise: 0, bulkVariance: 1, ...description });
  const bulkVariances = features.tau.map((tau) => tau * tau);
  return { theta: features.theta, spikes: features.R, bulkVariances, ...(factors && { factors }) };
}

function stepsOnSamples(description: SteppedNetwork, dimension: number): StepOnSamples[] {
  const { jumps } = activation(description.student, "student");
  if (jumps.length > 0) {
    throw new ParameterError("student", description.student, "a function without jumps, for a gradient step");
  }
  const { steps } = activeSteps(description);
  const name = (index: number) => (description.steps ? nameInStep(index, "stepSampleRatio") : "stepSampleRatio");
  return steps.map(({ learningRate, stepSampleRatio, reuseBatch = false, index }) => {
    const samples = Math.round(stepSampleRatio * dimension);
    if (stepSampleRatio === Infinity) {
      throw new ParameterError(
        name(index),
        stepSampleRatio,
        "finite in a simulation: an infinite batch cannot be drawn",
      );
    }
    if (samples < 1) {
      const legal = `at least one sample of ${stepSampleRatio} · dimension = ${stepSampleRatio * dimension}`;
      throw new ParameterError(name(index), stepSampleRatio, legal);
    }
    return { learningRate, samples, reuseBatch };
  });
}
