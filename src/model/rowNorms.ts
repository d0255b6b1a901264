import type { Activation } from "../activation/activation.ts";
import { derivativeOf, type StepNumbers } from "../activation/stepNumbers.ts";
import { averagesOfFunction } from "../activation/certifiedAverage.ts";
import { modulus } from "../numerics/box.ts";
import type { StepRule } from "./stepRule.ts";

/** Averages over z ~ N(0,1) of ε(z) = σ′(z) − h1 − ςz, the part of the slope that no linear function sees (theory §9). */
export interface SlopeMoments {
  /** E ε² = ν */
  readonly second: number;
  /** E ε³ */
  readonly third: number;
  /** E ε⁴ */
  readonly fourth: number;
  /** ε₂ = E[ε He2] */
  readonly linearHe2: number;
  /** E[εz³] */
  readonly linearCube: number;
  /** E[ε²z] */
  readonly squareZ: number;
  /** E[ε²z²] */
  readonly squareZ2: number;
  /** E[ε³z] */
  readonly cubeZ: number;
}

const NO_SLOPE_MOMENTS: SlopeMoments = {
  second: 0,
  third: 0,
  fourth: 0,
  linearHe2: 0,
  linearCube: 0,
  squareZ: 0,
  squareZ2: 0,
  cubeZ: 0,
};

/** A part ε of the slope below this fraction of its variance is the rounding error of a quadratic σ. */
const VANISHING = 1e-13;

export function slopeMoments(
  student: Activation & { derivative: (x: number) => number },
  { h1, slopeVariance, curvature }: StepNumbers,
): SlopeMoments {
  if (slopeVariance - curvature ** 2 <= VANISHING * slopeVariance) return NO_SLOPE_MOMENTS;
  const spread = Math.sqrt(slopeVariance - curvature ** 2);
  const value = averagesOfFunction(
    (z, out) => {
      const e = student.derivative(z) - h1 - curvature * z;
      const square = e * e;
      out.set([square, square * e, square * square, e * (z * z - 1), e * z ** 3, square * z]);
      out[6] = square * z * z;
      out[7] = square * e * z;
    },
    {
      dimension: 8,
      breakpoints: student.kinks,
      tolerance: 1e-14,
      name: "derivative of student",
      of: derivativeOf(student),
      scale: 1,
      bound: (image, z) => {
        const far = modulus(z);
        const size = Math.max(1, (modulus(image) + Math.abs(h1) + Math.abs(curvature) * far) / spread);
        return size * Math.max(size ** 3, size * far * far * Math.max(1, size), 1 + far ** 3);
      },
    },
  );
  const [second, third, fourth, linearHe2, linearCube, squareZ, squareZ2, cubeZ] = value as unknown as number[];
  return {
    second: second!,
    third: third!,
    fourth: fourth!,
    linearHe2: linearHe2!,
    linearCube: linearCube!,
    squareZ: squareZ!,
    squareZ2: squareZ2!,
    cubeZ: cubeZ!,
  };
}

/** Statistics of the squared row norms ‖w_j‖² of one group after the step. */
export interface RowNorms {
  /** F = d Var ‖w_j‖² */
  readonly strength: number;
  /** F − |p|²: the part of F that is no function of the bulk to first order. */
  readonly excess: number;
  /** χ(y) on the nodes: with Ψ₁ it gives q = (I + aA)p + x_χ, d times the covariance with the bulk. */
  readonly chi: Float64Array;
  /** Ψ₁(y) on the nodes. */
  readonly psi1: Float64Array;
  /** E[sΨ₁] */
  readonly alongTarget: number;
}

/**
 * Row norms of a group whose step is η̃u (theory §9, "Row norms of the trained network").
 *
 * @param rate η̃u
 * @param curvature ς
 * @param inverseRatio 1/α₀
 */
export function rowNorms(
  rate: number,
  curvature: number,
  slope: SlopeMoments,
  rule: StepRule,
  inverseRatio: number,
): RowNorms {
  const a = rate * curvature;
  const kappa = rate * rate * slope.second * inverseRatio;
  const average = (f: (y: number, i: number) => number) =>
    rule.y.reduce((sum, y, i) => sum + rule.weight[i]! * f(y, i), 0);
  const [y1, y2, y3, y4] = [1, 2, 3, 4].map((n) => average((y) => y ** n)) as [number, number, number, number];
  // Ψ = A(y) εz + B(y) ε²
  const A = rule.y.map((y) => 2 * rate * y * (1 + a * y * inverseRatio + a * y1));
  const B = rule.y.map((y) => rate * rate * inverseRatio * y * y);
  const psi1 = rule.y.map((_, i) => A[i]! * slope.linearHe2 + B[i]! * slope.squareZ);
  const psi2 = rule.y.map((_, i) => A[i]! * slope.linearCube + B[i]! * (slope.squareZ2 - slope.second));
  const variance = (i: number) =>
    A[i]! ** 2 * slope.squareZ2 + 2 * A[i]! * B[i]! * slope.cubeZ + B[i]! ** 2 * (slope.fourth - slope.second ** 2);
  const chi = rule.y.map((y, i) => {
    const psiEpsilon = A[i]! * slope.squareZ + B[i]! * slope.third;
    const direct = slope.linearHe2 * (2 * a * y + a * a * (2 * y * y1 + y * y * inverseRatio));
    return rate * y * inverseRatio * (psiEpsilon + direct);
  });
  const varpi = rule.y.map((y, i) => 2 * a * y + psi2[i]! / 2);
  // Free cumulants k_n of A, in m₄ − m₂².
  const [k1, k2, k3, k4] = [y1, y2 * inverseRatio, y3 * inverseRatio ** 2, y4 * inverseRatio ** 3];
  const spectral = k4 + 4 * k3 * k1 + k2 * k2 + 4 * k2 * k1 * k1;
  const mixed = average((y, i) => varpi[i]! * y * y * inverseRatio + 2 * y1 * varpi[i]! * y) * inverseRatio;
  const quadratic = average((_, i) => varpi[i]! ** 2) * inverseRatio + 2 * a * a * mixed + a ** 4 * spectral;
  const rest = average((_, i) => variance(i) - psi1[i]! ** 2 - psi2[i]! ** 2 / 2) * inverseRatio;
  const excess = 2 * quadratic + rest + 4 * a * a * kappa * y2 * y2 * inverseRatio + 2 * (kappa * y2) ** 2;
  const alongTarget = rule.y.reduce((sum, _, i) => sum + rule.first[i]! * psi1[i]!, 0);
  return {
    strength: alongTarget ** 2 + average((_, i) => psi1[i]! ** 2) * inverseRatio + excess,
    excess,
    chi,
    psi1,
    alongTarget,
  };
}
