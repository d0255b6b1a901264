import type { ConvexLoss, ProximalPoint } from "../loss/convexLoss.ts";
import type { TrialContext } from "./arena.ts";
import { matrix, rowRange, topRows, type Matrix } from "./matrix.ts";
import { factoredSolve } from "./ridge.ts";
import { blockSize } from "./trialPlan.ts";
import { squaredNorm } from "./weights.ts";

/** Bound on the distance of the objective from its minimum, relative to the objective, at which the readout is trained. */
const TOLERANCE = 1e-9;
const MOST_STEPS = 200;
const MOST_MULTIPLIER_STEPS = 40;
/** First smoothing of a loss with a kink, and its decrease with every update of the multipliers. */
const FIRST_SMOOTHING = 1;
const SMOOTHING_RATIO = 0.3;

/** Smaller λ are reached from this one, by steps of this ratio: samples that are nearly separable make Newton's method slow. */
const SMALLEST_FROM_ZERO = 1e-4;
const RIDGE_RATIO = 10;

/** How well a readout is trained. */
export interface LossMinimum {
  /** Σ ℓ(y_i, f_i) + (λ/2)|a|² */
  readonly objective: number;
  /** Bound on the distance of the objective from its minimum, relative to the objective. */
  readonly gap: number;
}

/** A training set: features (n × p), labels, and room for three vectors over the samples. */
export interface TrainingSet {
  readonly features: Matrix;
  readonly labels: Float64Array;
  readonly outputs: Float64Array;
  readonly image: Float64Array;
  readonly pull: Float64Array;
}

/**
 * â = argmin Σ ℓ(y_i, f_i) + (λ/2)|a|², f = Φa/√p, by Newton's method with line search, from the readout given.
 *
 * A loss with a kink is handled by the method of multipliers: its Moreau envelope at smoothing μ, shifted by the multipliers
 * u_i = ℓ′(z_i), is minimised in turn, and the duality gap Σ ℓ(x_i) − ℓ(z_i) − u_i(x_i − z_i) ends the iteration. Otherwise strong
 * convexity bounds the distance from the minimum by |gradient|²/2λ.
 *
 * @throws RangeError if the bound is not below 1e-9
 */
export function fitLoss(
  context: TrialContext,
  set: TrainingSet,
  loss: ConvexLoss,
  ridge: number,
  readout: Matrix,
): LossMinimum {
  for (let larger = SMALLEST_FROM_ZERO; larger > 2 * ridge; larger /= RIDGE_RATIO) {
    fitFrom(context, set, loss, larger, readout);
  }
  return fitFrom(context, set, loss, ridge, readout);
}

/** The readout of one λ from the readout given. */
function fitFrom(
  context: TrialContext,
  set: TrainingSet,
  loss: ConvexLoss,
  ridge: number,
  readout: Matrix,
): LossMinimum {
  const n = set.features.rows;
  const kinked = loss.curvatureBound === Infinity;
  const multipliers = new Float64Array(n);
  let smoothing = kinked ? FIRST_SMOOTHING : 0;
  for (let outer = 0; outer < MOST_MULTIPLIER_STEPS; outer++) {
    const problem = new SmoothedProblem(context, set, loss, ridge, readout, smoothing, multipliers);
    const bound = problem.minimise();
    const objective = problem.objective();
    const gap = (bound + (kinked ? problem.updateMultipliers() : 0)) / objective;
    if (gap <= TOLERANCE) return { objective, gap };
    if (!kinked) break;
    smoothing *= SMOOTHING_RATIO;
  }
  throw new RangeError(
    `the readout of loss "${loss.name}" did not converge: its objective may be off by more than ${TOLERANCE}`,
  );
}

/** Minimises λ|a|²/2 + Σ M_μ(x_i + μu_i), M_μ the Moreau envelope of the loss (the loss itself for μ = 0). */
class SmoothedProblem {
  private readonly point: ProximalPoint = { z: 0, slope: 0, curvature: 0 };
  private readonly curvature: Float64Array;

  constructor(
    private readonly context: TrialContext,
    private readonly set: TrainingSet,
    private readonly loss: ConvexLoss,
    private readonly ridge: number,
    private readonly readout: Matrix,
    private readonly smoothing: number,
    private readonly multipliers: Float64Array,
  ) {
    this.curvature = new Float64Array(set.features.rows);
  }

