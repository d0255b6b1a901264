import {
  type Complex,
  complexAt,
  complexMultiply,
  complexRootFromBelow,
  complexSolveInPlace,
} from "../numerics/complex.ts";
import { packedSize } from "./bulk.ts";
import type { ComplexPencil } from "./complexPencil.ts";
import type { ResolventSlope } from "./resolventBranch.ts";
import { pairOf } from "./stepForms.ts";

/**
 * The traces g_k of an anisotropic bulk at a complex ridge and what follows from them at fixed conjugates (trainedNetwork, "Fixed
 * point"). All arrays are interleaved.
 */
export interface ComplexGroupTraces {
  readonly g: Float64Array;
  /** √g_k, continued: H depends on its sign. */
  readonly roots: Float64Array;
  /** 𝒱_kl = β√(g_kg_l)V̂1_kl */
  readonly coupling: Float64Array;
  readonly V1hat: Float64Array;
  /** λ + V̂2_k */
  readonly D: Float64Array;
  /** Changes of M⁻¹ as the pencil linearises it: a Newton step, then one for every entry of 𝒱. */
  changes: readonly Float64Array[];
  fillCoupling(): void;
  diagonal(trace: Float64Array, k: number): Complex;
  traceJacobian(extra: Complex): Float64Array;
  slope(): ResolventSlope | undefined;
  /** Changes of the traces with the conjugates, negated, m×m; false if they are singular. */
  fillResponse(traces: Float64Array, response: Float64Array): boolean;
}

