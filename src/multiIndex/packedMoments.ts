/** Samples whose terms are kept together: a block of them fits the processor's first cache. */
const BLOCK = 64;

/** Weighted averages of symmetric matrices and of the products of their entries. */
export interface PackedMoments {
  /** Σ w Z_p, one per weight. */
  readonly sums: readonly Float64Array[];
  /** Σ w Z_pZ_q, packed×packed, one per weight. */
  readonly moments: readonly Float64Array[];
}

/**
 * @param Z packed symmetric matrices, one sample after another
 * @param packed entries of each
 * @param weights those of one sample together
 * @param columns how many weights a sample has
 */
export function packedMoments(Z: Float64Array, packed: number, weights: Float64Array, columns: number): PackedMoments {
  const count = Z.length / packed;
  const width = packed + (packed * (packed + 1)) / 2;
  const all = new Float64Array(columns * width);
  const terms = new Float64Array(width * BLOCK);
  const shares = new Float64Array(columns * BLOCK);
  for (let start = 0; start < count; start += BLOCK) {
    const size = Math.min(BLOCK, count - start);
    for (let i = 0; i < size; i++) {
      termsOf(Z, (start + i) * packed, packed, terms, i);
      for (let c = 0; c < columns; c++) shares[c * BLOCK + i] = weights[(start + i) * columns + c]!;
    }
    for (let k = 0; k < width; k++) addInner(terms, k * BLOCK, shares, columns, size, all, k, width);
  }
  return {
    sums: Array.from({ length: columns }, (_, c) => all.slice(c * width, c * width + packed)),
    moments: Array.from({ length: columns }, (_, c) => symmetric(all, c * width + packed, packed)),
  };
}

/** Entries of one matrix and their products, as a column of the block. */
function termsOf(Z: Float64Array, at: number, packed: number, terms: Float64Array, column: number): void {
  let row = packed * BLOCK + column;
  for (let p = 0; p < packed; p++) {
    const first = Z[at + p]!;
    terms[p * BLOCK + column] = first;
    for (let q = p; q < packed; q++, row += BLOCK) terms[row] = first * Z[at + q]!;
  }
}

/** Adds the inner products of a row of terms with all rows of shares, three at a time. */
function addInner(
  terms: Float64Array,
  row: number,
  shares: Float64Array,
  columns: number,
  size: number,
  all: Float64Array,
  k: number,
  width: number,
): void {
  let c = 0;
  for (; c + 2 < columns; c += 3) {
    const first = c * BLOCK;
    let s0 = 0;
    let s1 = 0;
    let s2 = 0;
    for (let i = 0; i < size; i++) {
      const term = terms[row + i]!;
      s0 += term * shares[first + i]!;
      s1 += term * shares[first + BLOCK + i]!;
      s2 += term * shares[first + 2 * BLOCK + i]!;
    }
    all[c * width + k]! += s0;
    all[(c + 1) * width + k]! += s1;
    all[(c + 2) * width + k]! += s2;
  }
  for (; c < columns; c++) {
    let sum = 0;
    for (let i = 0; i < size; i++) sum += terms[row + i]! * shares[c * BLOCK + i]!;
    all[c * width + k]! += sum;
  }
}

function symmetric(all: Float64Array, at: number, packed: number): Float64Array {
  const out = new Float64Array(packed * packed);
  let e = at;
  for (let p = 0; p < packed; p++) {
    for (let q = p; q < packed; q++) out[p * packed + q] = out[q * packed + p] = all[e++]!;
  }
  return out;
}
