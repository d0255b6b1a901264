import { nameInStep } from "../parameters/table.ts";
import { ParameterError } from "../errors.ts";
import type { StepInput, SteppedNetwork } from "./description.ts";

/** A step that does something. */
export interface ActiveStep extends StepInput {
  /** Its place among the steps that were given. */
  readonly index: number;
}

/** The steps that do something, and notices about the others. */
export interface ActiveSteps {
  readonly steps: readonly ActiveStep[];
  readonly notices: readonly string[];
}

/** The steps of a network: `steps`, or the flat pair of one. */
function stepsOf({ steps, learningRate, stepSampleRatio }: SteppedNetwork): readonly StepInput[] {
  if (steps !== undefined) {
    const flat =
      learningRate !== undefined ? "learningRate" : stepSampleRatio !== undefined ? "stepSampleRatio" : undefined;
    if (flat) throw new ParameterError(flat, { learningRate, stepSampleRatio }[flat], "left out where steps are given");
    return steps;
  }
  if (learningRate === undefined)
    throw new ParameterError("steps", undefined, "required, or learningRate and stepSampleRatio");
  if (stepSampleRatio === undefined)
    throw new ParameterError("stepSampleRatio", undefined, "required with learningRate");
  return [{ learningRate, stepSampleRatio }];
}

const isIdle = ({ learningRate, stepSampleRatio }: StepInput) => learningRate === 0 || stepSampleRatio === 0;

/** An infinite batch has nothing that a second step could see again. */
const usesAgain = ({ reuseBatch = false, stepSampleRatio }: StepInput) => reuseBatch && stepSampleRatio < Infinity;

/**
 * The steps of a network that do something; the others are told.
 *
 * @throws ParameterError for contradictory fields, and for a batch used again where there is none
 */
export function activeSteps(description: SteppedNetwork): ActiveSteps {
  const all = stepsOf(description);
  all.forEach((step, t) => {
    if (step.reuseBatch) requireBatch(all, t);
  });
  return {
    steps: all.map((step, index) => ({ ...step, reuseBatch: usesAgain(step), index })).filter((step) => !isIdle(step)),
    notices: all.flatMap((step, t) => {
      if (!isIdle(step)) return [];
      const why = step.learningRate === 0 ? "learningRate = 0" : "stepSampleRatio = 0";
      return [`step ${t + 1} has ${why}: it does nothing`];
    }),
  };
}

function requireBatch(all: readonly StepInput[], t: number): void {
  const before = all[t - 1];
  const refuse = (legal: string) => new ParameterError(nameInStep(t, "reuseBatch"), true, legal);
  if (!before) throw refuse("false: before the first step there is no batch");
  if (isIdle(before)) throw refuse(`false: step ${t} does nothing with its batch`);
  if (all[t]!.stepSampleRatio !== before.stepSampleRatio) {
    const legal = `${before.stepSampleRatio}, that of the step whose batch is used again`;
    throw new ParameterError(nameInStep(t, "stepSampleRatio"), all[t]!.stepSampleRatio, legal);
  }
}
