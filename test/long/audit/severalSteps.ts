/** A student, its derivative and a target of one or two variables, as functions and as the library reads them. */
const STUDENTS = {
  tanh: [Math.tanh, (x: number) => 1 / Math.cosh(x) ** 2],
  sin: [Math.sin, Math.cos],
  "x/sqrt(1+x^2)": [(x: number) => x / Math.sqrt(1 + x * x), (x: number) => (1 + x * x) ** -1.5],
} as const;
const TARGETS = {
  "x1 + x1*x2": [2, (s: Vector) => s[0]! + s[0]! * s[1]!],
  "sin(x1) + x2^2/2 - 0.5": [2, (s: Vector) => Math.sin(s[0]!) + s[1]! ** 2 / 2 - 0.5],
  "x1 + (x1^2 - 1)*x2": [2, (s: Vector) => s[0]! + (s[0]! ** 2 - 1) * s[1]!],
  "sin(x1)": [1, (s: Vector) => Math.sin(s[0]!)],
} as const;

type Vector = readonly number[];
type Matrix = readonly Vector[];

/** A trained network of several steps, on the isotropic surrogate. */
export interface StepsCase {
  readonly model: "trainedNetwork";
  readonly theory: "srf";
  readonly student: keyof typeof STUDENTS;
  readonly target: keyof typeof TARGETS;
  readonly labelNoise: number;
  readonly readoutValues: Vector;
  readonly readoutFractions: Vector;
  readonly steps: readonly { readonly learningRate: number; readonly stepSampleRatio: number }[];
  readonly sampleRatio: number;
  readonly widthRatio: number;
  readonly ridge: number;
}

/** One to three steps, on finite or infinite batches, of one or two groups, on the isotropic surrogate. */
export function randomSteps(random: () => number): StepsCase {
  const between = (low: number, high: number) => low + (high - low) * random();
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)]!;
  const two = random() < 0.6;
  const share = between(0.3, 0.7);
  return {
    model: "trainedNetwork",
    theory: "srf",
    student: pick(Object.keys(STUDENTS) as (keyof typeof STUDENTS)[]),
    target: pick(Object.keys(TARGETS) as (keyof typeof TARGETS)[]),
    labelNoise: between(0.01, 0.5),
    readoutValues: two ? [1, between(-0.9, -0.2)] : [1],
    readoutFractions: two ? [share, 1 - share] : [1],
    steps: Array.from({ length: 1 + Math.floor(3 * random()) }, () => ({
      learningRate: between(0.3, 1.2),
      stepSampleRatio: random() < 0.4 ? Infinity : between(1, 10),
    })),
    sampleRatio: between(0.3, 1.2),
    widthRatio: between(1.4, 3),
    ridge: between(0.05, 1),
  };
}

/** Equidistant nodes with the weights of the normal density: what entire functions miss falls faster than exponentially. */
function nodes(step: number): readonly (readonly [number, number])[] {
  const count = Math.round(9 / step);
  return Array.from({ length: 2 * count + 1 }, (_, i) => {
    const x = (i - count) * step;
    return [x, (step * Math.exp(-0.5 * x * x)) / Math.sqrt(2 * Math.PI)] as const;
  });
}

function grid(step: number, dimensions: number): { readonly at: Vector; readonly weight: number }[] {
  let points: { readonly at: Vector; readonly weight: number }[] = [{ at: [], weight: 1 }];
  for (let i = 0; i < dimensions; i++) {
    points = points.flatMap(({ at, weight }) => nodes(step).map(([x, w]) => ({ at: [...at, x], weight: weight * w })));
  }
  return points;
}

const dot = (a: Vector, b: Vector): number => a.reduce((sum, value, i) => sum + value * b[i]!, 0);
const scaled = (a: Vector, factor: number): Vector => a.map((value) => value * factor);
const sum = (a: Vector, b: Vector): Vector => a.map((value, i) => value + b[i]!);

/** Orthonormal vectors that span the rows, by Gram and Schmidt. */
function orthonormal(rows: Matrix): Matrix {
  const basis: Vector[] = [];
  const size = Math.max(...rows.map((row) => Math.sqrt(dot(row, row))));
  for (const row of rows) {
    let rest = row;
    for (let pass = 0; pass < 2; pass++) for (const unit of basis) rest = sum(rest, scaled(unit, -dot(unit, rest)));
    const left = Math.sqrt(dot(rest, rest));
    if (left > 1e-9 * size) basis.push(scaled(rest, 1 / left));
  }
  return basis;
}

