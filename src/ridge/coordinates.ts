import { packedPair, pairCount } from "../bulk/packed.ts";

/** Logarithmic coordinates: log V1_kk, V1_kl/√(V1_kk V1_ll), log g_k; the pairs are those of `rank` functions. */
export function toCoordinates(x: Float64Array, rank: number, z: Float64Array): void {
  for (let k = 0; k < rank; k++) {
    for (let l = k; l < rank; l++) {
      const a = packedPair(rank, k, l);
      z[a] = k === l ? Math.log(x[a]!) : x[a]! / Math.sqrt(x[packedPair(rank, k, k)]! * x[packedPair(rank, l, l)]!);
    }
  }
  for (let a = pairCount(rank); a < x.length; a++) z[a] = Math.log(x[a]!);
}

export function fromCoordinates(z: Float64Array, rank: number, x: Float64Array): void {
  for (let k = 0; k < rank; k++) x[packedPair(rank, k, k)] = Math.exp(z[packedPair(rank, k, k)]!);
  for (let k = 0; k < rank; k++) {
    for (let l = k + 1; l < rank; l++) {
      const a = packedPair(rank, k, l);
      x[a] = z[a]! * Math.sqrt(x[packedPair(rank, k, k)]! * x[packedPair(rank, l, l)]!);
    }
  }
  for (let a = pairCount(rank); a < x.length; a++) x[a] = Math.exp(z[a]!);
}

/** Sizes that the entries of x are compared with: √(V1_kk V1_ll) and g_k. */
export function traceUnits(x: Float64Array, rank: number, units: Float64Array): void {
  units.set(x);
  for (let k = 0; k < rank; k++) {
    for (let l = k + 1; l < rank; l++) {
      units[packedPair(rank, k, l)] = Math.sqrt(x[packedPair(rank, k, k)]! * x[packedPair(rank, l, l)]!);
    }
  }
}

/** ∂x/∂z at x, m×m row-major; its inverse is ∂z/∂x. */
export function coordinateJacobian(x: Float64Array, rank: number): Float64Array {
  const m = x.length;
  const jacobian = new Float64Array(m * m);
  for (let k = 0; k < rank; k++) {
    for (let l = k; l < rank; l++) {
      const a = packedPair(rank, k, l);
      const kk = packedPair(rank, k, k);
      const ll = packedPair(rank, l, l);
      if (k === l) jacobian[a * m + a] = x[a]!;
      else {
        jacobian[a * m + a] = Math.sqrt(x[kk]! * x[ll]!);
        jacobian[a * m + kk] = jacobian[a * m + ll] = 0.5 * x[a]!;
      }
    }
  }
  for (let a = pairCount(rank); a < m; a++) jacobian[a * m + a] = x[a]!;
  return jacobian;
}
