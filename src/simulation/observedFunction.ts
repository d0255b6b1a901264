import { entries, preactivations, type TrialContext } from "./arena.ts";
import { matrix, topRows } from "./matrix.ts";
import { drawInputs } from "./samples.ts";
import type { StartedTrial } from "./startedTrial.ts";
import { blockSize } from "./trialPlan.ts";
import type { Directions } from "./weights.ts";

/** Where the function of a network is observed: at inputs whose projection on θ, or on v, has the given values. */
export interface FunctionGrid {
  readonly along: "target" | "spike";
  readonly at: readonly number[];
  /** Inputs averaged over at each value. */
  readonly samples: number;
}

/** The function of a network at the places where it is observed. */
export interface ObservedFunction {
  /** For each (α, λ), in the specification's order of ascending α, the values at all places. */
  readonly values: readonly (readonly number[])[];
}

/**
 * E[f(x) | eᵀx = t] of the readouts in the arena, e = θ or v.
 *
 * The inputs are drawn orthogonal to e and moved along it, so nothing is binned, and every t has the same ones: W(x + te) = Wx + tWe
 * takes one product for all t.
 */
export function observeFunction(
  context: TrialContext,
  { streams, directions }: StartedTrial,
  { along, at, samples }: FunctionGrid,
): ObservedFunction {
  const { arena, algebra, plan, student, specification } = context;
  const direction = directionAlong(directions, along);
  const image = new Float64Array(specification.width);
  for (let j = 0; j < image.length; j++) image[j] = product(arena.weights.data, j * arena.weights.stride, direction);
  const sums = Array.from({ length: plan.readouts }, () => at.map(() => 0));
  for (let first = 0; first < samples; first += blockSize) {
    const count = Math.min(blockSize, samples - first);
    drawInputs(context, streams.testInputs, count);
    for (let i = 0; i < count; i++) removeAlong(arena.inputs.data, i * arena.inputs.stride, direction);
    const orthogonal = preactivations(context, arena.features[0], count);
    const moved = topRows(arena.features[1], count);
    const outputs = topRows(matrix(arena.outputs, blockSize, plan.readouts), count);
    at.forEach((t, index) => {
      for (let i = 0; i < count; i++) {
        const start = i * moved.stride;
        for (let j = 0; j < image.length; j++) moved.data[start + j] = orthogonal.data[start + j]! + t * image[j]!;
      }
      student(entries(moved));
      algebra.multiplyTransposed(outputs, 1 / Math.sqrt(specification.width), moved, arena.readouts, 0);
      for (let i = 0; i < count; i++) {
        for (let k = 0; k < plan.readouts; k++) sums[k]![index]! += outputs.data[i * plan.readouts + k]!;
      }
    });
  }
  return { values: sums.map((values) => values.map((sum) => sum / samples)) };
}

function directionAlong({ target, spike }: Directions, along: FunctionGrid["along"]): Float64Array {
  if (along === "spike") return spike;
  const theta = new Float64Array(spike.length);
  [theta[0], theta[1]] = target;
  return theta;
}

function product(data: Float64Array, start: number, direction: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < direction.length; i++) sum += data[start + i]! * direction[i]!;
  return sum;
}

function removeAlong(data: Float64Array, start: number, direction: Float64Array): void {
  const projection = product(data, start, direction);
  for (let i = 0; i < direction.length; i++) data[start + i]! -= projection * direction[i]!;
}
