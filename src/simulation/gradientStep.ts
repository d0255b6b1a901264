import { entries, preactivations, type TrialContext } from "./arena.ts";
import { matrix, type Matrix } from "./matrix.ts";
import type { TrialStreams } from "./randomStreams.ts";
import { drawInputs, noisyLabels, signLabels } from "./samples.ts";
import { blockSize } from "./trialPlan.ts";
import type { StepOnSamples } from "./weightLaw.ts";
import { fixedDirections, groupOfNeuron, scale, squaredNorm, type Directions } from "./weights.ts";

/**
 * One full-batch gradient step on W, in place (theory §1):
 *
 *     w_j ← w_j + η̃ u_j (1/n₀) Σ_i (y_i − f₀(x_i)) σ′(w_jᵀx_i) x_i,   f₀ = (1/p) Σ_j u_j σ(w_jᵀx).
 *
 * The target is θ = e₁. Returns v ∝ b₀ = (1/n₀) Σ_i (y_i − f₀(x_i)) x_i and ζ̂ = (θ − γv)/ρ.
 */
export function takeGradientStep(context: TrialContext, streams: TrialStreams, learningRate: number): Directions {
  const { specification, arena, algebra, plan } = context;
  const directions = fixedDirections(specification.dimension, 1);
  const samples = plan.stepSamples;
  if (samples === 0) return { ...directions, spike: directions.orthogonal, orthogonal: directions.spike };
  const b0 = matrix(arena.stepMoment, 1, specification.dimension);
  descend(context, directions, streams, { learningRate, samples }, (residuals, inputs, beta) =>
    algebra.transposeMultiply(b0, 1, residuals, inputs, beta),
  );
  return stepDirections(directions, arena.stepMoment);
}

/**
 * Steps one after the other, in place (multiIndex §3): each on a fresh batch with the residual of the network that the one before
 * left, or on the batch of the one before (multiIndex §5).
 */
export function takeSteps(context: TrialContext, streams: TrialStreams, steps: readonly StepOnSamples[]): void {
  const directions = fixedDirections(context.specification.dimension, 1);
  let rewind = (): void => undefined;
  for (const step of steps) {
    if (step.reuseBatch) rewind();
    const marks = [streams.stepInputs, streams.stepNoise].map((stream) => stream.mark());
    rewind = () => marks.forEach((back) => back());
    descend(context, directions, streams, step);
  }
}

/** @param observe called with the residuals and inputs of every block, and 0 for the first of them, else 1 */
function descend(
  context: TrialContext,
  directions: Directions,
  streams: TrialStreams,
  { learningRate, samples }: Pick<StepOnSamples, "learningRate" | "samples">,
  observe?: (residuals: Matrix, inputs: Matrix, beta: 0 | 1) => void,
): void {
  const { specification, arena, algebra } = context;
  const { dimension: d, width: p } = specification;
  const gradient = matrix(arena.square.subarray(0, p * d), p, d);
  const readout = readoutVector(context);
  for (let first = 0; first < samples; first += blockSize) {
    const count = Math.min(blockSize, samples - first);
    const residuals = arena.residuals.subarray(0, count);
    drawInputs(context, streams.stepInputs, count);
    const draw = context.specification.signs?.inStep ? signLabels : noisyLabels;
    draw(context, directions, streams.stepNoise, residuals);
    const slopes = residualSlopes(context, readout, residuals);
    const inputs = { ...arena.inputs, rows: count };
    const beta = first === 0 ? 0 : 1;
    algebra.transposeMultiply(gradient, 1, slopes, inputs, beta);
    observe?.(matrix(residuals, count, 1), inputs, beta);
  }
  addScaledRows(arena.weights, gradient, (j) => (learningRate * readout[j]!) / samples);
}

/** u_j of every neuron. */
function readoutVector({ specification: { groups } }: TrialContext): Float64Array {
  return Float64Array.from(groupOfNeuron(groups), (k) => groups.values[k]!);
}

/** Turns labels into residuals y − f₀ in place, and returns the block of residual_i σ′(w_jᵀx_i). */
function residualSlopes(context: TrialContext, readout: Float64Array, residuals: Float64Array): Matrix {
  const { arena, student, studentDerivative } = context;
  const count = residuals.length;
  const values = preactivations(context, arena.features[0], count);
  const slopes = { ...arena.features[1], rows: count };
  entries(slopes).set(entries(values));
  student(entries(values));
  studentDerivative(entries(slopes));
  const p = values.columns;
  for (let i = 0; i < count; i++) {
    let output = 0;
    for (let j = 0; j < p; j++) output += readout[j]! * values.data[i * p + j]!;
    residuals[i]! -= output / p;
    scale(slopes.data.subarray(i * p, (i + 1) * p), residuals[i]!);
  }
  return slopes;
}

function addScaledRows(to: Matrix, from: Matrix, factor: (row: number) => number): void {
  for (let j = 0; j < to.rows; j++) {
    const s = factor(j);
    const start = j * to.stride;
    for (let k = start; k < start + to.columns; k++) to.data[k]! += s * from.data[k]!;
  }
}

function stepDirections({ target, spike: theta }: Directions, b0: Float64Array): Directions {
  const spike = Float64Array.from(b0);
  scale(spike, 1 / Math.sqrt(squaredNorm(spike)));
  const gamma = spike[0]!;
  const orthogonal = theta.map((value, i) => value - gamma * spike[i]!);
  const rho = Math.sqrt(squaredNorm(orthogonal));
  if (rho > 0) scale(orthogonal, 1 / rho);
  return { target, spike, orthogonal };
}