/** Orthonormal vectors of what the spikes do not show of the target's directions, with their components along those. */
function unseen(V: Matrix, m: number, D: number): { readonly unit: Vector; readonly inTarget: Vector }[] {
  const axis = (i: number): Vector => Array.from({ length: D }, (_, j) => (i === j ? 1 : 0));
  const residual = (e: Vector) => V.reduce((rest, v) => sum(rest, scaled(v, -dot(v, e))), e);
  const basis: Vector[] = [];
  for (let i = 0; i < m; i++) {
    let rest = residual(axis(i));
    for (const unit of basis) rest = sum(rest, scaled(unit, -dot(unit, rest)));
    const left = Math.sqrt(dot(rest, rest));
    if (left > 1e-6) basis.push(scaled(rest, 1 / left));
  }
  return basis.map((unit) => ({ unit, inTarget: unit.slice(0, m) }));
}

interface Tabulated {
  readonly kappa: readonly { readonly at: Vector; readonly weight: number }[];
  readonly V: Matrix;
  readonly Z: Matrix;
  readonly groups: readonly {
    readonly mean: number;
    readonly first: number;
    readonly zFirst: number;
    readonly residual: number;
    readonly variance: number;
  }[][];
  readonly h: readonly number[];
  readonly hb: readonly Vector[];
  readonly hh: readonly number[];
}

/** Conditional moments of features and labels on a grid of κ (multiIndex §1). */
function tabulate(item: StepsCase, R: Matrix, tau: Vector): Tabulated {
  const [m, g] = TARGETS[item.target];
  const [value, derivative] = STUDENTS[item.student];
  const D = R[0]!.length;
  const V = orthonormal(R);
  const rest = unseen(V, m, D);
  const kappa = grid(0.2, V.length);
  const zeta = grid(0.35, rest.length);
  const line = nodes(0.05);
  const h: number[] = [];
  const hb: Vector[] = [];
  const hh: number[] = [];
  for (const { at } of kappa) {
    let [first, square] = [0, item.labelNoise];
    const along = rest.map(() => 0);
    for (const { at: z, weight } of zeta) {
      const s = Array.from({ length: m }, (_, i) => {
        return (
          V.reduce((total, v, a) => total + v[i]! * at[a]!, 0) +
          rest.reduce((total, b, j) => total + b.inTarget[i]! * z[j]!, 0)
        );
      });
      const y = g(s);
      first += weight * y;
      square += weight * y * y;
      z.forEach((x, b) => (along[b]! += weight * y * x));
    }
    h.push(first);
    hh.push(square);
    hb.push(along);
  }
  const groups = kappa.map(({ at }) =>
    R.map((row, k) => {
      const t = V.reduce((total, v, a) => total + dot(row, v) * at[a]!, 0);
      let [s, s2, d, d2, zd] = [0, 0, 0, 0, 0];
      for (const [z, w] of line) {
        const x = t + tau[k]! * z;
        const [f, f1] = [value(x), derivative(x)];
        s += w * f;
        s2 += w * f * f;
        d += w * f1;
        d2 += w * f1 * f1;
        zd += w * z * f1;
      }
      return { mean: s, first: d, zFirst: zd, residual: s2 - s * s - (tau[k]! * d) ** 2, variance: d2 - d * d };
    }),
  );
  return { kappa, V, Z: rest.map(({ unit }) => unit), groups, h, hb, hh };
}

/** The state after all steps (multiIndex §3). */
function stateAfter(item: StepsCase): { readonly R: Matrix; readonly tau: Vector } {
  const [m] = TARGETS[item.target];
  const K = item.readoutValues.length;
  let R: Matrix = item.readoutValues.map(() => Array.from({ length: m }, () => 0));
  let tau: Vector = item.readoutValues.map(() => 1);
  for (const { learningRate, stepSampleRatio } of item.steps) {
    const { kappa, V, Z, groups, h, hb, hh } = tabulate(item, R, tau);
    const D = R[0]!.length;
    const rate = item.readoutValues.map((u) => learningRate * u);
    const G = R.map(() => Array.from({ length: D }, () => 0));
    const Gz = R.map(() => 0);
    const noise = R.map(() => 0);
    const N = R.map(() => R.map(() => 0));
    kappa.forEach(({ at, weight }, i) => {
      const F = groups[i]!.reduce(
        (total, { mean }, k) => total + item.readoutFractions[k]! * item.readoutValues[k]! * mean,
        0,
      );
      const rest = h[i]! - F;
      const square = hh[i]! - 2 * h[i]! * F + F * F;
      groups[i]!.forEach(({ first, zFirst, variance }, k) => {
        V.forEach((v, a) => v.forEach((x, j) => (G[k]![j]! += weight * rest * first * at[a]! * x)));
        Z.forEach((z, b) => z.forEach((x, j) => (G[k]![j]! += weight * hb[i]![b]! * first * x)));
        Gz[k]! += weight * rest * zFirst;
        noise[k]! += weight * square * variance;
        groups[i]!.forEach((other, l) => (N[k]![l]! += weight * square * first * other.first));
      });
    });
    const scale = (k: number, l: number) => (rate[k]! * rate[l]!) / stepSampleRatio;
    const first = Math.sqrt(N[0]![0]! * scale(0, 0));
    const second = K > 1 && first > 0 ? (N[1]![0]! * scale(1, 0)) / first : 0;
    const last = K > 1 ? Math.sqrt(Math.max(0, N[1]![1]! * scale(1, 1) - second * second)) : 0;
    const added: Matrix =
      K > 1
        ? [
            [first, 0],
            [second, last],
          ]
        : [[first]];
    R = R.map((row, k) => [...sum(row, scaled(G[k]!, rate[k]!)), ...added[k]!]);
    tau = tau.map((value, k) => {
      return Math.sqrt((value + rate[k]! * Gz[k]!) ** 2 + (rate[k]! ** 2 * noise[k]!) / stepSampleRatio);
    });
  }
  return { R, tau };
}

