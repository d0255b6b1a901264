import { type Activation } from "../activation/activation.ts";
import type { SignMean } from "../activation/signs.ts";
import { breakpointsOf } from "../activation/conditionalMoments.ts";
import { hermiteNumbers } from "../activation/stepNumbers.ts";
import { isotropicBulk } from "../bulk/isotropic.ts";
import type { WeightResolvent } from "../bulk/weightResolvent.ts";
import type { Problem } from "../problem/problem.ts";
import type { OneStepNetwork } from "../bulk/network/oneStep.ts";

/** Quantities of theory §2 and §9 that a model computes from its parameters. */
export interface DerivedQuantities {
  /** r, signed. */
  readonly spikeStrength: number;
  /** c_k */
  readonly bulkVariance: readonly number[];
  /** d Var ‖w_j‖² per group; 0 where the row norms have no channel. */
  readonly rowNormStrength: readonly number[];
}

/** The labels of a model: y = σ*(γκ + ρζ) + √Δε, or their signs. */
export interface LabelLaw {
  readonly target: Activation;
  /** γ */
  readonly alignment: number;
  /** Δ */
  readonly labelNoise: number;
  /** A share of real labels whose noise has another variance. */
  readonly outliers?: { readonly share: number; readonly variance: number };
  /** Where labels are signs. */
  readonly signs?: SignLaw;
}

/** Labels y = sign(g(t) + √Δε), flipped with probability ε_f (statistics §1). */
export interface SignLaw {
  /** ȳ(t) = E[y | t] */
  readonly mean: Activation;
  /** ε_f */
  readonly flips: number;
  /** ȳ as closed forms read it. */
  readonly law: SignMean;
}

/**
 * A model: what the solvers read, and where it came from. A new model is a new problem, with a bulk; a copy with a change is the
 * changed model.
 */
export interface Model {
  readonly problem: Problem;
  /** Resolvent of the bulk: isotropic, or that of a trained network. */
  readonly bulk: WeightResolvent;
  /** Law of the rows of a trained network, for spectra; absent where they are isotropic. */
  readonly stepModel?: () => OneStepNetwork;
  /** γ */
  readonly alignment: number;
  readonly student: Activation;
  /** The law of the labels, which losses other than the square need. */
  readonly labels: LabelLaw;
  /** h0*, h1*, h2* of the target: what the baselines need. */
  readonly targetNumbers: { readonly h0: number; readonly h1: number; readonly h2: number };
  /** What the model computed on the way, for spiked models. */
  readonly derived?: DerivedQuantities;
}

/** Below this ρ/|γ| a kink of the target is so sharp in κ that panels are split at it. */
const SHARP = 0.2;

/** Where the target, averaged over ζ, has a kink or jump as a function of κ, or nearly so. */
export function targetBreakpoints(target: Activation, alignment: number): number[] {
  const orthogonal = Math.sqrt(Math.max(0, 1 - alignment * alignment));
  return orthogonal < SHARP * Math.abs(alignment) ? breakpointsOf(target, 0, alignment) : [];
}

/** A model with the isotropic bulk, if it has no other. */
export function completed(
  problem: Problem,
  about: Pick<Model, "student"> & Pick<LabelLaw, "target" | "alignment">,
  own: Partial<Pick<Model, "bulk" | "stepModel" | "derived">> = {},
): Model {
  const { student, target, alignment } = about;
  return {
    problem,
    alignment,
    student,
    labels: { target, alignment, labelNoise: problem.labelNoise },
    targetNumbers: hermiteNumbers(target, "target"),
    bulk: isotropicBulk(problem.groups),
    ...own,
  };
}
