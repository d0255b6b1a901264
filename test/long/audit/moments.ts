/**
 * Gaussian moments of σ(m + sz) in closed form, or by a fine trapezoid rule: written for the audit, from the formulas of
 * the literature, and sharing nothing with the library.
 */
export interface Moments {
  readonly mean: number;
  /** E[zσ] */
  readonly first: number;
  /** E(σ − E σ − z E[zσ])² */
  readonly residual: number;
}

export interface AuditFunction {
  /** As the library writes it. */
  readonly formula: string;
  readonly value: (x: number) => number;
  readonly moments: (m: number, s: number) => Moments;
}

const ROOT_2PI = Math.sqrt(2 * Math.PI);
const density = (x: number): number => Math.exp(-0.5 * x * x) / ROOT_2PI;

/** P(z > x), relatively accurate: the Taylor series about 0, or Laplace's continued fraction. */
export function upperTail(x: number): number {
  if (x < 0) return 1 - upperTail(-x);
  if (x < 2.5) {
    let [term, sum] = [x, x];
    for (let n = 1; Math.abs(term) > 1e-18 * Math.abs(sum); n++) {
      term *= (x * x) / (2 * n + 1);
      sum += term;
    }
    return 0.5 - density(x) * sum;
  }
  let fraction = x;
  for (let n = 200; n >= 1; n--) fraction = x + n / fraction;
  return density(x) / fraction;
}

function relu(m: number, s: number): Moments {
  const x = m / s;
  const lower = upperTail(-x);
  // relu(u) = u + relu(−u): what is left of it beyond the linear part is even in m.
  const a = Math.abs(x);
  const tail = upperTail(a);
  const mean = density(a) - a * tail;
  const square = (1 + a * a) * tail - a * density(a);
  return {
    mean: m * lower + s * density(x),
    first: s * lower,
    residual: s * s * (square - mean ** 2 - tail ** 2),
  };
}

function sine(m: number, s: number): Moments {
  const damping = Math.exp(-0.5 * s * s);
  const [mean, first] = [damping * Math.sin(m), s * damping * Math.cos(m)];
  // E sin² − mean² − first², in terms that do not cancel for small s.
  const spread = -0.5 * Math.expm1(-2 * s * s) * Math.cos(m) ** 2 - first ** 2;
  const rest = Math.sin(m) ** 2 * (0.5 * (1 + damping ** 4) - damping ** 2);
  return { mean, first, residual: spread + rest };
}

function sign(m: number, s: number): Moments {
  const tail = upperTail(Math.abs(m / s));
  const first = 2 * density(m / s);
  return { mean: Math.sign(m) * (1 - 2 * tail), first, residual: 4 * tail * (1 - tail) - first ** 2 };
}

/** Analytic functions on a rule that is finer than any of the library's. */
function trapezoid(f: (x: number) => number): AuditFunction["moments"] {
  const step = 1 / 14;
  const nodes = Array.from({ length: 281 }, (_, i) => (i - 140) * step);
  const weights = nodes.map((z) => step * density(z));
  return (m, s) => {
    const values = nodes.map((z) => f(m + s * z));
    let [mean, first, residual] = [0, 0, 0];
    values.forEach((value, i) => {
      mean += weights[i]! * value;
      first += weights[i]! * value * nodes[i]!;
    });
    values.forEach((value, i) => (residual += weights[i]! * (value - mean - first * nodes[i]!) ** 2));
    return { mean, first, residual };
  };
}

const quadratic = (m: number, s: number): Moments => {
  return { mean: m * m + s * s - 1, first: 2 * m * s, residual: 2 * s ** 4 };
};

/** With a scale of zero every function is its value. */
const whole = (f: AuditFunction): AuditFunction => ({
  ...f,
  moments: (m, s) => (s === 0 ? { mean: f.value(m), first: 0, residual: 0 } : f.moments(m, s)),
});

export const FUNCTIONS: readonly AuditFunction[] = [
  { formula: "relu", value: (x: number) => Math.max(0, x), moments: relu },
  { formula: "sin", value: Math.sin, moments: sine },
  { formula: "sign", value: Math.sign, moments: sign },
  {
    formula: "abs",
    value: Math.abs,
    moments: (m: number, s: number) => {
      const { mean, first, residual } = relu(m, s);
      return { mean: 2 * mean - m, first: 2 * first - s, residual: 4 * residual };
    },
  },
  { formula: "x^2-1", value: (x: number) => x * x - 1, moments: quadratic },
  { formula: "tanh", value: Math.tanh, moments: trapezoid(Math.tanh) },
].map(whole);

export const IDENTITY: AuditFunction = whole({
  formula: "identity",
  value: (x) => x,
  moments: (m, s) => ({ mean: m, first: s, residual: 0 }),
});
