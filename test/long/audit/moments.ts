import { cosine, density, exp, Extended, extended, ONE, sine, upperTail, ZERO } from "./extended.ts";

/**
 * Gaussian moments of σ(m + sz) in closed form, or by a fine trapezoid rule, in extended precision: written for the audit,
 * from the formulas of the literature, and sharing nothing with the library.
 */
export interface Moments {
  readonly mean: Extended;
  /** E[zσ] */
  readonly first: Extended;
  /** E(σ − E σ − z E[zσ])² */
  readonly residual: Extended;
}

export interface AuditFunction {
  /** As the library writes it. */
  readonly formula: string;
  readonly moments: (m: Extended, s: Extended) => Moments;
}

/** Moments of relu(x + z) − (x + |x|)/2 at |x|; what relu has beyond its linear part is even. */
function rectified(a: Extended): { mean: Extended; tail: Extended; residual: Extended } {
  const tail = upperTail(a);
  const bell = density(a);
  const mean = bell.minus(a.times(tail));
  const square = ONE.plus(a.squared()).times(tail).minus(a.times(bell));
  return { mean, tail, residual: square.minus(mean.squared()).minus(tail.squared()) };
}

function relu(m: Extended, s: Extended): Moments {
  const x = m.over(s);
  const { mean, tail, residual } = rectified(x.abs());
  const positive = x.hi > 0;
  return {
    mean: s.times(positive ? mean.plus(x) : mean),
    first: s.times(positive ? ONE.minus(tail) : tail),
    residual: s.squared().times(residual),
  };
}

function absolute(m: Extended, s: Extended): Moments {
  const { mean, first, residual } = relu(m, s);
  return { mean: mean.scaled(2).minus(m), first: first.scaled(2).minus(s), residual: residual.scaled(4) };
}

function sinus(m: Extended, s: Extended): Moments {
  const variance = s.squared();
  const damping = exp(variance.scaled(-0.5));
  const mean = damping.times(sine(m));
  const first = s.times(damping).times(cosine(m));
  const square = ONE.minus(exp(variance.scaled(-2)).times(cosine(m.scaled(2)))).scaled(0.5);
  return { mean, first, residual: square.minus(mean.squared()).minus(first.squared()) };
}

function sign(m: Extended, s: Extended): Moments {
  const x = m.over(s);
  const tail = upperTail(x.abs());
  const mean = ONE.minus(tail.scaled(2)).scaled(x.hi < 0 ? -1 : 1);
  const first = density(x).scaled(2);
  return {
    mean: x.hi === 0 ? ZERO : mean,
    first,
    residual: tail.scaled(4).times(ONE.minus(tail)).minus(first.squared()),
  };
}

const quadratic = (m: Extended, s: Extended): Moments => {
  const variance = s.squared();
  return {
    mean: m.squared().plus(variance).minus(ONE),
    first: m.times(s).scaled(2),
    residual: variance.squared().scaled(2),
  };
};

/** Step and half number of nodes of the trapezoid rule. */
const STEP = 1 / 14;
const HALF = 210;
const PLACES = Array.from({ length: 2 * HALF + 1 }, (_, i) => extended(i - HALF).times(ONE.over(extended(14))));
const WEIGHTS = PLACES.map((z) => density(z).times(ONE.over(extended(1 / STEP))));
/** exp(2sz) on the nodes, of the scales met last. */
const tables = new Map<number, Extended[]>();

/** 1 − tanh u = 2/(exp 2u + 1), by parity for m > 0. */
function hyperbolic(m: Extended, s: Extended): Moments {
  if (m.hi < 0) {
    const { mean, first, residual } = hyperbolic(m.scaled(-1), s);
    return { mean: mean.scaled(-1), first, residual };
  }
  if (m.hi > 100) return { mean: ONE, first: ZERO, residual: ZERO };
  if (tables.size > 20) tables.clear();
  let table = tables.get(s.hi);
  if (!table) tables.set(s.hi, (table = PLACES.map((z) => exp(z.times(s).scaled(2)))));
  const shift = exp(m.scaled(2));
  const below = table.map((value) => extended(2).over(shift.times(value).plus(ONE)));
  let [mean, first, residual] = [ZERO, ZERO, ZERO];
  below.forEach((value, i) => {
    const weighted = WEIGHTS[i]!.times(value);
    mean = mean.plus(weighted);
    first = first.plus(weighted.times(PLACES[i]!));
  });
  below.forEach((value, i) => {
    const rest = value.minus(mean).minus(first.times(PLACES[i]!));
    residual = residual.plus(WEIGHTS[i]!.times(rest.squared()));
  });
  return { mean: ONE.minus(mean), first: first.scaled(-1), residual };
}

/** With a scale of zero every function is its value: the limit of a small scale, whose moments are exact to rounding. */
const whole = (f: AuditFunction, value: (x: Extended) => Extended): AuditFunction => ({
  ...f,
  moments: (m, s) => (s.hi === 0 ? { mean: value(m), first: ZERO, residual: ZERO } : f.moments(m, s)),
});

const positivePart = (x: Extended): Extended => (x.hi > 0 ? x : ZERO);
const tangent = (x: Extended): Extended => {
  const size = ONE.minus(extended(2).over(exp(x.abs().scaled(2)).plus(ONE)));
  return x.hi < 0 ? size.scaled(-1) : size;
};

export const FUNCTIONS: readonly AuditFunction[] = [
  whole({ formula: "relu", moments: relu }, positivePart),
  whole({ formula: "sin", moments: sinus }, sine),
  whole({ formula: "sign", moments: sign }, (x) => extended(Math.sign(x.hi))),
  whole({ formula: "abs", moments: absolute }, (x) => x.abs()),
  whole({ formula: "x^2-1", moments: quadratic }, (x) => x.squared().minus(ONE)),
  whole({ formula: "tanh", moments: hyperbolic }, tangent),
];

export const IDENTITY: AuditFunction = {
  formula: "identity",
  moments: (m, s) => ({ mean: m, first: s, residual: ZERO }),
};
