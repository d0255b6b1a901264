import { isPositive, multiply, solveInPlace } from "../../numerics/linearAlgebra.ts";
import { packedPair, packedSize } from "../packed.ts";
import type { PriorPrecision, Source } from "../weightResolvent.ts";
import type { NetworkArgument, TraceResponse } from "./networkTraces.ts";
import type { NetworkRows, SourceForms } from "./rowCovariance.ts";

/** Least part of a variance that the other coefficients may leave unexplained. */
const SAFE = 1e-13;

/** The state of a bulk; g may have either sign, for resolvents beyond λ > 0. */
export interface BulkState extends Pick<NetworkArgument, "V1hat" | "beta"> {
  readonly g: Float64Array;
}

/**
 * The precision Λ of a trained network's coefficients (trainedNetwork, "Effective ridge" and "Row norms"): the inverse of
 * √(g_kg_l)B_kl, minus βV̂1_kl between the same direction of two groups, which the data themselves see; sources that the
 * rows' covariances do not know are isotropic.
 */
export function precisionMatrix(
  rows: NetworkRows,
  sources: readonly Source[],
  forms: SourceForms,
  { g, V1hat, beta }: BulkState,
): { readonly matrix: Float64Array; readonly inverse: Float64Array; readonly known: readonly number[] } | undefined {
  const T = sources.length;
  const K = g.length;
  const known = sources.flatMap((source, i) => (rows.knows(source) ? [i] : []));
  const inverse = invertCovariance(
    known.map((i) => sources[i]!),
    forms,
    g,
  );
  if (!inverse) return undefined;
  const n = known.length;
  const matrix = new Float64Array(T * T);
  sources.forEach(({ group, strength }, i) => {
    if (!known.includes(i) && strength < Infinity) matrix[i * T + i] = 1 / (strength * g[group]!);
  });
  known.forEach((at, i) => {
    known.forEach((other, j) => {
      const [first, second] = [sources[at]!, sources[other]!];
      const data = sameDirection(first, second) ? beta * V1hat[first.group * K + second.group]! : 0;
      matrix[at * T + other] = 0.5 * (inverse[i * n + j]! + inverse[j * n + i]!) - data;
    });
  });
  return { matrix, inverse, known };
}

/** Row norms are no direction of the data. */
function sameDirection(first: Source, second: Source): boolean {
  return first.kind === second.kind && first.kind !== "rowNorm" && (first.direction ?? 0) === (second.direction ?? 0);
}

function invertCovariance(sources: readonly Source[], forms: SourceForms, g: Float64Array): Float64Array | undefined {
  const n = sources.length;
  const covariance = forms.gram(sources, Array.from(g, Math.sign));
  const inverse = new Float64Array(n * n);
  sources.forEach(({ group }, i) => {
    inverse[i * n + i] = 1;
    sources.forEach((other, j) => {
      covariance[i * n + j]! *= signedRoot(g[group]!) * signedRoot(g[other.group]!);
    });
  });
  if (g.every((value) => value > 0) && !isPositive(covariance.slice(), n, -SAFE)) return undefined;
  return solveInPlace(covariance, inverse, n, n) ? inverse : undefined;
}

const signedRoot = (g: number) => Math.sign(g) * Math.sqrt(Math.abs(g));

/**
 * @param changes of M⁻¹ with every entry of 𝒱
 * @param held the changes of the traces with the conjugates where g is held
 */
export function networkPrior(
  rows: NetworkRows,
  sources: readonly Source[],
  forms: SourceForms,
  state: BulkState,
  changes: readonly Float64Array[],
  response: TraceResponse,
  held: TraceResponse,
): PriorPrecision | undefined {
  const precision = precisionMatrix(rows, sources, forms, state);
  if (!precision) return undefined;
  const { matrix, inverse, known } = precision;
  const { g, beta } = state;
  const K = g.length;
  const m = packedSize(K);
  const T = sources.length;
  const own = known.map((i) => sources[i]!);
  const isotropic = sources.flatMap((_, i) => (known.includes(i) ? [] : [i]));
  const shared = known.flatMap((i) =>
    known.flatMap((j) => {
      const [first, second] = [sources[i]!, sources[j]!];
      if (first.group > second.group || !sameDirection(first, second)) return [];
      return [{ pair: packedPair(K, first.group, second.group), i, j }];
    }),
  );
  /** d(tᵀΛt) by the conjugates, for changes of log g and 𝒱 with these. */
  function slopeBy({ logs, coupling }: TraceResponse, t: Float64Array): Float64Array {
    const slope = new Float64Array(m);
    const part = Float64Array.from(known, (i) => t[i]!);
    const image = multiply(inverse, part, own.length, own.length, 1);
    const factors = image.map((w, i) => w * signedRoot(g[own[i]!.group]!));
    const formSlopes = forms.slopes(own, factors, changes);
    // d(tᵀC⁻¹t) = −wᵀdC w with w = C⁻¹t, C = √(gg)B.
    for (let a = 0; a < m; a++) {
      for (let b = 0; b < formSlopes.length; b++) slope[a]! -= formSlopes[b]! * coupling[b * m + a]!;
      for (let i = 0; i < own.length; i++) slope[a]! -= image[i]! * part[i]! * logs[own[i]!.group * m + a]!;
      for (const i of isotropic) slope[a]! -= t[i]! ** 2 * matrix[i * T + i]! * logs[sources[i]!.group * m + a]!;
    }
    // The part −βV̂1, whose pairs count twice off the diagonal as their conjugates do.
    for (const { pair, i, j } of shared) slope[pair]! -= beta * t[i]! * t[j]!;
    return slope;
  }
  return { matrix, slope: (t) => slopeBy(response, t), heldSlope: (t) => slopeBy(held, t) };
}
