import type { MultiIndexTarget } from "../target/multiIndexTarget.ts";
import type { LinearAlgebra } from "./linearAlgebra.ts";
import { matrix, topRows, type Matrix } from "./matrix.ts";
import type { SimulationSpecification } from "./specification.ts";
import { blockSize, type TrialPlan } from "./trialPlan.ts";
import type { ElementwiseMap } from "./arrayProgram.ts";
import { Workspace } from "./workspace.ts";

/** A layer of random weights below the last one. */
export interface LowerLayer {
  readonly weights: Matrix;
  /** A block of its features. */
  readonly outputs: Matrix;
}

/** All arrays of a trial, laid out once and used by every trial of the specification. */
export interface Arena {
  readonly workspace: Workspace;
  readonly streamStates: Float64Array;
  /** W of the last layer, p × d, or p × the width of the layer below. */
  readonly weights: Matrix;
  /** The layers below, with a block of the features of each. */
  readonly lower: readonly LowerLayer[];
  /** Gradient of the step (p × d), afterwards the primal Gram matrix (p × p). */
  readonly square: Float64Array;
  /** ΦΦᵀ/p of the dual samples. */
  readonly dualGram: Matrix;
  /** Φ of the dual samples. */
  readonly dualFeatures: Matrix;
  /** A block of inputs, one a row. */
  readonly inputs: Matrix;
  /** Two blocks of features. */
  readonly features: readonly [Matrix, Matrix];
  /** y of the training samples. */
  readonly labels: Float64Array;
  /** â of every (n, λ), one a row. */
  readonly readouts: Matrix;
  /** Φᵀy/√p. */
  readonly moment: Float64Array;
  /** Right-hand side and solution. */
  readonly solution: Float64Array;
  /** Diagonal of a Gram matrix whose lower triangle holds a factor. */
  readonly diagonal: Float64Array;
  /** b₀ of the step. */
  readonly stepMoment: Float64Array;
  /** Labels, or predictions of all readouts, on a block. */
  readonly outputs: Float64Array;
  readonly residuals: Float64Array;
  /** Room for the eigenvectors of a Gram matrix, and for its eigenvalues and scratch; empty unless some λ is 0. */
  readonly eigenvectors: Float64Array;
  readonly eigenvalues: Float64Array;
  /** Φ of all training samples, for losses other than the square; and three vectors over them. */
  readonly lossFeatures: Matrix;
  readonly lossVectors: Float64Array;
  /** f of every network of a trial at every test sample and readout, where pairs of networks are observed. */
  readonly predictions: Float64Array;
  /** Intermediate results of the activations. */
  readonly registers: Float64Array;
}

export function layOut(workspace: Workspace, specification: SimulationSpecification, plan: TrialPlan): Arena {
  const { dimension: d, width: p } = specification;
  const { lengths, dualSamples } = plan;
  workspace.clear();
  const take = (length: number): Float64Array => workspace.allocate(length);
  const features = take(lengths.features);
  const half = blockSize * p;
  const lower = lowerLayers(d, plan.lowerWidths, take);
  return {
    workspace,
    streamStates: take(lengths.streams),
    weights: matrix(take(lengths.weights), lengths.weights > 0 ? p : 0, plan.lowerWidths.at(-1) ?? d),
    lower,
    square: take(lengths.square),
    dualGram: matrix(take(lengths.dualGram), dualSamples, dualSamples),
    dualFeatures: matrix(take(lengths.dualFeatures), dualSamples, p),
    inputs: matrix(take(lengths.inputs), blockSize, d),
    features: [matrix(features.subarray(0, half), blockSize, p), matrix(features.subarray(half), blockSize, p)],
    labels: take(lengths.labels),
    readouts: matrix(take(lengths.readouts), plan.readouts, p),
    moment: take(lengths.moment),
    solution: take(lengths.solution),
    diagonal: take(lengths.diagonal),
    stepMoment: take(lengths.stepMoment),
    outputs: take(lengths.outputs),
    residuals: take(lengths.residuals),
    registers: take(lengths.registers),
    predictions: take(lengths.predictions),
    lossFeatures: matrix(take(lengths.lossFeatures), lengths.lossFeatures / p, p),
    lossVectors: take(lengths.lossVectors),
    eigenvectors: take(lengths.eigenvectors),
    eigenvalues: take(lengths.eigenvalues),
  };
}

function lowerLayers(d: number, widths: readonly number[], take: (length: number) => Float64Array): LowerLayer[] {
  return widths.map((width, l) => {
    const below = widths[l - 1] ?? d;
    const weights = matrix(take(width * below), width, below);
    return { weights, outputs: matrix(take(blockSize * width), blockSize, width) };
  });
}

/** What a trial computes with: arrays, linear algebra, and the activations as array maps. */
export interface TrialContext {
  readonly specification: SimulationSpecification;
  readonly plan: TrialPlan;
  readonly arena: Arena;
  readonly algebra: LinearAlgebra;
  readonly student: ElementwiseMap;
  /** σ′, for a gradient step. */
  readonly studentDerivative: ElementwiseMap;
  readonly target: ElementwiseMap;
  /** g, where the target is one of special directions. */
  readonly ofSeveral?: MultiIndexTarget;
}

/** Pre-activations W x of the last layer for the first `count` inputs, into the first `count` rows of `to`. */
export function preactivations({ arena, algebra, student }: TrialContext, to: Matrix, count: number): Matrix {
  let below = topRows(arena.inputs, count);
  for (const { weights, outputs } of arena.lower) {
    const features = topRows(outputs, count);
    algebra.multiplyTransposed(features, 1, below, weights, 0);
    student(entries(features));
    below = features;
  }
  const block = topRows(to, count);
  algebra.multiplyTransposed(block, 1, below, arena.weights, 0);
  return block;
}

/** Features σ(W x), or the inputs themselves where there are no weights. */
export function computeFeatures(context: TrialContext, to: Matrix, count: number): Matrix {
  const { weights } = context.specification;
  if (weights.kind === "none") return copyInputs(context.arena.inputs, topRows(to, count), weights.constant);
  const block = preactivations(context, to, count);
  context.student(entries(block));
  return block;
}

/** Inputs as features, and a constant behind them where there is room for one. */
function copyInputs(inputs: Matrix, to: Matrix, constant: number): Matrix {
  for (let i = 0; i < to.rows; i++) {
    const row = to.data.subarray(i * to.stride, i * to.stride + to.columns);
    row.set(inputs.data.subarray(i * inputs.stride, i * inputs.stride + inputs.columns));
    if (to.columns > inputs.columns) row[inputs.columns] = constant;
  }
  return to;
}

/** The entries of a matrix without gaps between its rows. */
export function entries(a: Matrix): Float64Array {
  return a.data.subarray(0, a.rows * a.columns);
}
