import type { Channel } from "../model/conditionalFeatureStatistics.ts";
import {
  type Complex,
  complexAt,
  complexDivide,
  complexMultiply,
  complexRootFromBelow,
  complexSolveInPlace,
} from "../numerics/complex.ts";
import type { AnisotropicModel } from "./anisotropicBulk.ts";
import { packedPair, packedSize } from "./bulk.ts";
import type { ComplexBulk } from "./complexBulk.ts";
import { complexGroupTraces } from "./complexGroupTraces.ts";
import { complexPencil } from "./complexPencil.ts";
import { priorPrecision } from "./priorPrecision.ts";
import { branchFailure } from "./resolventBranch.ts";
import { signedStiffness } from "./signedStiffness.ts";
import { pairOf } from "./stepForms.ts";

const MOST_STEPS = 40;
const TOLERANCE = 1e-13;
/** Near an edge of the spectrum the equations are nearly degenerate: such a step is accepted where the residual is rounding. */
const DEGENERATE = 1e-6;
const ROUNDING = 1e-13;
/** Longest Newton step taken whole. */
const MOST_STEP = 1;
const MOST_RUNGS = 300;

/**
 * `anisotropicBulk` at a complex ridge (theory §8): the same equations for log g and H, solved by Newton from the last solution, and
 * if that fails from far below the real axis of λ, where H is known. √g_k is continued along, as H depends on its sign.
 */
