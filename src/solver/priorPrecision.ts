import type { Channel } from "../model/conditionalFeatureStatistics.ts";
import { isPositive, multiply, solveInPlace } from "../numerics/linearAlgebra.ts";
import type { AnisotropicModel } from "./anisotropicBulk.ts";
import { packedSize } from "./bulk.ts";
import { combine, pairOf, type StepForms, type StepVector } from "./stepForms.ts";

/** Changes of log g (K×m) and of 𝒱 (pairs×m) with the conjugates. */
export interface TraceResponse {
  readonly logs: Float64Array;
  readonly coupling: Float64Array;
}

/** The stiffness Λ of a trained network's coefficients (trainedNetwork, "Effective ridge" and "Row norms"). */
export interface PriorPrecision {
  /** Λ, over the channels and then ψ. */
  stiffness(forms: StepForms, state: BulkState, sampleRatio: number): Float64Array | undefined;
  derivative(
    forms: StepForms,
    state: BulkState,
    t: Float64Array,
    sampleRatio: number,
    changes: readonly Float64Array[],
    response: TraceResponse,
  ): Float64Array;
}

export interface BulkState {
  /** g_k, of either sign: beyond λ > 0 the forms are those of the pencil with the signs of g_k. */
  readonly g: Float64Array;
  readonly V1hat: Float64Array;
}

/** Least part of a variance that the other coefficients may leave unexplained. */
const SAFE = 1e-13;

interface Coefficient {
  readonly vector: StepVector;
  readonly group: number;
  /** Position among the coefficients t. */
  readonly position: number;
  /** Variance that no vector of the step carries. */
  readonly excess: number;
  /** ν has no part in −V̂1β/α; θ and ψ have. */
  readonly kind: "rowNorm" | "theta" | "psi";
}

export function priorPrecision(model: AnisotropicModel, channels: readonly Channel[], beta: number): PriorPrecision {
  const K = model.fractions.length;
  const m = packedSize(K);
  const T = channels.length + K;
  const coefficients = listCoefficients(model, channels);
  const vectors = coefficients.map(({ vector }) => vector);
  const count = coefficients.length;
  const means = channels.flatMap(({ kind, group, strength }, position) => {
    return kind === "mean" && strength(beta) < Infinity ? [{ position, group, strength: strength(beta) }] : [];
  });

  let last: { readonly forms: StepForms; readonly inverse: Float64Array | undefined } | undefined;

  /** (Covariance/α)⁻¹ = (√(g_kg_l) B)⁻¹, computed once per solution of the bulk. */
  function precision(forms: StepForms, g: Float64Array): Float64Array | undefined {
    if (last?.forms !== forms) last = { forms, inverse: invertCovariance(forms, g) };
    return last.inverse;
  }

  function invertCovariance(forms: StepForms, g: Float64Array): Float64Array | undefined {
    const covariance = forms.gram(vectors);
    const inverse = new Float64Array(count * count);
    for (let i = 0; i < count; i++) {
      covariance[i * count + i]! += coefficients[i]!.excess * Math.sign(g[coefficients[i]!.group]!);
      inverse[i * count + i] = 1;
    }
    coefficients.forEach(({ group }, i) => {
      coefficients.forEach((other, j) => {
        covariance[i * count + j]! *= signedRoot(g[group]!) * signedRoot(g[other.group]!);
      });
    });
    if (g.every((value) => value > 0) && !isPositive(covariance.slice(), count, -SAFE)) return undefined;
    return solveInPlace(covariance, inverse, count, count) ? inverse : undefined;
  }

  return {
    stiffness(forms, { g, V1hat }, sampleRatio) {
      const inverse = precision(forms, g);
      if (!inverse) return undefined;
      const stiffness = new Float64Array(T * T);
      for (const { position, group, strength } of means) {
        stiffness[position * T + position] = 1 / (sampleRatio * strength * g[group]!);
      }
      coefficients.forEach((first, i) => {
        coefficients.forEach((second, j) => {
          const data = first.kind === second.kind && first.kind !== "rowNorm";
          const known = data ? beta * V1hat[first.group * K + second.group]! : 0;
          const symmetric = 0.5 * (inverse[i * count + j]! + inverse[j * count + i]!);
          stiffness[first.position * T + second.position] = (symmetric - known) / sampleRatio;
        });
      });
      return stiffness;
    },
    derivative(forms, { g }, t, sampleRatio, changes, response) {
      const derivative = new Float64Array(m);
      const inverse = precision(forms, g)!;
      const part = Float64Array.from(coefficients, ({ position }) => t[position]!);
      const image = multiply(inverse, part, count, count, 1);
      const scaled = image.map((w, i) => w * signedRoot(g[coefficients[i]!.group]!));
      const formSlopes = forms.derivative(combine(vectors, scaled), changes);
      // d(tᵀC⁻¹t) = −wᵀdC w with w = C⁻¹t, C = √(gg)B.
      for (let a = 0; a < m; a++) {
        for (let b = 0; b < formSlopes.length; b++) derivative[a]! -= formSlopes[b]! * response.coupling[b * m + a]!;
        coefficients.forEach(
          ({ group }, i) => (derivative[a]! -= image[i]! * part[i]! * response.logs[group * m + a]!),
        );
        for (const { position, group, strength } of means) {
          derivative[a]! -= (t[position]! ** 2 * response.logs[group * m + a]!) / (strength * g[group]!);
        }
      }
      for (let b = 0; b < formSlopes.length; b++) {
        const [k, l] = pairOf(K, b);
        for (const kind of ["theta", "psi"] as const) {
          const at = (group: number) => t[coefficients.find((c) => c.kind === kind && c.group === group)!.position]!;
          derivative[b]! -= beta * at(k) * at(l);
        }
      }
      return derivative.map((value) => value / sampleRatio);
    },
  };
}

const signedRoot = (g: number) => Math.sign(g) * Math.sqrt(Math.abs(g));

function listCoefficients(model: AnisotropicModel, channels: readonly Channel[]): Coefficient[] {
  const listed = channels.flatMap(({ kind, group }, position): Coefficient[] => {
    if (kind === "spikeDirection") {
      return [{ vector: model.spikeDirections[group]!, group, position, excess: 0, kind: "theta" }];
    }
    const rowNorm = model.rowNorms[group];
    if (kind !== "rowNorm" || !rowNorm) return [];
    return [{ vector: rowNorm, group, position, excess: model.rowNormExcess[group]!, kind: "rowNorm" }];
  });
  const psi = model.targetDirections.map((vector, group): Coefficient => {
    return { vector, group, position: channels.length + group, excess: 0, kind: "psi" };
  });
  return [...listed, ...psi];
}
