import type { Activation } from "../activation/activation.ts";
import { breakpointsOf } from "../activation/conditionalMoments.ts";
import { signOf, type SignMean, type Steps, stepsOf } from "../activation/signs.ts";
import type { ConvexLoss, Feature } from "../loss/convexLoss.ts";

/** The labels: y = σ*(t) + noise at t = γκ + ρζ, or ±1 with a mean ȳ(t). */
export interface LabelLaw {
  readonly target: Activation;
  /** γ */
  readonly alignment: number;
  /** Δ */
  readonly labelNoise: number;
  /** A share of real labels whose noise has another variance. */
  readonly outliers?: { readonly share: number; readonly variance: number };
  /** Of labels ±1: ȳ, flips included, as a function and as closed forms read it. */
  readonly signs?: { readonly mean: Activation; readonly law: SignMean };
}

/** What the label hangs on given t: the probability of y = +1, or σ*. */
export const labelFunction = ({ target, signs }: LabelLaw): ((t: number) => number) =>
  signs ? (t) => 0.5 * (1 + signs.mean.value(t)) : target.value;

/** A value that the label has, beside a normal noise, by its {@link labelFunction}. */
export interface LabelValue {
  readonly probability: (f: number) => number;
  readonly value: (f: number) => number;
  /** Of labels ±1: which it is. */
  readonly sign: number;
  readonly noise: number;
}

/** The label given t: ±1, or σ* with normal noise of one variance or of two. */
export function labelValues({ labelNoise, outliers, signs }: LabelLaw): readonly LabelValue[] {
  if (signs) {
    return [
      { probability: (up) => up, value: () => 1, sign: 1, noise: 0 },
      { probability: (up) => 1 - up, value: () => -1, sign: -1, noise: 0 },
    ];
  }
  return labelNoises({ labelNoise, ...(outliers && { outliers }) }).map(({ share, variance }) => ({
    ...{ value: (f) => f, sign: NaN, noise: variance },
    probability: () => share,
  }));
}

/** Of real labels: a noise of one variance, or of two. */
export function labelNoises({ labelNoise, outliers }: Pick<LabelLaw, "labelNoise" | "outliers">) {
  const regular = { share: 1, variance: labelNoise };
  if (!outliers || outliers.share === 0) return [regular];
  return [{ ...regular, share: 1 - outliers.share }, outliers];
}

/** The variance of what smoothes a loss on these labels: their noise, and its own width, as that of the logistic density (πs)²/3. */
export function blurOf({ strip }: ConvexLoss, law: LabelLaw): number {
  const noise = Math.min(...labelValues(law).map((label) => label.noise));
  return noise + (strip < Infinity ? strip ** 2 / 3 : 0);
}

/** Where the labels as functions of ζ break, and where they are steep, given κ. */
export function labelBreaks(law: LabelLaw, kappa: number, rho: number) {
  const centre = law.alignment * kappa;
  if (rho === 0) return { breaks: [], features: [] as Feature[] };
  if (!law.signs) return { breaks: breakpointsOf(law.target, centre, rho), features: [] as Feature[] };
  const { mean, law: shape } = law.signs;
  const steep =
    shape.kind === "curve"
      ? shape.transitions
      : shape.steps.places.map((at) => ({ at, width: 2 * Math.sqrt(shape.noise) }));
  const features = steep
    .filter(({ width }) => width > 0)
    .map(({ at, width }) => ({ at: (at - centre) / rho, width: width / rho }));
  return { breaks: breakpointsOf(mean, centre, rho), features };
}

/** The same labels with ȳ times a factor: with more flips, or fewer. */
export function scaledSigns(law: LabelLaw, factor: number): LabelLaw {
  const { signs } = law;
  if (!signs) return law;
  const scale = (f: Activation): Activation => ({
    ...{ name: f.name, kinks: f.kinks, jumps: f.jumps },
    value: (t) => factor * f.value(t),
  });
  const mean = scale(signs.mean);
  const { law: shape } = signs;
  const steps = (): SignMean =>
    shape.kind === "steps"
      ? { ...shape, steps: { ...shape.steps, values: shape.steps.values.map((value) => factor * value) } }
      : { ...shape, mean };
  return { ...law, signs: { mean, law: steps() } };
}

const knownSigns = new WeakMap<Activation, Steps>();

/** sign σ*, found once for all rules that ask for it. */
export function signsOfTarget({ target }: Pick<LabelLaw, "target">): Steps {
  let steps = knownSigns.get(target);
  if (!steps) {
    const { value, kinks, jumps } = target;
    knownSigns.set(target, (steps = stepsOf(signOf({ value, kinks, jumps }, "target"))));
  }
  return steps;
}