export function anisotropicComplexBulk(
  model: AnisotropicModel,
  channels: readonly Channel[],
  beta: number,
): ComplexBulk {
  const { data, fractions: pi } = model;
  const K = pi.length;
  const m = packedSize(K);
  const pairs = m - K;
  const size = 3 * K;
  const resolvent = complexPencil(data);
  const n = resolvent.active;
  const response = new Float64Array(2 * m * m);
  const block = new Float64Array(2 * n * n);
  const state = complexGroupTraces(resolvent, beta);
  const { g, roots, coupling, V1hat, D } = state;
  const prior = priorPrecision(model, channels, beta);
  let known = false;

  function newton(extra: Complex): string | undefined {
    let previous = Infinity;
    for (let step = 0; step < MOST_STEPS; step++) {
      let residual = 0;
      state.fillCoupling();
      if (!resolvent.evaluate(block, coupling)) return "the pencil of the bulk's resolvent is singular";
      const linear = resolvent.linearise();
      if (!linear) return "the resolvent of the bulk has a singular linear response";
      state.changes = linear;
      const change = new Float64Array(2 * K);
      const J = state.traceJacobian(extra);
      for (let k = 0; k < K; k++) {
        const used = state.diagonal(resolvent.resolvent, k);
        const total = complexMultiply(complexAt(g, k), [D[2 * k]! + extra[0], D[2 * k + 1]! + extra[1]]);
        const correction = state.diagonal(linear[0]!, k);
        const target: Complex = [total[0] + used[0] / beta, total[1] + used[1] / beta];
        const ratio = complexDivide([pi[k]!, 0], target);
        const shift = complexDivide([correction[0] / beta, correction[1] / beta], target);
        residual = Math.max(residual, Math.hypot(ratio[0] - 1, ratio[1]));
        change[2 * k] = Math.log(Math.hypot(...ratio)) - shift[0];
        change[2 * k + 1] = Math.atan2(ratio[1], ratio[0]) - shift[1];
        for (let l = 0; l < K; l++) J.set(complexDivide(complexAt(J, k * K + l), target), 2 * (k * K + l));
      }
      if (!complexSolveInPlace(J, change, K, 1)) return "the group traces have a singular linear response";
      residual = Math.max(residual, blockResidual());
      const length = advance(change);
      if (!Number.isFinite(length)) return "the resolvent of the bulk is not finite";
      const degenerate = length <= DEGENERATE && length >= 0.5 * previous && residual <= ROUNDING;
      if (length <= TOLERANCE || degenerate) return branchFailure(resolvent.resolvent, roots, () => state.slope());
      if (step > 15 && length > previous) break;
      previous = length;
    }
    return "the resolvent of the bulk did not converge";
  }

  function blockResidual(): number {
    let largest = 0;
    for (let a = 0; a < n; a++) {
      for (let c = 0; c < n; c++) {
        const [re, im] = complexAt(resolvent.resolvent, (K + a) * size + K + c);
        const [blockRe, blockIm] = complexAt(block, a * n + c);
        largest = Math.max(largest, Math.hypot(re - blockRe, im - blockIm) / (1 + Math.hypot(re, im)));
      }
    }
    return largest;
  }

  /** Applies a Newton step, shortened if it is long; returns its length. */
  function advance(change: Float64Array): number {
    let length = 0;
    for (let k = 0; k < K; k++) length = Math.max(length, Math.hypot(...complexAt(change, k)));
    const steps = new Float64Array(2 * n * n);
    for (let a = 0; a < n; a++) {
      for (let c = 0; c < n; c++) {
        const from = (K + a) * size + K + c;
        const value = [0, 1].map((part) => {
          return (
            resolvent.resolvent[2 * from + part]! + state.changes[0]![2 * from + part]! - block[2 * (a * n + c) + part]!
          );
        });
        for (let b = 0; b < pairs; b++) {
          const [i, j] = pairOf(K, b);
          const both: Complex = [
            0.5 * (change[2 * i]! + change[2 * j]!),
            0.5 * (change[2 * i + 1]! + change[2 * j + 1]!),
          ];
          const moved = complexMultiply(
            complexAt(state.changes[1 + b]!, from),
            complexMultiply(both, complexAt(coupling, i * K + j)),
          );
          value[0]! += moved[0];
          value[1]! += moved[1];
        }
        steps.set(value, 2 * (a * n + c));
        length = Math.max(length, Math.hypot(...value) / (1 + Math.hypot(...complexAt(block, a * n + c))));
        if (!Number.isFinite(length)) return NaN;
      }
    }
    const scale = length > MOST_STEP ? MOST_STEP / length : 1;
    for (let k = 0; k < K; k++) {
      const [growth, turn] = [Math.exp(scale * change[2 * k]!), scale * change[2 * k + 1]!];
      // A real argument keeps real traces real, to the last bit.
      const factor: Complex = turn === 0 ? [growth, 0] : [growth * Math.cos(turn), growth * Math.sin(turn)];
      g.set(complexMultiply(complexAt(g, k), factor), 2 * k);
    }
    for (let i = 0; i < 2 * n * n; i++) block[i]! += scale * steps[i]!;
    return length;
  }

  /** From far below the real axis, where H is known, up to it. */
  function ladder(): string | undefined {
    const strongest = Math.max(
      ...pi.map((p, k) => Math.hypot(...complexAt(V1hat, k * K + k)) * model.bulkVariances[k]! * p),
    );
    const largest = Math.max(...pi.map((_, k) => Math.hypot(...complexAt(D, k))));
    let depth = 20 * beta * K * strongest + 4 * largest + Number.MIN_VALUE;
    pi.forEach((p, k) => {
      g.set(complexDivide([p, 0], [D[2 * k]!, D[2 * k + 1]! - depth]), 2 * k);
      roots.set(complexRootFromBelow(complexAt(g, k)), 2 * k);
    });
    block.fill(0);
    for (let a = K; a < n; a++) block[2 * (a * n + a)] = 1;
    let factor = 0.25;
    let reason = newton([0, -depth]);
    for (let rung = 0; reason === undefined && rung < MOST_RUNGS; rung++) {
      const keep = [g.slice(), block.slice(), roots.slice()] as const;
      const close = depth <= 0.05 * Math.min(...pi.map((p, k) => p / Math.hypot(...complexAt(g, k))));
      const next = close ? 0 : depth * factor;
      const failed = newton([0, -next]);
      if (failed === undefined) {
        if (next === 0) return undefined;
        depth = next;
        factor = Math.max(1 / 32, factor * factor);
        continue;
      }
      g.set(keep[0]);
      block.set(keep[1]);
      roots.set(keep[2]);
      if (close) depth *= 0.5;
      factor = Math.sqrt(factor);
      if (factor > 0.99 || depth < 1e-16 * largest) reason = failed;
    }
    return reason;
  }

  return {
    groups: K,
    longTail: model.longTail,
    response,
    solve(conjugates, ridge, traces) {
      for (let k = 0; k < K; k++) {
        const [re, im] = complexAt(conjugates, pairs + k);
        D.set([ridge[0] + re, ridge[1] + im], 2 * k);
        for (let l = 0; l < K; l++) {
          const value = complexAt(conjugates, packedPair(K, k, l));
          const half = k === l ? 1 : 0.5;
          V1hat.set([half * value[0], half * value[1]], 2 * (k * K + l));
        }
      }
      const real = [...D, ...V1hat, ...traces].every((value, i) => i % 2 === 0 || value === 0);
      let reason = known ? warm(real) : "cold";
      if (reason !== undefined) reason = ladder();
      known = reason === undefined;
      if (reason !== undefined) return reason;
      traces.set(g, 2 * pairs);
      for (let b = 0; b < pairs; b++) {
        const [k, l] = pairOf(K, b);
        const root = complexMultiply(complexAt(roots, k), complexAt(roots, l));
        traces.set(complexMultiply(root, complexAt(resolvent.resolvent, k * size + l)), 2 * b);
      }
      return state.fillResponse(traces, response) ? undefined : "the group traces have a singular linear response";
    },
    stiffness(sampleRatio) {
      const stiffness = signedStiffness(model, prior, beta, { g, roots, block, V1hat }, sampleRatio);
      return stiffness ?? new Float64Array((channels.length + K) ** 2).fill(NaN);
    },
  };

  /** From real traces at real arguments, outside the spectrum, everything stays real. */
  function warm(real: boolean): string | undefined {
    if (real) for (let i = 1; i < 2 * n * n; i += 2) block[i] = 0;
    if (real) for (let i = 1; i < 2 * K; i += 2) g[i] = 0;
    return newton([0, 0]);
  }
}
