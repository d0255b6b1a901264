import { erf, normalCdf, normalPdf } from "../numerics/normal.ts";
import type { Activation } from "./activation.ts";
import { hermitePolynomial } from "./hermite.ts";

/** An activation whose derivative is known, as every named one and every formula is. */
export interface DifferentiableActivation extends Activation {
  readonly derivative: (x: number) => number;
}

/** Highest degree n accepted in the name He<n>. */
const MAXIMAL_DEGREE = 60;

const TWO_OVER_SQRT_PI = 1.1283791670955126;

/** A smooth function with its derivative. */
export function smooth(
  name: string,
  value: (x: number) => number,
  derivative: (x: number) => number,
): DifferentiableActivation {
  return { name, value, derivative, kinks: [], jumps: [] };
}

/** 1/(1 + e^{−x}). */
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

const sigmoidSlope = (x: number): number => {
  const e = Math.exp(-Math.abs(x));
  return e / ((1 + e) * (1 + e));
};

/** ½ at 0, so that it is the mean of its one-sided limits; NaN stays NaN. */
const heaviside = (x: number): number => 0.5 + 0.5 * Math.sign(x);

const hyperbolicSecantSquared = (x: number): number => {
  const c = Math.cosh(x);
  return 1 / (c * c);
};

/** NaN times zero is NaN: an undefined argument is not hidden by a vanishing slope. */
const zero = (x: number): number => (Number.isNaN(x) ? NaN : 0);

const table: readonly DifferentiableActivation[] = [
  smooth(
    "identity",
    (x) => x,
    () => 1,
  ),
  smooth("tanh", Math.tanh, hyperbolicSecantSquared),
  smooth("erf", erf, (x) => TWO_OVER_SQRT_PI * Math.exp(-x * x)),
  // Written so that NaN is returned as NaN.
  { name: "relu", value: (x) => (x < 0 ? 0 : x), derivative: heaviside, kinks: [0], jumps: [] },
  {
    name: "leakyRelu",
    value: (x) => (x < 0 ? 0.01 * x : x),
    derivative: (x) => 0.01 + 0.99 * heaviside(x),
    kinks: [0],
    jumps: [],
  },
  smooth(
    "gelu",
    (x) => x * normalCdf(x),
    (x) => normalCdf(x) + x * normalPdf(x),
  ),
  smooth("sigmoid", sigmoid, sigmoidSlope),
  smooth("softplus", (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))), sigmoid),
  smooth("sin", Math.sin, Math.cos),
  smooth("cos", Math.cos, (x) => -Math.sin(x)),
  { name: "sign", value: Math.sign, derivative: zero, kinks: [], jumps: [0] },
  { name: "heaviside", value: heaviside, derivative: zero, kinks: [], jumps: [0] },
  { name: "abs", value: Math.abs, derivative: Math.sign, kinks: [0], jumps: [] },
];

const byName: ReadonlyMap<string, DifferentiableActivation> = new Map(table.map((entry) => [entry.name, entry]));

/** Names of the table, and of the Hermite family, for messages and documentation. */
export const activationNames: readonly string[] = [...byName.keys(), "He0", "He1", "He2", "…", `He${MAXIMAL_DEGREE}`];

/**
 * The activation of that name, or undefined if there is none.
 *
 * `identity`, `tanh`, `erf`, `relu`, `leakyRelu` (slope 0.01), `gelu` (exact, x Φ(x)), `sigmoid`, `softplus`, `sin`, `cos`,
 * `sign`, `heaviside` (½ at 0), `abs`, and the probabilists' Hermite polynomials `He0` … `He60`. A derivative at a kink
 * is the mean of its one-sided limits; the derivative of `sign` and `heaviside` is 0, their value almost everywhere.
 */
export function namedActivation(name: string): DifferentiableActivation | undefined {
  return byName.get(name) ?? hermiteActivation(name);
}

function hermiteActivation(name: string): DifferentiableActivation | undefined {
  const digits = /^He(0|[1-9]\d?)$/.exec(name)?.[1];
  if (digits === undefined) return undefined;
  const degree = Number(digits);
  if (degree > MAXIMAL_DEGREE) return undefined;
  return smooth(
    name,
    (x) => hermitePolynomial(degree, x),
    (x) => (degree === 0 ? 0 : degree * hermitePolynomial(degree - 1, x)),
  );
}
