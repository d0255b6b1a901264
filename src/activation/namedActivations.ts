import { erf, erfc, normalCdf, normalPdf } from "../numerics/normal.ts";
import type { Activation } from "./activationType.ts";
import { type Asymptotes, straightEnds } from "./asymptotes.ts";
import { hermitePolynomial } from "./hermitePolynomial.ts";

/** An activation whose derivative is known, as every named one and every formula is. */
export interface DifferentiableActivation extends Activation {
  readonly derivative: (x: number) => number;
}

/** Highest degree n accepted in the name He<n>. */
const MAXIMAL_DEGREE = 60;

const TWO_OVER_SQRT_PI = 1.1283791670955126;

type RealFunction = (x: number) => number;

/** A smooth function with its derivative. */
export function smooth(
  name: string,
  value: RealFunction,
  derivative: RealFunction,
  asymptotes?: Asymptotes,
): DifferentiableActivation {
  return { name, value, derivative, kinks: [], jumps: [], ...(asymptotes && { asymptotes }) };
}

/** A function of straight pieces with a break at 0. */
function broken(
  name: string,
  value: RealFunction,
  derivative: RealFunction,
  kind: "kinks" | "jumps",
): DifferentiableActivation {
  return { name, value, derivative, kinks: [], jumps: [], [kind]: [0], asymptotes: straightEnds(value, [0]) };
}

/** Lines of these offsets and slopes with their remainders. */
function lines(
  left: readonly [offset: number, slope: number, remainder: RealFunction],
  right: readonly [offset: number, slope: number, remainder: RealFunction],
): Asymptotes {
  const [first, second] = [left, right].map(([offset, slope, remainder]) => ({ offset, slope, remainder }));
  return { left: first!, right: second! };
}

/** 1/(1 + e^{−x}). */
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

const sigmoidSlope = (x: number): number => {
  const e = Math.exp(-Math.abs(x));
  return e / ((1 + e) * (1 + e));
};

const softplus = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

const gelu = (x: number): number => x * normalCdf(x);

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
    lines([0, 1, zero], [0, 1, zero]),
  ),
  smooth(
    "tanh",
    Math.tanh,
    hyperbolicSecantSquared,
    lines([-1, 0, (x) => 2 * sigmoid(2 * x)], [1, 0, (x) => -2 * sigmoid(-2 * x)]),
  ),
  smooth(
    "erf",
    erf,
    (x) => TWO_OVER_SQRT_PI * Math.exp(-x * x),
    lines([-1, 0, (x) => erfc(-x)], [1, 0, (x) => -erfc(x)]),
  ),
  // Written so that NaN is returned as NaN.
  broken("relu", (x) => (x < 0 ? 0 : x), heaviside, "kinks"),
  broken(
    "leakyRelu",
    (x) => (x < 0 ? 0.01 * x : x),
    (x) => 0.01 + 0.99 * heaviside(x),
    "kinks",
  ),
  smooth("gelu", gelu, (x) => normalCdf(x) + x * normalPdf(x), lines([0, 0, gelu], [0, 1, (x) => gelu(-x)])),
  smooth("sigmoid", sigmoid, sigmoidSlope, lines([0, 0, sigmoid], [1, 0, (x) => -sigmoid(-x)])),
  smooth("softplus", softplus, sigmoid, lines([0, 0, softplus], [0, 1, (x) => softplus(-x)])),
  smooth("sin", Math.sin, Math.cos),
  smooth("cos", Math.cos, (x) => -Math.sin(x)),
  broken("sign", Math.sign, zero, "jumps"),
  broken("heaviside", heaviside, zero, "jumps"),
  broken("abs", Math.abs, Math.sign, "kinks"),
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