const product = (a: Matrix, b: Matrix): Matrix =>
  a.map((row) => b[0]!.map((_, j) => row.reduce((total, x, k) => total + x * b[k]![j]!, 0)));
const transposed = (a: Matrix): Matrix => a[0]!.map((_, j) => a.map((row) => row[j]!));
const diagonal = (values: Vector): Matrix => values.map((x, i) => values.map((_, j) => (i === j ? x : 0)));
const plus = (a: Matrix, b: Matrix): Matrix => a.map((row, i) => sum(row, b[i]!));

/** A⁻¹b by elimination with pivots. */
function eliminated(A: Matrix, b: Matrix): Matrix {
  const rows = A.map((row, i) => [...row, ...b[i]!]);
  for (let k = 0; k < rows.length; k++) {
    let best = k;
    for (let i = k; i < rows.length; i++) if (Math.abs(rows[i]![k]!) > Math.abs(rows[best]![k]!)) best = i;
    [rows[k], rows[best]] = [rows[best]!, rows[k]!];
    for (let i = 0; i < rows.length; i++) {
      if (i === k) continue;
      const factor = rows[i]![k]! / rows[k]![k]!;
      rows[i] = rows[i]!.map((x, j) => x - factor * rows[k]![j]!);
    }
  }
  return rows.map((row, k) => row.slice(rows.length).map((x) => x / row[k]!));
}