export function complexGroupTraces(resolvent: ComplexPencil, beta: number): ComplexGroupTraces {
  const K = resolvent.groups;
  const m = packedSize(K);
  const pairs = m - K;
  const size = 3 * K;
  const g = new Float64Array(2 * K);
  const roots = new Float64Array(2 * K);
  const coupling = new Float64Array(2 * K * K);
  const V1hat = new Float64Array(2 * K * K);
  const D = new Float64Array(2 * K);

  /** √g, on the branch next to the last one, and 𝒱. */
  function fillCoupling(): void {
    for (let k = 0; k < K; k++) {
      const root = complexRootFromBelow(complexAt(g, k));
      const along = root[0] * roots[2 * k]! + root[1] * roots[2 * k + 1]!;
      roots.set(along < 0 ? [-root[0], -root[1]] : root, 2 * k);
    }
    for (let k = 0; k < K; k++) {
      for (let l = 0; l < K; l++) {
        const product = complexMultiply(
          complexMultiply(complexAt(roots, k), complexAt(roots, l)),
          complexAt(V1hat, k * K + l),
        );
        coupling.set([beta * product[0], beta * product[1]], 2 * (k * K + l));
      }
    }
  }

  /** Σ_l trace_kl 𝒱_lk, with the first K columns of a 3K×3K matrix. */
  function diagonal(trace: Float64Array, k: number): Complex {
    let [re, im] = [0, 0];
    for (let l = 0; l < K; l++) {
      const product = complexMultiply(complexAt(trace, k * size + l), complexAt(coupling, l * K + k));
      re += product[0];
      im += product[1];
    }
    return [re, im];
  }

  /** ∂[𝒯𝒱]_kk/∂𝒱_b, with 𝒯 changing along. */
  function diagonalSlope(b: number, k: number): Complex {
    const [i, j] = pairOf(K, b);
    let [re, im] = diagonal(state.changes[1 + b]!, k);
    const add = (l: number) => {
      re += resolvent.resolvent[2 * (k * size + l)]!;
      im += resolvent.resolvent[2 * (k * size + l) + 1]!;
    };
    if (k === i) add(j);
    if (k === j && i !== j) add(i);
    return [re, im];
  }

  /** ∂(g_k(D_k + extra) + [𝒯𝒱]_kk/β)/∂log g_l */
  function traceJacobian(extra: Complex): Float64Array {
    const J = new Float64Array(2 * K * K);
    for (let k = 0; k < K; k++) {
      J.set(complexMultiply(complexAt(g, k), [D[2 * k]! + extra[0], D[2 * k + 1]! + extra[1]]), 2 * (k * K + k));
      for (let b = 0; b < pairs; b++) {
        const [i, j] = pairOf(K, b);
        const slope = complexMultiply(diagonalSlope(b, k), complexAt(coupling, i * K + j));
        for (const l of [i, j]) {
          J[2 * (k * K + l)]! += (0.5 * slope[0]) / beta;
          J[2 * (k * K + l) + 1]! += (0.5 * slope[1]) / beta;
        }
      }
    }
    return J;
  }

  /** dM⁻¹/dz and d log g/dz at the solution. */
  function slope(): ResolventSlope | undefined {
    const logs = new Float64Array(2 * K);
    // dλ = −dz
    for (let k = 0; k < K; k++) logs.set(complexAt(g, k), 2 * k);
    if (!complexSolveInPlace(traceJacobian([0, 0]), logs, K, 1)) return undefined;
    const moved = new Float64Array(state.changes[0]!.length);
    for (let b = 0; b < pairs; b++) {
      const [k, l] = pairOf(K, b);
      const both: Complex = [0.5 * (logs[2 * k]! + logs[2 * l]!), 0.5 * (logs[2 * k + 1]! + logs[2 * l + 1]!)];
      const factor = complexMultiply(both, complexAt(coupling, k * K + l));
      for (let i = 0; i < size * size; i++) {
        const [re, im] = complexMultiply(factor, complexAt(state.changes[1 + b]!, i));
        moved[2 * i]! += re;
        moved[2 * i + 1]! += im;
      }
    }
    return { resolvent: moved, logs };
  }

  function fillResponse(traces: Float64Array, response: Float64Array): boolean {
    const logs = new Float64Array(2 * K * m);
    const direct: Complex[] = [];
    for (let b = 0; b < pairs; b++) {
      const [k, l] = pairOf(K, b);
      const half = beta * (k === l ? 1 : 0.5);
      const product = complexMultiply(complexAt(roots, k), complexAt(roots, l));
      direct.push([half * product[0], half * product[1]]);
      for (let i = 0; i < K; i++) {
        const slope = complexMultiply(diagonalSlope(b, i), direct[b]!);
        logs.set([-slope[0] / beta, -slope[1] / beta], 2 * (i * m + b));
      }
    }
    for (let k = 0; k < K; k++) logs.set([-g[2 * k]!, -g[2 * k + 1]!], 2 * (k * m + pairs + k));
    if (!complexSolveInPlace(traceJacobian([0, 0]), logs, K, m)) return false;
    const sum = (a: Complex, b: Complex): Complex => [a[0] + b[0], a[1] + b[1]];
    for (let a = 0; a < m; a++) {
      const both = (b: number): Complex => {
        const [k, l] = pairOf(K, b);
        const value = sum(complexAt(logs, k * m + a), complexAt(logs, l * m + a));
        return [0.5 * value[0], 0.5 * value[1]];
      };
      const moved = direct.map((value, b) => {
        const [k, l] = pairOf(K, b);
        const indirect = complexMultiply(both(b), complexAt(coupling, k * K + l));
        return a === b ? sum(indirect, value) : indirect;
      });
      for (let row = 0; row < pairs; row++) {
        const [k, l] = pairOf(K, row);
        const root = complexMultiply(complexAt(roots, k), complexAt(roots, l));
        let total = complexMultiply(both(row), complexAt(traces, row));
        moved.forEach((value, b) => {
          total = sum(
            total,
            complexMultiply(complexMultiply(root, complexAt(state.changes[1 + b]!, k * size + l)), value),
          );
        });
        response.set([-total[0], -total[1]], 2 * (row * m + a));
      }
      for (let k = 0; k < K; k++) {
        const change = complexMultiply(complexAt(g, k), complexAt(logs, k * m + a));
        response.set([-change[0], -change[1]], 2 * ((pairs + k) * m + a));
      }
    }
    return true;
  }

  const state: ComplexGroupTraces = {
    g,
    roots,
    coupling,
    V1hat,
    D,
    changes: [],
    fillCoupling,
    diagonal,
    traceJacobian,
    slope,
    fillResponse,
  };
  return state;
}
