import { Matrix, QrDecomposition, solve as solveLinear } from "ml-matrix";
import type { AuditFunction } from "./moments.ts";

/** A spiked model in the numbers of theory §3 and §4. */
export interface AuditCase {
  readonly student: AuditFunction;
  readonly target: AuditFunction;
  readonly spikeStrength: number;
  readonly alignment: number;
  readonly labelNoise: number;
  readonly readoutValues: readonly number[];
  readonly readoutFractions: readonly number[];
  readonly bulkVariance: readonly number[];
  readonly sampleRatio: number;
  readonly widthRatio: number;
  readonly ridge: number;
}

export interface AuditValues {
  readonly testError: number;
  readonly trainError: number;
  readonly objective: number;
  readonly V1: number[][];
  readonly V2: number[];
  readonly Q1: number[][];
  readonly Q2: number[];
  readonly psi: number[];
  /** mean(κ) at a few places. */
  readonly along: number[];
}

export const PLACES = [-1.5, -0.5, 0.1, 1, 2];

/** Legendre nodes and weights on [−1, 1] by Newton's method on the recurrence. */
function legendre(n: number): { nodes: number[]; weights: number[] } {
  const nodes: number[] = [];
  const weights: number[] = [];
  for (let i = 0; i < n; i++) {
    let x = Math.cos((Math.PI * (i + 0.75)) / (n + 0.5));
    let slope = 0;
    for (let step = 0; step < 20; step++) {
      let [before, here] = [1, x];
      for (let k = 2; k <= n; k++) [before, here] = [here, ((2 * k - 1) * x * here - (k - 1) * before) / k];
      slope = (n * (x * here - before)) / (x * x - 1);
      x -= here / slope;
    }
    nodes.push(x);
    weights.push(2 / ((1 - x * x) * slope * slope));
  }
  return { nodes, weights };
}

const RULE = legendre(12);

/** Panels on [−9.5, 9.5] with an edge at 0, shorter where spiked features turn. */
function grid(r: number): { kappa: number[]; weights: number[] } {
  const edges: number[] = [];
  const near = Math.min(1, 8 / Math.max(r, 1));
  for (let x = 0; x < 9.5; x += x < near ? near / 60 : x < 4 * near ? near / 12 : Math.min(0.25, 3 / Math.max(r, 1)))
    edges.push(x);
  edges.push(9.5);
  const kappa: number[] = [];
  const weights: number[] = [];
  const add = (left: number, right: number): void => {
    RULE.nodes.forEach((node, i) => {
      const x = 0.5 * (left + right) + 0.5 * (right - left) * node;
      kappa.push(x);
      weights.push((0.5 * (right - left) * RULE.weights[i]! * Math.exp(-0.5 * x * x)) / Math.sqrt(2 * Math.PI));
    });
  };
  edges.slice(1).forEach((right, i) => {
    add(edges[i]!, right);
    add(-right, -edges[i]!);
  });
  return { kappa, weights };
}

const pairsOf = (K: number) =>
  Array.from({ length: K }, (_, k) => Array.from({ length: K - k }, (_, i) => [k, k + i] as const)).flat();
const symmetric = (K: number, packed: readonly number[]) => {
  const matrix = Matrix.zeros(K, K);
  pairsOf(K).forEach(([k, l], i) => {
    matrix.set(k, l, packed[i]!);
    matrix.set(l, k, packed[i]!);
  });
  return matrix;
};

/**
 * Theory §3 to §5 as they are written, on a fine grid: the fixed point by Newton's method with a numerical Jacobian from a
 * start, least squares by Householder's method, the norms by solving their linear equations.
 */
