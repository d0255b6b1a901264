import type { Channel } from "../model/conditionalFeatureStatistics.ts";
import {
  type Complex,
  complexDivide,
  complexMultiply,
  complexProduct,
  complexRootFromBelow,
  complexSolveInPlace,
} from "../numerics/complex.ts";
import { packedPair, packedSize } from "./bulk.ts";
import type { ComplexBulk } from "./complexBulk.ts";

interface IsotropicGroup {
  readonly fraction: number;
  readonly bulkVariance: number;
}

/** `isotropicBulk` at a complex ridge: the Marchenko–Pastur traces and their linear response (theory §4, §8). */
export function isotropicComplexBulk(
  groups: readonly IsotropicGroup[],
  channels: readonly Pick<Channel, "group" | "strength">[],
  widthRatio: number,
): ComplexBulk {
  const K = groups.length;
  const m = packedSize(K);
  const response = new Float64Array(2 * m * m);
  const g = new Float64Array(2 * K);
  const solve =
    K === 1 ? scalarSolve(groups[0]!, widthRatio, response, g) : matrixSolve(groups, widthRatio, response, g);
  const owners = [
    ...channels.map(({ group, strength }) => ({ group, strength: strength(widthRatio) })),
    ...groups.map(({ bulkVariance }, group) => ({ group, strength: bulkVariance })),
  ];
  return {
    groups: K,
    response,
    solve,
    stiffness(sampleRatio) {
      const stiffness = new Float64Array(owners.length ** 2);
      owners.forEach(({ group, strength }, i) => {
        const [re, im] = [g[2 * group]!, g[2 * group + 1]!];
        const inverse = re / (re * re + im * im);
        stiffness[i * owners.length + i] = strength === Infinity ? 0 : inverse / (sampleRatio * strength);
      });
      return stiffness;
    },
  };
}

/** K = 1: with λ± = c(1 ± √β)², ℛ = √(D + λ₊V̂1) √(D + λ₋V̂1), each root analytic in the lower half plane. */
function scalarSolve(
  group: IsotropicGroup,
  beta: number,
  response: Float64Array,
  trace: Float64Array,
): ComplexBulk["solve"] {
  const c = group.bulkVariance;
  const [upper, lower] = [c * (1 + Math.sqrt(beta)) ** 2, c * (1 - Math.sqrt(beta)) ** 2];
  const add = (a: Complex, factor: number, b: Complex): Complex => [a[0] + factor * b[0], a[1] + factor * b[1]];
  return (conjugates, ridge, traces) => {
    const V1hat: Complex = [conjugates[0]!, conjugates[1]!];
    const D: Complex = [ridge[0] + conjugates[2]!, ridge[1] + conjugates[3]!];
    const B = add(D, c * (1 - beta), V1hat);
    const root = complexMultiply(
      complexRootFromBelow(add(D, upper, V1hat)),
      complexRootFromBelow(add(D, lower, V1hat)),
    );
    const [sum, difference] = [add(B, 1, root), add(root, -1, B)];
    // The form that does not cancel.
    const g =
      Math.hypot(...sum) >= Math.hypot(...difference)
        ? complexDivide([2, 0], sum)
        : complexDivide(difference, complexMultiply([2 * c * beta * V1hat[0], 2 * c * beta * V1hat[1]], D));
    const grown = add([1, 0], c * beta, complexMultiply(V1hat, g));
    const shrink = complexDivide([1, 0], grown);
    const shrinkSquared = complexMultiply(shrink, shrink);
    const V1 = complexMultiply([c * g[0], c * g[1]], shrink);
    const T0 = complexDivide(complexMultiply(g, grown), root);
    const T1 = complexMultiply([c * T0[0], c * T0[1]], shrinkSquared);
    const T2 = add(complexMultiply([c * T1[0], c * T1[1]], shrinkSquared), beta, complexMultiply(V1, V1));
    traces.set(V1);
    traces.set(g, 2);
    trace.set(g);
    response.set([...T2, ...T1, ...T1, ...T0]);
    return Number.isFinite(g[0]) && Number.isFinite(V1[0]) ? undefined : "trace g is not finite";
  };
}

const MOST_INNER_STEPS = 60;

