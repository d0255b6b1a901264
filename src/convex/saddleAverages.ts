import { normalCdf } from "../numerics/normal.ts";
import { amplification } from "./grid.ts";
import { fieldsAt, type LocalArguments, type LocalFields, type SaddleState } from "./localState.ts";
import {
  averageByOneRule,
  DERIVATIVES,
  type LocalPotential,
  MEAN,
  second,
  SLOPE,
  SUSCEPTIBILITY,
  VARIANCE,
} from "./localPotential.ts";

/** Averages over κ at one state; the arrays are those of the last call. */
export interface SaddleAverages {
  /** Fills the arrays; `tau` are the factors of the orthonormal regressors. */
  at(state: SaddleState, tau: Float64Array): void;
  /** Derivatives of E P by (x, Q, τ). */
  readonly gradient: Float64Array;
  /** Second derivatives, row-major. */
  readonly hessian: Float64Array;
  /** E V */
  readonly meanSusceptibility: number;
  /** E ω² */
  readonly meanSquare: number;
  /** How far the grid's halves, and its quarters, are apart. */
  resolution(): Resolution;
  /** What the last call has found. */
  record(): AverageRecord;
}

/** Averages with where they are; its arrays are its own. */
export interface AverageRecord {
  /** (x, Q, τ) */
  readonly unknowns: Float64Array;
  readonly gradient: Float64Array;
  readonly hessian: Float64Array;
  readonly meanSusceptibility: number;
  readonly meanSquare: number;
  readonly resolution: Resolution;
}

/** (x, Q, τ) */
export const unknownsOf = ({ traces, norms }: SaddleState, tau: Float64Array): Float64Array =>
  Float64Array.of(...traces, ...norms, ...tau);

/** Differences of averages, relative to those of absolute values, between the rules of every second and of every fourth node. */
export interface Resolution {
  readonly halves: number;
  readonly quarters: number;
}

export interface AverageOptions {
  readonly potential: LocalPotential;
  /** τ of V = τΣφx. */
  readonly susceptibility: number;
  /** Of residuals where features vanish. */
  readonly stiffness: number;
  /** Nodes of κ of less weight are left out. */
  readonly negligible: number;
}

/** The local potential and its derivatives, averaged over κ. */
export function saddleAverages(
  fields: LocalFields,
  { potential, susceptibility, stiffness, negligible }: AverageOptions,
): SaddleAverages {
  const { nodes, weights, basis, regressors, channels } = fields;
  const slots: { variable: number; values: Float64Array; factor: number }[] = [
    ...basis.map((values) => ({ variable: SUSCEPTIBILITY, values, factor: susceptibility })),
    ...basis.map((values) => ({ variable: VARIANCE, values, factor: 1 })),
    ...regressors.map((values, c) => ({ variable: c < channels ? MEAN : SLOPE, values, factor: 1 })),
  ];
  const size = slots.length;
  const seconds = Int32Array.from({ length: size * size }, (_, i) =>
    second(slots[Math.floor(i / size)]!.variable, slots[i % size]!.variable),
  );
  const gradient = new Float64Array(size);
  const hessian = new Float64Array(size * size);
  const local = new Float64Array(DERIVATIVES);
  // The gradient by every fourth node, and its absolute values; last, the side of the output, with which losses may change faster.
  const parts = new Float64Array(4 * (size + 1));
  const absolute = new Float64Array(size + 1);
  const field: LocalArguments = { M: 0, L: 0, s2: 0, V: 0 };
  const reach = nodes.map((_, i) => {
    let largest = 1;
    for (const X of regressors) largest = Math.max(largest, X[i]! * X[i]!);
    return weights[i]! * largest;
  });
  let [meanSusceptibility, meanSquare] = [0, 0];
  let unknowns: Float64Array = new Float64Array(0);

  function at(state: SaddleState, tau: Float64Array): void {
    unknowns = unknownsOf(state, tau);
    averageByOneRule(potential, () => average(state, tau));
  }

  function average(state: SaddleState, tau: Float64Array): void {
    for (const sums of [gradient, hessian, parts, absolute]) sums.fill(0);
    meanSusceptibility = meanSquare = 0;
    const largest = largestSusceptibility(state.traces);
    for (let i = 0; i < nodes.length; i++) {
      fieldsAt(fields, state, tau, susceptibility, i, field);
      // Far out, where features vanish, residuals weigh more.
      const amplified = amplification(stiffness, largest, field.V);
      if (reach[i]! * amplified < negligible) continue;
      const { M, L, s2, V } = field;
      meanSusceptibility += weights[i]! * V;
      meanSquare += weights[i]! * (M * M + L * L + s2);
      potential.evaluate(nodes[i]!, M, L, s2, V, local);
      accumulate(i);
      parts[(i & 3) * (size + 1) + size]! += weights[i]! * normalCdf(M / Math.sqrt(s2 + L * L + potential.blur));
      absolute[size]! += weights[i]!;
    }
    for (let a = 0; a < size; a++) for (let b = 0; b < a; b++) hessian[a * size + b] = hessian[b * size + a]!;
  }

  function largestSusceptibility(traces: Float64Array): number {
    let largest = 0;
    for (let i = 0; i < nodes.length; i++) {
      let V = 0;
      for (let a = 0; a < basis.length; a++) V += susceptibility * basis[a]![i]! * traces[a]!;
      largest = Math.max(largest, V);
    }
    return largest;
  }

  function accumulate(i: number): void {
    const pull = Math.sqrt(-2 * local[SUSCEPTIBILITY]!);
    for (let a = 0; a < size; a++) {
      const left = slots[a]!;
      const factor = weights[i]! * left.factor * left.values[i]!;
      if (factor === 0) continue;
      const term = factor * local[left.variable]!;
      gradient[a]! += term;
      parts[(i & 3) * (size + 1) + a]! += term;
      // Channels may pull by rounding alone.
      absolute[a]! += left.variable < VARIANCE ? Math.abs(factor) * pull : Math.abs(term);
      for (let b = a; b < size; b++) {
        const right = slots[b]!;
        hessian[a * size + b]! += factor * right.factor * right.values[i]! * local[seconds[a * size + b]!]!;
      }
    }
  }

  function resolution(): Resolution {
    let [halves, quarters] = [0, 0];
    for (let a = 0; a <= size; a++) {
      if (absolute[a] === 0) continue;
      const [first, second, third, fourth] = [0, 1, 2, 3].map((k) => parts[k * (size + 1) + a]! / absolute[a]!);
      halves = Math.max(halves, Math.abs(first! - second! + third! - fourth!));
      quarters = Math.max(quarters, 2 * Math.abs(first! - third!), 2 * Math.abs(second! - fourth!));
    }
    return { halves, quarters };
  }

  return {
    at,
    resolution,
    record: () => {
      const sums = { gradient: gradient.slice(), hessian: hessian.slice(), meanSusceptibility, meanSquare };
      return { unknowns, ...sums, resolution: resolution() };
    },
    gradient,
    hessian,
    get meanSusceptibility() {
      return meanSusceptibility;
    },
    get meanSquare() {
      return meanSquare;
    },
  };
}
