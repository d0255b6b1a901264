/** Derivatives of averages over κ along the response of a saddle point, from the derivatives of the local potential. */
import type { Table } from "../problem/table.ts";
import {
  averageByOneRule,
  DERIVATIVES,
  type LocalPotential,
  MEAN,
  second,
  SLOPE,
  SUSCEPTIBILITY,
  VARIANCE,
} from "./localPotential.ts";
import { fieldsAt, type LocalArguments, localFields, type SaddleState } from "./localState.ts";

/** A state with the factors of its regressors. */
export interface FactoredState {
  readonly state: SaddleState;
  readonly tau: Float64Array;
}

/** A solution on the nodes of a grid. */
export interface OnNodes {
  readonly grid: Table;
  readonly susceptibility: number;
  readonly solved: FactoredState;
}

/** A direction in which it moves. */
export interface Moving extends OnNodes {
  readonly moved: FactoredState;
  /** Change of the variance of normal noise of the labels, which adds to s². */
  readonly noise: number;
}

/** A derivative, and its terms in absolute value. */
export interface Summed {
  readonly value: number;
  readonly size: number;
}

/** The local potential given κ: writes its derivatives. */
export type PotentialGiven = (M: number, L: number, s2: number, V: number, out: Float64Array) => void;
type Term = (evaluate: PotentialGiven, at: LocalArguments, change: LocalArguments) => Summed;

const noFields = (): LocalArguments => ({ M: 0, L: 0, s2: 0, V: 0 });

/** Σ over the nodes, by one rule of the potential. */
function sumAlong(
  { grid, susceptibility, solved, moved, noise }: Moving,
  potential: LocalPotential,
  term: Term,
): Summed {
  const fields = localFields(grid);
  const { nodes, weights } = fields;
  const [at, change] = [noFields(), noFields()];
  let [value, size] = [0, 0];
  averageByOneRule(potential, () => {
    value = size = 0;
    for (let i = 0; i < nodes.length; i++) {
      fieldsAt(fields, solved.state, solved.tau, susceptibility, i, at);
      fieldsAt(fields, moved.state, moved.tau, susceptibility, i, change);
      change.s2 += noise;
      const own = term((...given) => potential.evaluate(nodes[i]!, ...given), at, change);
      value += weights[i]! * own.value;
      size += weights[i]! * own.size;
    }
  });
  return { value, size };
}

const local = new Float64Array(DERIVATIVES);

/** d E ℓ(y, z) given κ, z the proximal point: of P + V P_V. */
export function trainLossTerm(evaluate: PotentialGiven, at: LocalArguments, change: LocalArguments): Summed {
  evaluate(at.M, at.L, at.s2, at.V, local);
  let [value, size] = [local[SUSCEPTIBILITY]! * change.V, 0];
  [change.M, change.L, change.s2, change.V].forEach((step, v) => {
    const bent = at.V * local[second(v, SUSCEPTIBILITY)]!;
    value += (local[v]! + bent) * step;
    size += (Math.abs(local[v]!) + Math.abs(bent)) * Math.abs(step);
  });
  return { value, size };
}

/** V beside s at which the potential of a loss with kinks stands for that at V = 0, extrapolated by halving it twice. */
const SMALL = 3e-4;
const HALVED: readonly (readonly [part: number, weight: number])[] = [
  [1, 1 / 3],
  [1 / 2, -2],
  [1 / 4, 8 / 3],
];
/** Of a loss of bounded curvature the potential at this V has the derivatives of the loss itself, to rounding. */
const TINY = 1e-14;
const ONCE: typeof HALVED = [[1, 1]];

/**
 * d E ℓ(y, ω) given κ: of the potential at V = 0.
 *
 * @param kinked whether ℓ has kinks, so that the curvature at V = 0 is that of points
 */
export function testLossTerm(
  evaluate: PotentialGiven,
  { M, L, s2 }: LocalArguments,
  change: LocalArguments,
  kinked: boolean,
): Summed {
  const [small, parts] = kinked ? [SMALL, HALVED] : [TINY, ONCE];
  let [value, size] = [0, 0];
  for (const [part, weight] of parts) {
    evaluate(M, L, s2, small * part * Math.min(1, Math.sqrt(s2)), local);
    for (const term of [change.M * local[MEAN]!, change.L * local[SLOPE]!, change.s2 * local[VARIANCE]!]) {
      value += weight * term;
      size += Math.abs(weight * term);
    }
  }
  return { value, size };
}

export const trainLossAlong = (moving: Moving, potential: LocalPotential): Summed =>
  sumAlong(moving, potential, trainLossTerm);

export const testLossAlong = (moving: Moving, potential: LocalPotential, kinked: boolean): Summed =>
  sumAlong(moving, potential, (evaluate, at, change) => testLossTerm(evaluate, at, change, kinked));

/** The derivative of the gradient of E P by (x, Q, τ) by normal noise of the labels, which adds to s² at every node. */
export function noiseGradient({ grid, susceptibility, solved }: OnNodes, potential: LocalPotential): Float64Array {
  const fields = localFields(grid);
  const { basis, regressors, channels, nodes, weights } = fields;
  const m = basis.length;
  const gradient = new Float64Array(2 * m + regressors.length);
  const at = noFields();
  averageByOneRule(potential, () => {
    gradient.fill(0);
    for (let i = 0; i < nodes.length; i++) {
      fieldsAt(fields, solved.state, solved.tau, susceptibility, i, at);
      potential.evaluate(nodes[i]!, at.M, at.L, at.s2, at.V, local);
      const w = weights[i]!;
      for (let a = 0; a < m; a++) {
        gradient[a]! += w * susceptibility * basis[a]![i]! * local[second(SUSCEPTIBILITY, VARIANCE)]!;
        gradient[m + a]! += w * basis[a]![i]! * local[second(VARIANCE, VARIANCE)]!;
      }
      regressors.forEach((X, c) => {
        gradient[2 * m + c]! += w * X[i]! * local[second(c < channels ? MEAN : SLOPE, VARIANCE)]!;
      });
    }
  });
  return gradient;
}
