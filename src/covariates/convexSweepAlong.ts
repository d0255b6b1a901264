import type { ConvexProblem, ConvexState, OutputAverages } from "./convexSaddle.ts";

/** Unknowns of covariates §6, and |a|². */
export interface MovedImage {
  readonly susceptibility: number;
  readonly across: number;
  readonly along: number;
  readonly constant: number;
  readonly readoutNorm: number;
}

/** A direction of the point. */
export interface ConvexDirection {
  readonly samples: number;
  readonly ridge: number;
}

/** Averages of the labels' side, and how they move with the state. */
export interface MovingAverages {
  readonly value: OutputAverages;
  readonly change: OutputAverages;
}

/** The derivative of `convexSweep` along a direction of the point and of the state. */
export function convexSweepAlong(
  { levels, teacherVariance: rho, samples, ridge, intercept }: ConvexProblem,
  { value, change }: MovingAverages,
  state: ConvexState,
  moved: Pick<ConvexState, "along" | "constant">,
  direction: ConvexDirection,
): MovedImage {
  const Vhat = samples * value.curvature;
  const qhat = samples * value.square;
  const mhat = (samples * value.slopeAlong + state.along * Vhat) / Math.sqrt(rho);
  const grow = (entry: "curvature" | "square" | "slopeAlong") =>
    direction.samples * value[entry] + samples * change[entry];
  const [dVhat, dqhat] = [grow("curvature"), grow("square")];
  const dmhat = (grow("slopeAlong") + moved.along * Vhat + state.along * dVhat) / Math.sqrt(rho);
  const terms = Array.from(levels.eigenvalues, (omega, i) => {
    const inverse = 1 / (ridge + Vhat * omega);
    const dInverse = -(direction.ridge + omega * dVhat) * inverse * inverse;
    return { omega, inverse, dInverse, count: levels.multiplicities[i]!, b2: levels.signal[i]! };
  });
  const sum = (term: (item: (typeof terms)[number]) => number): number =>
    terms.reduce((total, item) => total + term(item), 0);
  const part = ({ b2, omega }: (typeof terms)[number]) => b2 / (omega * rho);
  const noise = sum(({ count, omega, inverse }) => count * (omega * inverse) ** 2);
  const dNoise = sum(({ count, omega, inverse, dInverse }) => 2 * count * omega * omega * inverse * dInverse);
  const overlap = sum(({ b2, inverse }) => b2 * inverse);
  const dOverlap = sum(({ b2, dInverse }) => b2 * dInverse);
  const mean = sum((item) => part(item) * item.omega * item.inverse);
  const dMean = sum((item) => part(item) * item.omega * item.dInverse);
  const left = Math.max(0, 1 - sum(part));
  const deviation = ({ omega, inverse }: (typeof terms)[number]) => omega * inverse - mean;
  const spread = mean * mean * left + sum((item) => part(item) * deviation(item) ** 2);
  const dSpread =
    2 * mean * dMean * left + sum((item) => 2 * part(item) * deviation(item) * (item.omega * item.dInverse - dMean));
  return {
    susceptibility: sum(({ count, omega, dInverse }) => count * omega * dInverse),
    across: mhat * rho * (2 * dmhat * spread + mhat * dSpread) + dqhat * noise + qhat * dNoise,
    along: (dmhat * overlap + mhat * dOverlap) / Math.sqrt(rho),
    // A Newton step of E g = 0, at its solution.
    constant: intercept ? moved.constant + change.slope / value.curvature : 0,
    readoutNorm: sum(({ count, omega, b2, inverse, dInverse }) => {
      const pull = mhat * mhat * b2 + qhat * count * omega;
      return (2 * mhat * dmhat * b2 + dqhat * count * omega) * inverse * inverse + 2 * pull * inverse * dInverse;
    }),
  };
}