  /** @returns |gradient|²/2λ, which bounds the distance from the minimum */
  minimise(): number {
    const { readout, ridge, set } = this;
    const p = readout.columns;
    const { moment, solution } = this.context.arena;
    this.applyFeatures(readout, set.outputs);
    let [bound, value] = [Infinity, Infinity];
    for (let step = 0; step < MOST_STEPS; step++) {
      this.differentiate();
      value = this.value(0);
      bound = squaredNorm(moment) / (2 * ridge);
      if (bound <= 0.1 * TOLERANCE * value) return bound;
      for (let j = 0; j < p; j++) solution[j] = -moment[j]!;
      this.newtonDirection();
      let slope = 0;
      for (let j = 0; j < p; j++) slope += moment[j]! * solution[j]!;
      this.applyFeatures(matrix(solution, 1, p), set.image);
      let length = 1;
      // Rounding can hide the last decrease of a converged value.
      while (this.value(length) > value + 1e-4 * length * slope + 1e-14 * value && length > 1e-10) length *= 0.5;
      for (let j = 0; j < p; j++) readout.data[j]! += length * solution[j]!;
      for (let i = 0; i < set.outputs.length; i++) set.outputs[i]! += length * set.image[i]!;
    }
    throw new RangeError(
      `the readout of loss "${this.loss.name}" did not converge in ${MOST_STEPS} Newton steps: its objective may be off by ${(bound / value).toExponential(1)}`,
    );
  }

  /** Σ ℓ(x_i) + λ|a|²/2 at the readout. */
  objective(): number {
    let sum = 0.5 * this.ridge * squaredNorm(this.readout.data);
    for (let i = 0; i < this.set.outputs.length; i++) sum += this.loss.value(this.argument(i, this.set.outputs[i]!));
    return sum;
  }

  /** u_i ← ℓ′(z_i); returns the duality gap. */
  updateMultipliers(): number {
    const { loss, multipliers, point, smoothing } = this;
    let gap = 0;
    for (let i = 0; i < multipliers.length; i++) {
      const x = this.argument(i, this.set.outputs[i]!);
      loss.proximal(x + smoothing * multipliers[i]!, smoothing, point);
      gap += loss.value(x) - loss.value(point.z) - point.slope * (x - point.z);
      multipliers[i] = point.slope;
    }
    return gap;
  }

  private argument(i: number, output: number): number {
    const label = this.set.labels[i]!;
    return this.loss.kind === "margin" ? label * output : label - output;
  }

  private value(length: number): number {
    const { loss, multipliers, point, smoothing, readout } = this;
    const { outputs, image } = this.set;
    const { solution } = this.context.arena;
    let sum = 0;
    for (let j = 0; j < readout.columns; j++) {
      const a = readout.data[j]! + (length === 0 ? 0 : length * solution[j]!);
      sum += 0.5 * this.ridge * a * a;
    }
    for (let i = 0; i < outputs.length; i++) {
      const x = this.argument(i, outputs[i]! + (length === 0 ? 0 : length * image[i]!));
      if (smoothing === 0) sum += loss.value(x);
      else {
        const shifted = x + smoothing * multipliers[i]!;
        loss.proximal(shifted, smoothing, point);
        sum += loss.value(point.z) + (shifted - point.z) ** 2 / (2 * smoothing);
      }
    }
    return sum;
  }

  /** Gradient into `moment`, second derivatives of the loss into `curvature`. */
  private differentiate(): void {
    const { loss, multipliers, point, smoothing, readout, set } = this;
    const n = set.outputs.length;
    for (let i = 0; i < n; i++) {
      const x = this.argument(i, set.outputs[i]!);
      loss.proximal(x + smoothing * multipliers[i]!, smoothing, point);
      set.pull[i] = loss.kind === "margin" ? set.labels[i]! * point.slope : -point.slope;
      this.curvature[i] = point.curvature;
    }
    const p = readout.columns;
    const { arena, algebra } = this.context;
    algebra.transposeMultiply(matrix(arena.moment, 1, p), 1 / Math.sqrt(p), matrix(set.pull, n, 1), set.features, 0);
    for (let j = 0; j < p; j++) arena.moment[j]! += this.ridge * readout.data[j]!;
  }

  /** x ← (λ + Φᵀ diag(ℓ″) Φ/p)⁻¹ x for x in `solution`; samples without curvature take no part. */
  private newtonDirection(): void {
    const { arena, algebra } = this.context;
    const { features } = this.set;
    const p = features.columns;
    const gram = matrix(arena.square, p, p);
    const block = arena.features[0];
    let [rows, beta] = [0, 0];
    const flush = () => {
      algebra.columnGram(gram, 1 / p, topRows(block, rows), beta);
      [rows, beta] = [0, 1];
    };
    for (let i = 0; i < features.rows; i++) {
      const weight = Math.sqrt(this.curvature[i]!);
      if (weight === 0) continue;
      const from = rowRange(features, i, 1).data;
      const to = rowRange(block, rows, 1).data;
      for (let j = 0; j < p; j++) to[j] = weight * from[j]!;
      if (++rows === blockSize) flush();
    }
    if (rows > 0 || beta === 0) flush();
    if (!factoredSolve(this.context, gram, this.ridge, arena.solution.subarray(0, p))) {
      throw new RangeError(`the Hessian of loss "${this.loss.name}" is singular`);
    }
  }

  private applyFeatures(a: Matrix, to: Float64Array): void {
    const { features } = this.set;
    const p = features.columns;
    this.context.algebra.multiplyTransposed(matrix(to, features.rows, 1), 1 / Math.sqrt(p), features, a, 0);
  }
}
