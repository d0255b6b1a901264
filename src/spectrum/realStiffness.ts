import type { ConditionalFeatureStatistics } from "../model/conditionalFeatureStatistics.ts";
import { multiply } from "../numerics/linearAlgebra.ts";
import type { AnisotropicModel } from "../solver/anisotropicBulk.ts";
import { packedIndex } from "../solver/bulk.ts";
import { pencil } from "../solver/pencil.ts";
import { priorPrecision } from "../solver/priorPrecision.ts";
import { stepForms } from "../solver/stepForms.ts";
import type { FeatureResolvent, ResolventPoint } from "./featureResolvent.ts";

/**
 * The stiffness Λ of the coefficients (channels, then ψ) at points outside the spectrum, where all is real but g_k may have either
 * sign: (1/(αF_ch g_k)), or for a trained network its prior precision (trainedNetwork, "Effective ridge").
 *
 * @returns T×T, with NaN where the prior covariance is singular
 */
export function realStiffness(
  statistics: ConditionalFeatureStatistics,
  resolvent: FeatureResolvent,
  sampleRatio: number,
  widthRatio: number,
): (point: ResolventPoint) => Float64Array {
  const { channels, groups, stepModel } = statistics;
  const K = groups.length;
  const T = channels.length + K;
  const traces = ({ unknowns }: ResolventPoint) =>
    Float64Array.from({ length: K }, (_, k) => unknowns[2 * (resolvent.firstTrace + k)]!);
  if (!stepModel) {
    const owners = [
      ...channels.map(({ group, strength }) => ({ group, strength: strength(widthRatio) })),
      ...groups.map(({ bulkVariance }, group) => ({ group, strength: bulkVariance })),
    ];
    return (point) => {
      const g = traces(point);
      const stiffness = new Float64Array(T * T);
      owners.forEach(({ group, strength }, i) => {
        stiffness[i * (T + 1)] = strength === Infinity ? 0 : 1 / (sampleRatio * strength * g[group]!);
      });
      return stiffness;
    };
  }
  const model = stepModel();
  const prior = priorPrecision(model, channels, widthRatio);
  return (point) => {
    const g = traces(point);
    const V1hat = realConjugates(point, resolvent, K);
    const forms = signedForms(model, widthRatio, g, V1hat, realBlock(point, resolvent, model));
    return (forms && prior.stiffness(forms, { g, V1hat }, sampleRatio)) ?? new Float64Array(T * T).fill(NaN);
  };
}

/** Forms of the pencil with the signs of g_k, whose rows of s and q are those of `SpectralBulk` times and over √|g|. */
function signedForms(
  { data }: AnisotropicModel,
  beta: number,
  g: Float64Array,
  V1hat: Float64Array,
  block: Float64Array,
) {
  const K = g.length;
  const groups = data.groups.map((group, k) => ({ ...group, sign: g[k]! < 0 ? (-1 as const) : (1 as const) }));
  const signed = pencil({ ...data, groups });
  const n = signed.active;
  const scale = (i: number) =>
    i < K ? Math.sqrt(Math.abs(g[i]!)) : Math.sign(g[i - K]!) / Math.sqrt(Math.abs(g[i - K]!));
  const scaled = block.map((value, at) => scale(Math.floor(at / n)) * scale(at % n) * value);
  const root = (value: number) => Math.sign(value) * Math.sqrt(Math.abs(value));
  const coupling = V1hat.map((value, at) => beta * root(g[Math.floor(at / K)]!) * root(g[at % K]!) * value);
  return signed.evaluate(scaled, coupling) ? stepForms({ ...data, groups }, signed, coupling) : undefined;
}

/** U V̂ Uᵀ */
function realConjugates({ conjugates }: ResolventPoint, { functions }: FeatureResolvent, K: number): Float64Array {
  const { rank: r, expansion: U } = functions;
  const inner = Float64Array.from(packedIndex(r), (at, i) => conjugates[2 * at]! * (i % (r + 1) === 0 ? 1 : 0.5));
  return sandwich(U, inner, K, r);
}

/** U M Uᵀ for K×r times r×r. */
function sandwich(U: Float64Array, M: Float64Array, K: number, r: number): Float64Array {
  const transposed = Float64Array.from({ length: r * K }, (_, i) => U[(i % K) * r + Math.floor(i / K)]!);
  return multiply(multiply(U, M, K, r, r), transposed, K, r, K);
}

/** h for all groups, on (s, q) or s. */
function realBlock({ unknowns }: ResolventPoint, resolvent: FeatureResolvent, model: AnisotropicModel): Float64Array {
  const { rank: r, expansion: U } = resolvent.functions;
  const K = model.fractions.length;
  const first = resolvent.firstTrace + K;
  const internal = unknowns.length / 2 - first;
  const n = (Math.sqrt(1 + 8 * internal) - 1) / 2;
  const index = packedIndex(n);
  const h = Float64Array.from(index, (at) => unknowns[2 * (first + at)]!);
  // B h Bᵀ with B = diag(U, I).
  const size = K + (n - r);
  const B = new Float64Array(size * n);
  for (let k = 0; k < K; k++) for (let a = 0; a < r; a++) B[k * n + a] = U[k * r + a]!;
  for (let q = r; q < n; q++) B[(K + q - r) * n + q] = 1;
  return sandwich(B, h, size, n);
}
