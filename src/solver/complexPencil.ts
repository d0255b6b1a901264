import { type CouplingDirection, pencil, type StepData } from "./pencil.ts";

/**
 * The pencil of the step's data at complex 𝒱, for the spectrum of the features, as a real one of twice the groups, the copies
 * with sign −1: a complex symmetric M stands as the real symmetric [[Re M, −Im M], [−Im M, −Re M]], whose inverse is
 * [[Re H, Im H], [Im H, −Re H]] with H = M⁻¹. Newton steps and derivatives go over as they are. All arrays are interleaved.
 */
export interface ComplexPencil {
  readonly groups: number;
  /** Size of the unknown block of H, as in `Pencil`. */
  readonly active: number;
  /** M⁻¹ of the last `evaluate`, 3K×3K. */
  readonly resolvent: Float64Array;
  evaluate(block: Float64Array, coupling: Float64Array): boolean;
  /** Changes of M⁻¹: that of a Newton step on H, then one for every entry of 𝒱 (pairs k ≤ l). */
  linearise(): Float64Array[] | undefined;
}

export function complexPencil(data: StepData): ComplexPencil {
  const K = data.groups.length;
  const copies = data.groups.map((group) => ({ ...group, sign: -1 as const }));
  const real = pencil({ ...data, groups: [...data.groups, ...copies] });
  const n = real.active / 2;
  const realBlock = new Float64Array(4 * n * n);
  const realCoupling = new Float64Array(4 * K * K);
  const resolvent = new Float64Array(2 * 9 * K * K);
  const directions: CouplingDirection[] = [];
  for (let k = 0; k < K; k++) {
    for (let l = k; l < K; l++) {
      directions.push([
        { k, l, factor: 1 },
        { k: K + k, l: K + l, factor: -1 },
      ]);
    }
  }
  /** Position of a complex index (block, group) among the real ones. */
  const place = (i: number) => i + K * Math.floor(i / K);

  /** @param sign of the imaginary part: −1 for M and 𝒱, 1 for H */
  function embed(complex: Float64Array, size: number, sign: 1 | -1, out: Float64Array): void {
    const width = 2 * size;
    for (let i = 0; i < size; i++) {
      for (let j = 0; j < size; j++) {
        const [re, im] = [complex[2 * (i * size + j)]!, complex[2 * (i * size + j) + 1]!];
        const [row, column] = [place(i), place(j)];
        out[row * width + column] = re;
        out[row * width + column + K] = out[(row + K) * width + column] = sign * im;
        out[(row + K) * width + column + K] = -re;
      }
    }
  }

  /** H, or a change of it. */
  function extract(matrix: Float64Array, size: number, out: Float64Array): Float64Array {
    for (let i = 0; i < size; i++) {
      for (let j = 0; j < size; j++) {
        const at = place(i) * 2 * size + place(j);
        out[2 * (i * size + j)] = matrix[at]!;
        out[2 * (i * size + j) + 1] = matrix[at + K]!;
      }
    }
    return out;
  }

  return {
    groups: K,
    active: n,
    resolvent,
    evaluate(block, coupling) {
      embed(block, n, 1, realBlock);
      embed(coupling, K, -1, realCoupling);
      if (!real.evaluate(realBlock, realCoupling)) return false;
      extract(real.resolvent, 3 * K, resolvent);
      return true;
    },
    linearise: () =>
      real
        .linearise(realBlock, directions)
        ?.map((change) => extract(change, 3 * K, new Float64Array(resolvent.length))),
  };
}
