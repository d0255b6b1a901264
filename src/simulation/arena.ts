import type { LinearAlgebra } from "./linearAlgebra.ts";
import { matrix, topRows, type Matrix } from "./matrix.ts";
import type { SimulationSpecification } from "./specification.ts";
import { blockSize, type TrialPlan } from "./trialPlan.ts";
import type { ElementwiseMap } from "./arrayProgram.ts";
import { Workspace } from "./workspace.ts";

/** All arrays of a trial, laid out once and used by every trial of the specification. */
export interface Arena {
  readonly workspace: Workspace;
  readonly streamStates: Float64Array;
  /** W, p × d. */
  readonly weights: Matrix;
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
  return {
    workspace,
    streamStates: take(lengths.streams),
    weights: matrix(take(lengths.weights), p, d),
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
    lossFeatures: matrix(take(lengths.lossFeatures), lengths.lossFeatures / p, p),
    lossVectors: take(lengths.lossVectors),
    eigenvectors: take(lengths.eigenvectors),
    eigenvalues: take(lengths.eigenvalues),
  };
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
}

/** Pre-activations W x of the first `count` inputs, into the first `count` rows of `to`. */
export function preactivations({ arena, algebra }: TrialContext, to: Matrix, count: number): Matrix {
  const block = topRows(to, count);
  algebra.multiplyTransposed(block, 1, topRows(arena.inputs, count), arena.weights, 0);
  return block;
}

/** Features σ(W x). */
export function computeFeatures(context: TrialContext, to: Matrix, count: number): Matrix {
  const block = preactivations(context, to, count);
  context.student(entries(block));
  return block;
}

/** The entries of a matrix without gaps between its rows. */
export function entries(a: Matrix): Float64Array {
  return a.data.subarray(0, a.rows * a.columns);
}
