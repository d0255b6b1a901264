import type { GaussianCovariates } from "../../../src/covariates/description.ts";
import { type Extended, extended, ONE, ZERO } from "./extended.ts";

/** Random levels over up to twelve decades, on both sides of n = p, with λ from 1e-12 to 1e6 or none. */
export function randomCovariates(random: () => number): GaussianCovariates & { readonly unexplained: number } {
  const logarithmic = (low: number, high: number) => low * (high / low) ** random();
  const count = 1 + Math.floor(40 * random());
  const decades = logarithmic(1, 1e12);
  const eigenvalues = Array.from({ length: count }, () => logarithmic(1 / decades, 1));
  const multiplicities = eigenvalues.map(() => (random() < 0.5 ? 1 : logarithmic(0.1, 100)));
  const rank = multiplicities.reduce((sum, value) => sum + value, 0);
  return {
    model: "gaussianCovariates",
    eigenvalues,
    multiplicities,
    signal: eigenvalues.map((omega, i) => (random() < 0.2 ? 0 : omega * multiplicities[i]! * random())),
    unexplained: random() < 0.3 ? 0 : random(),
    labelNoise: logarithmic(1e-4, 1),
    // Not at the peak itself, where the test error is infinite.
    samples: rank * (random() < 0.5 ? logarithmic(0.01, 0.98) : logarithmic(1.02, 100)),
    ridge: random() < 0.2 ? 0 : logarithmic(1e-12, 1e6),
  };
}

/** The equation of covariates §2 and its table as they are written, in extended precision. */
export function literalCovariates(model: ReturnType<typeof randomCovariates>): Readonly<Record<string, number>> {
  const { eigenvalues, multiplicities, signal } = model as {
    readonly eigenvalues: readonly number[];
    readonly multiplicities: readonly number[];
    readonly signal: readonly number[];
  };
  const [n, lambda] = [extended(model.samples), extended(model.ridge)];
  const noise = extended(model.labelNoise!);
  const floor = extended(model.unexplained).plus(noise);
  const sum = (term: (omega: Extended, count: Extended, power: Extended) => Extended): Extended =>
    eigenvalues.reduce(
      (total, omega, i) => total.plus(term(extended(omega), extended(multiplicities[i]!), extended(signal[i]!))),
      ZERO,
    );
  const rank = sum((_, count) => count);
  const over = (omega: Extended, t: Extended) => ONE.over(omega.plus(t));
  let t = ZERO;
  if (model.ridge > 0 || model.samples < rank.hi) {
    // n t = λ + t df1(t): the right side is concave, so that Newton's method falls from above.
    t = lambda.plus(sum((omega, count) => omega.times(count))).over(n);
    for (let step = 0; step < 2000; step++) {
      const learnt = sum((omega, count) => count.times(omega).times(over(omega, t)));
      const slope = n.minus(sum((omega, count) => count.times(omega).times(over(omega, t)).squared().over(count)));
      const change = n.times(t).minus(lambda).minus(t.times(learnt)).over(slope);
      const next = t.minus(change);
      t = next.hi > 0 ? next : t.scaled(0.5);
      if (Math.abs(change.hi) < 1e-29 * t.hi) break;
    }
  }
  const df1 = sum((omega, count) => count.times(omega).times(over(omega, t)));
  const df2 = sum((omega, count) => count.times(omega.times(over(omega, t)).squared()));
  const m = sum((omega, _, power) => power.times(over(omega, t)));
  const slope = sum((omega, _, power) => power.times(over(omega, t).squared()));
  const explained = sum((omega, _, power) => power.over(omega));
  const missed = sum((omega, _, power) => power.times(over(omega, t).squared()).over(omega).times(t.squared()));
  const B = floor.plus(missed);
  const R = B.over(ONE.minus(df2.over(n)));
  // λ/(nt); without a ridge it is what is left of the samples.
  const s = model.ridge > 0 ? lambda.over(n.times(t)) : t.hi > 0 ? ZERO : ONE.minus(rank.over(n));
  const rest = sum((omega, count) => count.times(omega).times(over(omega, t).squared()));
  return {
    "test error": R.hi,
    "training error": s.squared().times(R).hi,
    objective: s.times(floor.plus(explained).minus(m)).hi,
    "degrees of freedom": df1.hi,
    variance: R.times(df2).over(n).hi,
    "E y f": m.hi,
    "norm of the readout": slope.plus(R.over(n).times(rest)).hi,
  };
}
