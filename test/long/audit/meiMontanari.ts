import { bignumber, type BigNumber } from "mathjs";

/**
 * Test error of random features in the closed form of Mei and Montanari (The generalization error of random features
 * regression, 2022, Definition 1 and Theorem 2), with 64 digits. In their terms ψ1 = β, ψ2 = α, ζ² = h1²/μ*² and
 * λ̄ = λ/(αμ*²): with ν1 = ia, ν2 = ib at ξ = is, s² = ψ1ψ2λ̄, it holds a = ψ1/(s + b + ζ²b/(1 + ζ²ab)), and likewise b.
 */
export interface RandomFeaturesCase {
  /** h1² and μ*² = h2 − h0² − h1² of the student. */
  readonly linear: number;
  readonly nonlinear: number;
  /** h1*² of the target, and what is left of it with the noise: h2* − h0*² − h1*² + Δ. */
  readonly signal: number;
  readonly rest: number;
  readonly sampleRatio: number;
  readonly widthRatio: number;
  readonly ridge: number;
}

type Big = BigNumber;
const big = (value: number): Big => bignumber(value);

export function meiMontanari(item: RandomFeaturesCase): number {
  const [psi1, psi2] = [big(item.widthRatio), big(item.sampleRatio)];
  const zeta2 = big(item.linear).div(item.nonlinear);
  const s = psi1.mul(item.ridge).div(item.nonlinear).sqrt();
  const chi = solveChi(psi1, psi2, zeta2, s);
  const term = (coefficient: Big | number, chiPower: number, zetaPower: number) =>
    chi
      .pow(chiPower)
      .mul(zeta2.pow(zetaPower / 2))
      .mul(coefficient);
  const product = psi1.mul(psi2);
  const sum = (terms: Big[]) => terms.reduce((total, value) => total.add(value));
  const E0 = sum([
    term(-1, 5, 6),
    term(3, 4, 4),
    term(product.sub(psi1).sub(psi2).add(1), 3, 6),
    term(-2, 3, 4),
    term(-3, 3, 2),
    term(psi1.add(psi2).sub(product.mul(3)).add(1), 2, 4),
    term(2, 2, 2),
    term(1, 2, 0),
    term(product.mul(3), 1, 2),
    product.neg(),
  ]);
  const E1 = sum([term(psi2, 3, 4), term(psi2.neg(), 2, 2), term(product, 1, 2), product.neg()]);
  const E2 = sum([
    term(1, 5, 6),
    term(-3, 4, 4),
    term(psi1.sub(1), 3, 6),
    term(2, 3, 4),
    term(3, 3, 2),
    term(psi1.neg().sub(1), 2, 4),
    term(-2, 2, 2),
    term(-1, 2, 0),
  ]);
  return E1.div(E0).mul(item.signal).add(E2.div(E0).mul(item.rest)).add(item.rest).toNumber();
}

/** χ = −ab, from b(a) by bisection in log a: the equation for a is then monotone. */
function solveChi(psi1: Big, psi2: Big, zeta2: Big, s: Big): Big {
  // From the two equations: ψ1 − as = ab(1 + ζ²/(1 + ζ²ab)) = ψ2 − bs, so b = (ψ2 − ψ1)/s + a.
  const shift = psi2.sub(psi1).div(s);
  const defect = (a: Big): Big => {
    const ab = a.mul(a.add(shift));
    return psi1
      .sub(a.mul(s))
      .sub(ab)
      .sub(zeta2.mul(ab).div(zeta2.mul(ab).add(1)));
  };
  // ab > 0 and a < ψ1/s; the defect falls with a.
  let low = shift.isNegative() ? shift.neg() : big(0);
  let high = psi1.div(s);
  for (let step = 0; step < 400 && high.sub(low).gt(high.mul("1e-60")); step++) {
    const middle = low.add(high).div(2);
    if (defect(middle).gt(0)) low = middle;
    else high = middle;
  }
  const a = low.add(high).div(2);
  return a.mul(a.add(shift)).neg();
}

/** h0, h1², h2 in closed form. */
const NUMBERS = {
  relu: { h0: 1 / Math.sqrt(2 * Math.PI), linear: 0.25, square: 0.5 },
  abs: { h0: Math.sqrt(2 / Math.PI), linear: 0, square: 1 },
  sin: { h0: 0, linear: Math.exp(-1), square: 0.5 * (1 - Math.exp(-2)) },
  sign: { h0: 0, linear: 2 / Math.PI, square: 1 },
  erf: { h0: 0, linear: 4 / (3 * Math.PI), square: (2 / Math.PI) * Math.asin(2 / 3) },
};

/** A random case in the ranges of the audit, as the library and as the closed form take it. */
export function randomFeatures(random: () => number) {
  const logarithmic = (low: number, high: number) => low * (high / low) ** random();
  const names = Object.keys(NUMBERS) as (keyof typeof NUMBERS)[];
  const [student, target] = [0, 1].map(() => names[Math.floor(random() * names.length)]!);
  const sampleRatio = logarithmic(1e-3, 1e3);
  const widthRatio = random() < 0.1 ? sampleRatio : logarithmic(1e-3, 1e3);
  const point = { sampleRatio, widthRatio, ridge: logarithmic(1e-14, 1e6) };
  const labelNoise = logarithmic(1e-4, 1);
  const [features, label] = [NUMBERS[student!], NUMBERS[target!]];
  // A student of mean 0 has no constant to fit the target's with.
  const fitted = features.h0 === 0 ? 0 : label.h0 ** 2;
  const expected = meiMontanari({
    ...point,
    linear: features.linear,
    nonlinear: features.square - features.h0 ** 2 - features.linear,
    signal: label.linear,
    rest: label.square - label.linear - fitted + labelNoise,
  });
  return {
    description: { model: "randomFeatures" as const, student: student!, target: target!, labelNoise, ...point },
    expected,
  };
}