/** Any K: Newton in log g, safeguarded by the plain map, then the linear response (theory §4). */
function matrixSolve(
  groups: readonly IsotropicGroup[],
  beta: number,
  response: Float64Array,
  trace: Float64Array,
): ComplexBulk["solve"] {
  const K = groups.length;
  const m = packedSize(K);
  const c = groups.map((group) => group.bulkVariance);
  const pi = groups.map((group) => group.fraction);
  const V1hat = new Float64Array(2 * K * K);
  const work = new Float64Array(2 * K * K);
  const joint = new Float64Array(4 * K * K);
  const L = new Float64Array(2 * K * K); // (I + V̂1 Γ)⁻¹
  const M = new Float64Array(2 * K * K); // L V̂1
  const D = new Float64Array(2 * K);
  const denominator = new Float64Array(2 * K);
  const residual = new Float64Array(2 * K);
  const newton = new Float64Array(2 * K);
  const right = new Float64Array(2 * K * m);
  const pairs: [number, number, number][] = [];
  for (let k = 0; k < K; k++) for (let l = k; l < K; l++) pairs.push([k, l, packedPair(K, k, l)]);
  const at = (a: Float64Array, i: number): Complex => [a[2 * i]!, a[2 * i + 1]!];

  function factor(g: Float64Array): boolean {
    for (let k = 0; k < K; k++) {
      for (let l = 0; l < K; l++) {
        const entry = at(V1hat, k * K + l);
        const gamma = complexMultiply(entry, [c[l]! * beta * g[2 * l]!, c[l]! * beta * g[2 * l + 1]!]);
        work[2 * (k * K + l)] = gamma[0] + (k === l ? 1 : 0);
        work[2 * (k * K + l) + 1] = gamma[1];
        joint.set([k === l ? 1 : 0, 0], 2 * (k * 2 * K + l));
        joint.set(entry, 2 * (k * 2 * K + K + l));
      }
    }
    if (!complexSolveInPlace(work, joint, K, 2 * K)) return false;
    for (let k = 0; k < K; k++) {
      L.set(joint.subarray(4 * k * K, 4 * k * K + 2 * K), 2 * k * K);
      M.set(joint.subarray(4 * k * K + 2 * K, 4 * k * K + 4 * K), 2 * k * K);
    }
    return true;
  }

  /** Jacobian of log g_k + log(D_k + c_k M_kk) by log g_l, into `work`. */
  function jacobian(g: Float64Array): void {
    for (let k = 0; k < K; k++) {
      for (let l = 0; l < K; l++) {
        const entry = at(M, k * K + l);
        const scale = c[k]! * c[l]! * beta;
        const product = complexMultiply(complexMultiply(entry, entry), at(g, l));
        const slope = complexDivide([scale * product[0], scale * product[1]], at(denominator, k));
        work[2 * (k * K + l)] = (k === l ? 1 : 0) - slope[0];
        work[2 * (k * K + l) + 1] = -slope[1];
      }
    }
  }

  function iterate(g: Float64Array): string | undefined {
    let previous = Infinity;
    for (let step = 0; step < MOST_INNER_STEPS; step++) {
      if (!factor(g)) return "I + V̂1 Γ is singular";
      let size = 0;
      for (let k = 0; k < K; k++) {
        const Mkk = at(M, k * K + k);
        denominator.set([D[2 * k]! + c[k]! * Mkk[0], D[2 * k + 1]! + c[k]! * Mkk[1]], 2 * k);
        const ratio = complexDivide([pi[k]!, 0], complexMultiply(at(g, k), at(denominator, k)));
        residual.set([Math.log(Math.hypot(...ratio)), Math.atan2(ratio[1], ratio[0])], 2 * k);
        const length = Math.hypot(residual[2 * k]!, residual[2 * k + 1]!);
        size = Math.max(size, length);
      }
      if (!Number.isFinite(size)) return "group traces are not finite";
      if (size < 4e-16 || (size < 1e-12 && size >= previous)) return undefined;
      jacobian(g);
      newton.set(residual);
      const useNewton = size < previous && complexSolveInPlace(work, newton, K, 1);
      for (let k = 0; k < K; k++) {
        const change = at(useNewton ? newton : residual, k);
        const growth = Math.exp(Math.max(-3, Math.min(3, change[0])));
        const turn = Math.max(-1, Math.min(1, change[1]));
        // A real argument keeps real traces real, to the last bit.
        const factor: Complex = turn === 0 ? [growth, 0] : [growth * Math.cos(turn), growth * Math.sin(turn)];
        g.set(complexMultiply(at(g, k), factor), 2 * k);
      }
      previous = useNewton ? size : Infinity;
    }
    return "group traces did not converge";
  }

  function fillResponse(g: Float64Array, V1: Float64Array): boolean {
    for (let i = 0; i < K; i++) {
      for (const [k, l, a] of pairs) {
        const product = complexMultiply(at(L, i * K + k), at(L, i * K + l));
        right.set(complexDivide([c[i]! * product[0], c[i]! * product[1]], at(denominator, i)), 2 * (i * m + a));
      }
      for (let k = 0; k < K; k++) {
        right.set(k === i ? complexDivide([1, 0], at(denominator, i)) : [0, 0], 2 * (i * m + m - K + k));
      }
    }
    jacobian(g);
    if (!complexSolveInPlace(work, right, K, m)) return false;
    for (let i = 0; i < K; i++) {
      for (let a = 0; a < m; a++) {
        response.set(complexMultiply(at(right, i * m + a), at(g, i)), 2 * ((m - K + i) * m + a));
      }
    }
    fillPairs(V1);
    return true;
  }

  /** Rows of V1_ij: Σ_k L_ki L_kj c_k dg_k, and the part at fixed g. */
  function fillPairs(V1: Float64Array): void {
    for (const [i, j, row] of pairs) {
      for (let a = 0; a < 2 * m; a++) response[2 * row * m + a] = 0;
      for (let k = 0; k < K; k++) {
        const [first, second] = [2 * (k * K + i), 2 * (k * K + j)];
        const re = c[k]! * (L[first]! * L[second]! - L[first + 1]! * L[second + 1]!);
        const im = c[k]! * (L[first]! * L[second + 1]! + L[first + 1]! * L[second]!);
        addMultiple(response, 2 * row * m, 2 * (m - K + k) * m, re, im);
      }
      for (const [k, l, a] of pairs) {
        const at = 2 * (row * m + a);
        addProduct(response, at, V1, i * K + k, l * K + j);
        addProduct(response, at, V1, i * K + l, k * K + j);
      }
    }
  }

  /** response[target …] += f response[source …] over a row. */
  function addMultiple(a: Float64Array, target: number, source: number, fr: number, fi: number): void {
    for (let b = 0; b < 2 * m; b += 2) {
      a[target + b]! += fr * a[source + b]! - fi * a[source + b + 1]!;
      a[target + b + 1]! += fr * a[source + b + 1]! + fi * a[source + b]!;
    }
  }

  /** ½β V1_first V1_second */
  function addProduct(a: Float64Array, target: number, V1: Float64Array, first: number, second: number): void {
    const [xr, xi, yr, yi] = [V1[2 * first]!, V1[2 * first + 1]!, V1[2 * second]!, V1[2 * second + 1]!];
    a[target]! += 0.5 * beta * (xr * yr - xi * yi);
    a[target + 1]! += 0.5 * beta * (xr * yi + xi * yr);
  }

  const gamma = new Float64Array(2 * K * K);
  const transposed = new Float64Array(2 * K * K);
  const V1 = new Float64Array(2 * K * K);
  return (conjugates, ridge, traces) => {
    const g = traces.subarray(2 * (m - K));
    for (let k = 0; k < K; k++) {
      D.set([ridge[0] + conjugates[2 * (m - K + k)]!, ridge[1] + conjugates[2 * (m - K + k) + 1]!], 2 * k);
      for (let l = 0; l < K; l++) {
        const entry = at(conjugates, packedPair(K, k, l));
        const half = k === l ? 1 : 0.5;
        V1hat.set([half * entry[0], half * entry[1]], 2 * (k * K + l));
      }
    }
    const reason = iterate(g);
    if (reason !== undefined) return reason;
    trace.set(g);
    // V1 = (1/β)(I + Γ V̂1)⁻¹ Γ = (1/β) Lᵀ Γ
    gamma.fill(0);
    for (let k = 0; k < K; k++) {
      gamma.set([c[k]! * g[2 * k]!, c[k]! * g[2 * k + 1]!], 2 * (k * K + k));
      for (let l = 0; l < K; l++) transposed.set(at(L, l * K + k), 2 * (k * K + l));
    }
    complexProduct(transposed, gamma, K, K, K, V1);
    for (const [k, l, a] of pairs) traces.set(at(V1, k * K + l), 2 * a);
    return fillResponse(g, V1) ? undefined : "linear response of the group traces is singular";
  };
}
