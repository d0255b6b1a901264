import { Column, Extended, extended, ONE, ZERO } from "./extended.ts";
import { identity, product, quotient, table, type Table, transpose } from "./matrices.ts";

/** α, β, λ and the groups' π and c, in extended precision. */
export interface Numbers {
  readonly alpha: Extended;
  readonly beta: Extended;
  readonly lambda: Extended;
  readonly pi: readonly Extended[];
  readonly c: readonly Extended[];
}

export const pairsOf = (K: number) =>
  Array.from({ length: K }, (_, k) => Array.from({ length: K - k }, (_, i) => [k, k + i] as const)).flat();

/** The symmetric matrix of upper rows. */
export function symmetric(packed: readonly Extended[], K: number): Table {
  const pairs = pairsOf(K);
  return table(K, K, (k, l) => packed[pairs.findIndex(([i, j]) => i === Math.min(k, l) && j === Math.max(k, l))]!);
}

/** Averages (α/β)E[μ1_k μ1_l f] and (α/β)E[μ2_k² f], as a matrix and a diagonal. */
export interface Averages {
  readonly matrix: Table;
  readonly diagonal: readonly Extended[];
}

/** The fixed point of theory §4 with what its linear response needs. */
export interface Traces {
  /** φ_a with V = Σ φ_a x_a: (2 − δ_kl) μ1_k μ1_l, then μ2_k². */
  readonly basis: readonly Column[];
  /** (V1_kl, g_k), and the sizes its entries are compared with. */
  readonly x: readonly Extended[];
  readonly units: readonly Extended[];
  readonly g: readonly Extended[];
  readonly V1: Table;
  /** 1/(1 + V) */
  readonly damping: Column;
  readonly L: Table;
  readonly M: Table;
  readonly averages: (f: Column) => Averages;
  /** Averages of every φ_a/(1 + V)². */
  readonly slopes: readonly Averages[];
}

/** Most steps of Newton's method, and the relative step of its numerical derivative. */
const STEPS = 30;
const DIFFERENCE = 2 ** -56;

/**
 * Theory §4 in extended precision: Newton's method from a start, with the plain map's numerical derivative.
 *
 * @param mu1 of the groups on the nodes
 * @param mu2 squared
 */
export function literalTraces(
  { alpha, beta, lambda, pi, c }: Numbers,
  weights: Column,
  mu1: readonly Column[],
  mu2: readonly Column[],
  start: { readonly V1: readonly (readonly number[])[]; readonly V2: readonly number[] },
): Traces {
  const K = pi.length;
  const pairs = pairsOf(K);
  const P = pairs.length;
  const ratio = alpha.over(beta);
  const basis = [
    ...pairs.map(([k, l]) => mu1[k]!.times(mu1[l]!).map((value) => value.scaled(k === l ? 1 : 2))),
    ...mu2,
  ];
  const weighted = basis.map((column) => column.times(weights));
  const inGroups = (all: readonly Extended[]): Averages => ({
    matrix: symmetric(
      pairs.map(([k, l], a) => all[a]!.scaled(k === l ? 1 : 0.5)),
      K,
    ),
    diagonal: all.slice(P),
  });
  const packed = (f: Column) => weighted.map((column) => ratio.times(column.dot(f)));
  const dampingAt = (x: readonly Extended[]): Column => {
    const V = new Column(mu1[0]!.hi.length);
    x.forEach((value, a) => V.add(value, basis[a]!));
    return V.map((value) => ONE.over(value.plus(ONE)));
  };
  /** E[φ_a φ_b/(1 + V)²], times α/β. */
  const hessian = (damping: Column): Table => {
    const square = damping.times(damping);
    const damped = basis.map((phi) => phi.times(square));
    const upper = damped.map((f, b) => weighted.map((column, a) => (a <= b ? ratio.times(column.dot(f)) : ZERO)));
    return table(basis.length, basis.length, (a, b) => upper[Math.max(a, b)]![Math.min(a, b)]!);
  };
  /** L = (I + V̂1Γ)⁻¹ and M at g and the conjugates. */
  const resolvent = (hat1: Table, g: readonly Extended[]) => {
    const gamma = g.map((value, k) => value.times(c[k]!).times(beta));
    const whole = table(K, K, (k, l) => (k === l ? ONE : ZERO).plus(hat1[k]![l]!.times(gamma[l]!)));
    const L = quotient(whole, identity(K));
    return { gamma, L, M: product(L, hat1) };
  };
  /** The plain map. */
  const image = (g: readonly Extended[], conjugates: readonly Extended[]): Extended[] => {
    const { matrix: hat1, diagonal: hat2 } = inGroups(conjugates);
    const { gamma, L, M } = resolvent(hat1, g);
    const next = g.map((_, k) => pi[k]!.over(lambda.plus(hat2[k]!).plus(c[k]!.times(M[k]![k]!))));
    return [...pairs.map(([k, l]) => L[l]![k]!.times(gamma[l]!).over(beta)), ...next];
  };

  let x = [...pairs.map(([k, l]) => start.V1[k]![l]!), ...start.V2].map(extended);
  const own = (k: number) => x[pairs.findIndex(([i, j]) => i === k && j === k)]!;
  const units = [...pairs.map(([k, l]) => own(k).times(own(l)).root()), ...x.slice(P)];
  const relative = (values: readonly Extended[]) => values.map((value, a) => value.over(units[a]!));
  /** d(F(x) − x)/dx, in units: the conjugates move along their own derivative. */
  const slope = (damping: Column, conjugates: readonly Extended[]): Table => {
    const H = hessian(damping);
    const F = image(x.slice(P), conjugates);
    const columns = x.map((_, b) => {
      const step = units[b]!.scaled(DIFFERENCE);
      const moved = x.map((value, a) => (a === b ? value.plus(step) : value));
      const there = image(
        moved.slice(P),
        conjugates.map((value, a) => value.minus(H[a]![b]!.times(step))),
      );
      const change = relative(there.map((value, a) => value.minus(F[a]!))).map((value) => value.scaled(1 / DIFFERENCE));
      return change.map((value, a) => (a === b ? value.minus(ONE) : value));
    });
    return transpose(columns);
  };

  let jacobian: Table | undefined;
  let previous = Infinity;
  for (let step = 0; ; step++) {
    const damping = dampingAt(x);
    const conjugates = packed(damping);
    const residual = relative(image(x.slice(P), conjugates).map((value, a) => value.minus(x[a]!)));
    jacobian ??= slope(damping, conjugates);
    const change = quotient(
      jacobian,
      residual.map((value) => [value]),
    ).map(([value]) => value!);
    const length = Math.max(...change.map((value) => Math.abs(value.hi)));
    if (length < 1e-20 || (step === STEPS && length < 1e-12)) break;
    if (step === STEPS) throw new Error(`the audit's own fixed point has not converged: ${length}`);
    x = x.map((value, a) => value.minus(units[a]!.times(change[a]!)));
    if (length > 1e-3 * previous) jacobian = undefined;
    previous = length;
  }
  const g = x.slice(P);
  const damping = dampingAt(x);
  const averages = (f: Column) => inGroups(packed(f));
  const { L, M } = resolvent(averages(damping).matrix, g);
  const slopes = hessian(damping).map(inGroups);
  return { basis, x, units, g, V1: symmetric(x, K), damping, L, M, averages, slopes };
}
