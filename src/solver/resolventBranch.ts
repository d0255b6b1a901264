import { type Complex, complexAt, complexDivide, complexMultiply } from "../numerics/complex.ts";
import { isPositive } from "../numerics/linearAlgebra.ts";

/** Derivatives by z at fixed conjugates. */
export interface ResolventSlope {
  /** dM⁻¹/dz, 3K×3K */
  readonly resolvent: Float64Array;
  /** d log g_k/dz */
  readonly logs: Float64Array;
}

/** Relative rounding allowed to what is positive semi-definite. */
const SEMIDEFINITE = 1e-7;
/** Imaginary parts below this fraction are rounding: the solution is real. */
const REAL = 1e-9;

/**
 * Why M⁻¹ of the pencil is not the limit of physical ones from Im z > 0, if it is not. With its rows scaled by √g (b), 1/√g (s),
 * √g (q) the pencil M has a negative imaginary part there, hence M⁻¹ a positive one; where all is real, it must grow with z.
 *
 * @param resolvent M⁻¹, 3K×3K, interleaved
 * @param roots √g_k
 * @param slope asked for where all is real
 */
export function branchFailure(
  resolvent: Float64Array,
  roots: Float64Array,
  slope: () => ResolventSlope | undefined,
): string | undefined {
  const K = roots.length / 2;
  const size = 3 * K;
  const scale = Array.from({ length: size }, (_, i): Complex => {
    const root = complexAt(roots, i % K);
    return i >= K && i < 2 * K ? complexDivide([1, 0], root) : root;
  });
  const scaled = (entry: (at: number, i: number, j: number) => Complex, part: 0 | 1) =>
    Float64Array.from({ length: size * size }, (_, at) => {
      const [i, j] = [Math.floor(at / size), at % size];
      return complexMultiply(complexMultiply(scale[i]!, scale[j]!), entry(at, i, j))[part];
    });
  const imaginary = scaled((at) => complexAt(resolvent, at), 1);
  const real = scaled((at) => complexAt(resolvent, at), 0);
  const largest = Math.max(...real.map(Math.abs), ...imaginary.map(Math.abs));
  if (Math.max(...imaginary.map(Math.abs)) > REAL * largest) {
    return positive(imaginary, size, largest) ? undefined : "positivity of the imaginary part of the bulk's resolvent";
  }
  const change = slope();
  if (!change) return "the bulk's resolvent has a singular derivative";
  const derivative = scaled((at, i, j) => {
    const logs = [i, j].map((index): Complex => {
      const sign = index >= K && index < 2 * K ? -0.5 : 0.5;
      const [re, im] = complexAt(change.logs, index % K);
      return [sign * re, sign * im];
    }) as [Complex, Complex];
    const stretch: Complex = [logs[0][0] + logs[1][0], logs[0][1] + logs[1][1]];
    const moved = complexMultiply(complexAt(resolvent, at), stretch);
    const [re, im] = complexAt(change.resolvent, at);
    return [re + moved[0], im + moved[1]];
  }, 0);
  const growth = Math.max(...derivative.map(Math.abs));
  return positive(derivative, size, growth) ? undefined : "growth of the bulk's resolvent with z";
}

function positive(matrix: Float64Array, size: number, largest: number): boolean {
  for (let i = 0; i < size; i++) matrix[i * size + i]! += SEMIDEFINITE * largest;
  return isPositive(matrix, size, 1e-12);
}
