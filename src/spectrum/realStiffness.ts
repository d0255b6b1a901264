import { sourcesOf } from "../bulk/weightResolvent.ts";
import { precisionMatrix } from "../bulk/network/networkPrior.ts";
import { oneStepRows } from "../bulk/network/oneStep.ts";
import { Pencil } from "../bulk/network/pencil.ts";
import type { Model } from "../model/model.ts";
import { multiply } from "../numerics/linearAlgebra.ts";
import type { OneStepNetwork } from "../bulk/network/oneStep.ts";
import { packedIndex } from "../bulk/packed.ts";
import type { FeatureResolvent, ResolventPoint } from "./featureResolvent.ts";

/**
 * The stiffness Λ/α of the channels at points outside the spectrum, where all is real but g_k may have either sign: (1/(αF_ch g_k)),
 * or for a trained network its prior precision (trainedNetwork, "Effective ridge").
 *
 * @returns T×T, with NaN where the prior covariance is singular
 */
export function realStiffness(
  { problem, stepModel }: Pick<Model, "problem" | "stepModel">,
  resolvent: FeatureResolvent,
  sampleRatio: number,
  widthRatio: number,
): (point: ResolventPoint) => Float64Array {
  const sources = sourcesOf(problem.channels, widthRatio);
  const K = problem.groups.length;
  const T = sources.length;
  const traces = ({ unknowns }: ResolventPoint) =>
    Float64Array.from({ length: K }, (_, k) => unknowns[2 * (resolvent.firstTrace + k)]!);
  if (!stepModel) {
    return (point) => {
      const g = traces(point);
      const stiffness = new Float64Array(T * T);
      sources.forEach(({ group, strength }, i) => {
        stiffness[i * (T + 1)] = strength === Infinity ? 0 : 1 / (sampleRatio * strength * g[group]!);
      });
      return stiffness;
    };
  }
  const network = stepModel();
  return (point) => {
    const g = traces(point);
    const V1hat = realConjugates(point, resolvent, K);
    const signed = signedForms(network, widthRatio, g, V1hat, realBlock(point, resolvent, network));
    const state = { g, V1hat, beta: widthRatio };
    const precision = signed && precisionMatrix(signed.rows, sources, signed.forms, state);
    return precision?.matrix.map((value) => value / sampleRatio) ?? new Float64Array(T * T).fill(NaN);
  };
}

/** Forms of the pencil with the signs of g_k, whose rows of s and q are those of `SpectralBulk` times and over √|g|. */
function signedForms(network: OneStepNetwork, beta: number, g: Float64Array, V1hat: Float64Array, block: Float64Array) {
  const { data } = network;
  const K = g.length;
  const groups = data.groups.map((group, k) => ({ ...group, sign: g[k]! < 0 ? (-1 as const) : (1 as const) }));
  const rows = oneStepRows({ ...network, data: { ...data, groups } });
  const signed = new Pencil(rows.pencil);
  const n = signed.blocks[0]!.active;
  const scale = (i: number) =>
    i < K ? Math.sqrt(Math.abs(g[i]!)) : Math.sign(g[i - K]!) / Math.sqrt(Math.abs(g[i - K]!));
  const scaled = block.map((value, at) => scale(Math.floor(at / n)) * scale(at % n) * value);
  const root = (value: number) => Math.sign(value) * Math.sqrt(Math.abs(value));
  const coupling = V1hat.map((value, at) => beta * root(g[Math.floor(at / K)]!) * root(g[at % K]!) * value);
  const point = signed.evaluate([scaled], coupling);
  const forms = point && rows.forms(signed, point);
  return forms && { rows, forms };
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
function realBlock({ unknowns }: ResolventPoint, resolvent: FeatureResolvent, model: OneStepNetwork): Float64Array {
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