export function literal(model: AuditCase, start: { V1: number[][]; V2: number[] }): AuditValues {
  const { student, target, alignment: gamma, readoutFractions: pi, bulkVariance: c } = model;
  const { sampleRatio: alpha, widthRatio: beta, ridge: lambda } = model;
  const K = pi.length;
  const rho = Math.sqrt(1 - gamma * gamma);
  const spikes = model.readoutValues.map((u) => u * model.spikeStrength);
  const { kappa, weights } = grid(Math.max(...spikes.map(Math.abs)));
  const N = kappa.length;
  // What rounding leaves of a mean that vanishes is no channel.
  const features = spikes.map((r, k) =>
    kappa.map((x) => {
      // Without a spike the means are constants: one channel is enough.
      if (r === 0 && k > 0) return { ...student.moments(0, Math.sqrt(c[k]!)), mean: 0 };
      const { mean, ...rest } = student.moments(r * x, Math.sqrt(c[k]!));
      return { ...rest, mean: Math.abs(mean) < 1e-13 ? 0 : mean };
    }),
  );
  const mu1 = features.map((group, k) => group.map(({ first }) => first / Math.sqrt(c[k]!)));
  const mu2 = features.map((group) => group.map(({ residual }) => residual));
  const labels = kappa.map((x) => target.moments(gamma * x, rho));
  const average = (f: (i: number) => number): number => {
    let sum = 0;
    for (let i = 0; i < N; i++) sum += weights[i]! * f(i);
    return sum;
  };
  const pairs = pairsOf(K);
  const P = pairs.length;
  const quadratic = (matrix: readonly number[], diagonal: readonly number[]) => {
    const values = new Float64Array(N);
    pairs.forEach(([k, l], a) => {
      const factor = (k === l ? 1 : 2) * matrix[a]!;
      for (let i = 0; i < N; i++) values[i]! += factor * mu1[k]![i]! * mu1[l]![i]!;
    });
    diagonal.forEach((value, k) => {
      for (let i = 0; i < N; i++) values[i]! += value * mu2[k]![i]!;
    });
    return values;
  };

  /** V̂1, V̂2, L = (I + V̂1Γ)⁻¹ and M at (V1, g). */
  function conjugates(V1: readonly number[], g: readonly number[]) {
    const V = quadratic(V1, g);
    const hat1 = symmetric(
      K,
      pairs.map(([k, l]) => (alpha / beta) * average((i) => (mu1[k]![i]! * mu1[l]![i]!) / (1 + V[i]!))),
    );
    const hat2 = mu2.map((group) => (alpha / beta) * average((i) => group[i]! / (1 + V[i]!)));
    const Gamma = Matrix.diag(g.map((value, k) => c[k]! * beta * value));
    const L = solveLinear(Matrix.eye(K).add(hat1.mmul(Gamma)), Matrix.eye(K));
    return { V, hat1, hat2, Gamma, L, M: L.mmul(hat1) };
  }
  /** log of the image of the plain map minus the argument, over (V1 as correlations, g). */
  function residual(z: readonly number[]): number[] {
    const [V1, g] = unpack(z);
    const { hat2, Gamma, L, M } = conjugates(V1, g);
    const next = g.map((_, k) => pi[k]! / (lambda + hat2[k]! + c[k]! * M.get(k, k)));
    const image = L.transpose().mmul(Gamma).div(beta);
    const packed = pack(
      pairs.map(([k, l]) => 0.5 * (image.get(k, l) + image.get(l, k))),
      next,
    );
    return packed.map((value, a) => value - z[a]!);
  }
  const position = (k: number) => pairs.findIndex(([i, j]) => i === k && j === k);
  const pack = (V1: readonly number[], g: readonly number[]): number[] => [
    ...pairs.map(([k, l], a) => (k === l ? Math.log(V1[a]!) : V1[a]! / Math.sqrt(V1[position(k)]! * V1[position(l)]!))),
    ...g.map(Math.log),
  ];
  const unpack = (z: readonly number[]): [number[], number[]] => {
    const scale = Array.from({ length: K }, (_, k) => Math.exp(0.5 * z[position(k)]!));
    return [
      pairs.map(([k, l], a) => (k === l ? scale[k]! ** 2 : z[a]! * scale[k]! * scale[l]!)),
      z.slice(P).map(Math.exp),
    ];
  };
  let z = pack(
    pairs.map(([k, l]) => start.V1[k]![l]!),
    start.V2,
  );
  for (let step = 0; step < 3; step++) {
    const at = residual(z);
    const size = Math.max(...at.map(Math.abs));
    if (size < 1e-14) break;
    const h = 1e-6;
    const columns = z.map((_, a) => residual(z.map((value, b) => (a === b ? value + h : value))));
    const jacobian = new Matrix(z.map((_, a) => columns.map((column) => (column[a]! - at[a]!) / h)));
    const change = solveLinear(jacobian, Matrix.columnVector(at)).to1DArray();
    z = z.map((value, a) => value - change[a]!);
  }
  const [V1, g] = unpack(z);
  const { V, L, M } = conjugates(V1, g);
  const V1matrix = symmetric(K, V1);

  // Normal equations as least squares: mean channels, spike-direction channels, ψ with the same stiffness.
  const channels = [
    ...features.map((group) => group.map(({ mean }) => mean)),
    ...mu1.map((f) => f.map((v, i) => v * kappa[i]!)),
  ];
  const rows: number[][] = [];
  const right: number[] = [];
  for (let i = 0; i < N; i++) {
    const root = Math.sqrt(weights[i]! / (1 + V[i]!));
    rows.push([...channels.map((f) => root * f[i]!), ...mu1.map(() => 0)]);
    right.push(root * labels[i]!.mean);
  }
  for (let i = 0; i < N; i++) {
    const root = Math.sqrt(weights[i]! / (1 + V[i]!));
    rows.push([...channels.map(() => 0), ...mu1.map((f) => root * f[i]!)]);
    right.push(root * labels[i]!.first);
  }
  g.forEach((value, k) => {
    const root = 1 / Math.sqrt(alpha * c[k]! * value);
    rows.push(Array.from({ length: 3 * K }, (_, j) => (j === K + k ? root : 0)));
    rows.push(Array.from({ length: 3 * K }, (_, j) => (j === 2 * K + k ? root : 0)));
    right.push(0, 0);
  });
  // Collinear mean channels: the least of all solutions, nearly.
  channels.slice(0, K).forEach((f, k) => {
    const size = Math.sqrt(average((i) => f[i]! ** 2 / (1 + V[i]!)));
    rows.push(Array.from({ length: 3 * K }, (_, j) => (j === k ? 1e-11 * size || 1 : 0)));
    right.push(0);
  });
  const t = new QrDecomposition(new Matrix(rows)).solve(Matrix.columnVector(right)).to1DArray();
  const psi = t.slice(2 * K);
  const theta = t.slice(K, 2 * K);
  const readout = (i: number) => channels.reduce((sum, f, j) => sum + t[j]! * f[i]!, 0);
  const bias = kappa.map((_, i) => {
    const along = psi.reduce((sum, value, k) => sum + value * mu1[k]![i]!, 0);
    const { mean, first, residual: rest } = labels[i]!;
    return { own: rest + model.labelNoise + (mean - readout(i)) ** 2 + (first - along) ** 2, along: along ** 2 };
  });

  // ψ̂; Q̂1 and Q̂2 have the coefficients' own parts ψ̂ψ̂ᵀ/β and (1/β)θ²/(F g²).
  const psiHat = mu1.map((f) => alpha * average((i) => (f[i]! * labels[i]!.first) / (1 + V[i]!)));
  const respond = (risk: Float64Array, withSource: boolean): number[] => {
    const Qhat1 = symmetric(
      K,
      pairs.map(
        ([k, l]) =>
          (alpha / beta) * average((i) => (mu1[k]![i]! * mu1[l]![i]! * risk[i]!) / (1 + V[i]!) ** 2) +
          (withSource ? (psiHat[k]! * psiHat[l]!) / beta : 0),
      ),
    );
    const Qhat2 = mu2.map(
      (group, k) =>
        (alpha / beta) * average((i) => (group[i]! * risk[i]!) / (1 + V[i]!) ** 2) +
        (withSource ? theta[k]! ** 2 / (c[k]! * g[k]! ** 2 * beta) : 0),
    );
    const base = L.mmul(Qhat1).mmul(L.transpose()).mul(-1);
    const system = Matrix.zeros(K, K);
    for (let k = 0; k < K; k++) {
      for (let l = 0; l < K; l++) {
        const coupling = ((g[k]! ** 2 * c[k]!) / pi[k]!) * M.get(k, l) ** 2 * c[l]! * beta;
        system.set(k, l, (k === l ? 1 : 0) - coupling);
      }
    }
    const source = g.map((value, k) => (value ** 2 / pi[k]!) * (Qhat2[k]! - c[k]! * base.get(k, k)));
    const dg = solveLinear(system, Matrix.columnVector(source)).to1DArray();
    const inner = Matrix.diag(dg.map((value, k) => c[k]! * beta * value));
    const response = L.transpose()
      .mmul(inner)
      .mmul(L)
      .add(
        V1matrix.mmul(Qhat1)
          .mmul(V1matrix)
          .mul(beta * beta),
      )
      .div(beta);
    return [...pairs.map(([k, l]) => response.get(k, l)), ...dg];
  };
  // Q1 contains ψψᵀ, so the bias does not.
  const zero = respond(
    Float64Array.from(bias, ({ own, along }) => own - along),
    true,
  );
  const units = [...pairs.map((_, a) => (a < P ? 1 : 0)), ...g.map(() => 0)];
  const columns = units.map((_, a) => {
    const scale = a < P ? Math.sqrt(V1[position(pairs[a]![0])]! * V1[position(pairs[a]![1])]!) : g[a - P]!;
    const unit = units.map((_, b) => (a === b ? scale : 0));
    return respond(quadratic(unit.slice(0, P), unit.slice(P)), false).map((value) => value / scale);
  });
  const sizes = [...pairs.map(([k, l]) => Math.sqrt(V1[position(k)]! * V1[position(l)]!)), ...g];
  const system = new Matrix(
    sizes.map((row, b) => sizes.map((column, a) => (a === b ? 1 : 0) - (columns[a]![b]! * column) / row)),
  );
  const Q = solveLinear(system, Matrix.columnVector(zero.map((value, b) => value / sizes[b]!)))
    .to1DArray()
    .map((value, b) => value * sizes[b]!);
  const risk = quadratic(Q.slice(0, P), Q.slice(P)).map((value, i) => value + bias[i]!.own - bias[i]!.along);
  const trainError = average((i) => risk[i]! / (1 + V[i]!) ** 2);
  const fit = average((i) => bias[i]!.own / (1 + V[i]!));
  const penalty = g.reduce((sum, value, k) => sum + (theta[k]! ** 2 + psi[k]! ** 2) / (alpha * c[k]! * value), 0);
  return {
    testError: average((i) => risk[i]!),
    trainError,
    objective: fit + penalty,
    V1: V1matrix.to2DArray(),
    V2: g,
    Q1: symmetric(K, Q.slice(0, P)).to2DArray(),
    Q2: Q.slice(P),
    psi,
    along: PLACES.map((x) =>
      spikes.reduce((sum, r, k) => {
        const { mean, first } = student.moments(r * x, Math.sqrt(c[k]!));
        return sum + t[k]! * mean + (theta[k]! * x * first) / Math.sqrt(c[k]!);
      }, 0),
    ),
  };
}