/** Errors of ridge regression after the steps: multiIndex §2 by plain iterations on a fixed grid, in doubles. */
export function literalSteps(item: StepsCase): {
  readonly testError: number;
  readonly trainError: number;
  readonly objective: number;
} {
  const { R, tau } = stateAfter(item);
  const { kappa, V, groups, h, hb, hh } = tabulate(item, R, tau);
  const { sampleRatio: alpha, widthRatio: beta, ridge: lambda, readoutFractions: pi } = item;
  const c = tau.map((x) => x * x);
  const average = (f: (i: number) => number) => kappa.reduce((total, { weight }, i) => total + weight * f(i), 0);
  const pairs = (f: (i: number) => number, unit: number): Matrix =>
    pi.map((_, k) => pi.map((_, l) => unit * average((i) => groups[i]![k]!.first * groups[i]![l]!.first * f(i))));
  const singles = (f: (i: number) => number, unit: number): Vector =>
    pi.map((_, k) => unit * average((i) => groups[i]![k]!.residual * f(i)));
  const form = (A: Matrix, b: Vector, i: number) =>
    groups[i]!.reduce((total, own, k) => {
      const along = groups[i]!.reduce((inner, other, l) => inner + A[k]![l]! * other.first, 0);
      return total + own.first * along + b[k]! * own.residual;
    }, 0);
  const unit = diagonal(pi.map(() => 1));

  let g: Vector = pi.map((x) => x / lambda);
  let V1: Matrix = diagonal(g.map((x, k) => c[k]! * x));
  let damping: readonly number[] = [];
  let hat1: Matrix = unit;
  for (let step = 0; step < 20_000; step++) {
    damping = kappa.map((_, i) => 1 / (1 + form(V1, g, i)));
    hat1 = pairs((i) => damping[i]!, alpha / beta);
    const hat2 = singles((i) => damping[i]!, alpha / beta);
    const Gamma = diagonal(g.map((x, k) => c[k]! * beta * x));
    const M = eliminated(plus(unit, product(hat1, Gamma)), hat1);
    const next = pi.map((x, k) => x / (lambda + hat2[k]! + c[k]! * M[k]![k]!));
    const change = Math.max(...next.map((x, k) => Math.abs(x / g[k]! - 1)));
    g = next;
    const moved = diagonal(g.map((x, k) => c[k]! * beta * x));
    V1 = eliminated(plus(unit, product(moved, hat1)), moved).map((row) => scaled(row, 1 / beta));
    if (change < 1e-15) break;
  }

  // Channels: X and Y_b on the grid, with stiffness.
  const channels: {
    readonly X: (i: number) => number;
    readonly Y?: number;
    readonly k: number;
    readonly stiffness: number;
  }[] = [];
  const bs = hb[0]!.length;
  pi.forEach((_, k) => {
    channels.push({ X: (i) => groups[i]![k]!.mean, k, stiffness: 0 });
    const stiffness = 1 / (alpha * g[k]!);
    V.forEach((_, a) => channels.push({ X: (i) => tau[k]! * groups[i]![k]!.first * kappa[i]!.at[a]!, k, stiffness }));
    for (let b = 0; b < bs; b++) channels.push({ X: (i) => tau[k]! * groups[i]![k]!.first, Y: b, k, stiffness });
  });
  // Mean channels that vanish, as those of odd students without a spike, are no channels.
  const used = channels.filter(({ X }) => average((i) => X(i) ** 2) > 1e-20);
  const values = used.map(({ X }) => kappa.map((_, i) => X(i)));
  const A = used.map((a, p) =>
    used.map((b, r) => {
      const own = p === r ? a.stiffness : 0;
      return a.Y === b.Y ? own + average((i) => values[p]![i]! * values[r]![i]! * damping[i]!) : own;
    }),
  );
  const right = used.map((a, p) => {
    return [average((i) => values[p]![i]! * (a.Y === undefined ? h[i]! : hb[i]![a.Y]!) * damping[i]!)];
  });
  const t = eliminated(A, right).map(([x]) => x!);
  const bias = kappa.map((_, i) => {
    let mean = 0;
    const z = Array.from({ length: bs }, () => 0);
    used.forEach(({ Y }, p) => {
      if (Y === undefined) mean += t[p]! * values[p]![i]!;
      else z[Y]! += t[p]! * values[p]![i]!;
    });
    return hh[i]! + mean * mean - 2 * mean * h[i]! + z.reduce((total, x, b) => total + x * x - 2 * x * hb[i]![b]!, 0);
  });

  const Gamma = diagonal(g.map((x, k) => c[k]! * beta * x));
  const L = eliminated(plus(unit, product(hat1, Gamma)), unit);
  const M = product(L, hat1);
  const extra = pi.map(
    (_, k) =>
      used.reduce((total, { k: of, stiffness }, p) => total + (of === k && stiffness > 0 ? t[p]! ** 2 : 0), 0) /
      (beta * g[k]! ** 2),
  );
  let Q1: Matrix = hat1.map((row) => scaled(row, 0));
  let Q2: Vector = pi.map(() => 0);
  for (let step = 0; step < 20_000; step++) {
    const risk = (i: number) => (bias[i]! + form(Q1, Q2, i)) * damping[i]! ** 2;
    const risks = kappa.map((_, i) => risk(i));
    const q1 = pairs((i) => risks[i]!, alpha / beta);
    const q2 = sum(
      singles((i) => risks[i]!, alpha / beta),
      extra,
    );
    const base = product(product(L, q1), transposed(L));
    const system = pi.map((_, k) =>
      pi.map((_, l) => (k === l ? 1 : 0) - (g[k]! ** 2 * c[k]! * M[k]![l]! ** 2 * c[l]! * beta) / pi[k]!),
    );
    const dg = eliminated(
      system,
      pi.map((_, k) => [(g[k]! ** 2 / pi[k]!) * (q2[k]! + c[k]! * base[k]![k]!)]),
    ).map(([x]) => x!);
    const along = product(product(transposed(L), diagonal(dg.map((x, k) => x * c[k]! * beta))), L);
    const N = V1.map((row) => scaled(row, beta));
    const next = plus(along, product(product(N, q1), N)).map((row) => scaled(row, 1 / beta));
    const change = Math.max(...dg.map((x, k) => Math.abs(x - Q2[k]!)));
    [Q1, Q2] = [next, dg];
    if (change < 1e-15 * Math.max(...dg)) break;
  }
  return {
    testError: average((i) => bias[i]! + form(Q1, Q2, i)),
    trainError: average((i) => (bias[i]! + form(Q1, Q2, i)) * damping[i]! ** 2),
    objective:
      average((i) => hh[i]! * damping[i]!) -
      dot(
        right.map(([x]) => x!),
        t,
      ),
  };
}
