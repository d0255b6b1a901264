import { type Complex, complexProduct, complexSolveInPlace } from "../numerics/complex.ts";
import { packedPair, packedSize } from "./bulk.ts";
import type { ComplexBulk } from "./complexBulk.ts";
import type { KappaAverages } from "./kappaAverages.ts";

/** The plain map of theory §4 at λ = −z, with its Newton step and its derivative by z. Arrays are those of the last call. */
export interface ComplexTraceMap {
  readonly averages: KappaAverages;
  /** @returns a reason if the map has no value at u */
  evaluate(z: Complex, u: Float64Array): string | undefined;
  /** F(u) − u */
  readonly residual: Float64Array;
  /** (I − F′)⁻¹ (F(u) − u) */
  readonly newton: Float64Array;
  /** du/dz = (I − F′)⁻¹ ∂F/∂z, at a solution */
  readonly tangent: Float64Array;
  /** I − F′, m×m, and ∂F/∂z */
  readonly jacobian: Float64Array;
  readonly drive: Float64Array;
  readonly bulk: ComplexBulk;
}

/** Size by which a packed entry is judged: its own, or for V1_kl that of the diagonal. */
export function packedScale(u: Float64Array, groups: number, a: number): number {
  const length = (b: number) => Math.hypot(u[2 * b]!, u[2 * b + 1]!);
  if (groups === 1 || a >= u.length / 2 - groups) return length(a);
  for (let k = 0; k < groups; k++) {
    const first = packedPair(groups, k, k);
    if (a < first + groups - k) {
      const l = k + a - first;
      return Math.sqrt(length(first) * length(packedPair(groups, l, l)));
    }
  }
  return length(a);
}

export function complexTraceMap(
  averages: KappaAverages,
  bulk: ComplexBulk,
  sampleRatio: number,
  widthRatio: number,
): ComplexTraceMap {
  const K = bulk.groups;
  const m = packedSize(K);
  const scale = (sampleRatio === Infinity ? 1 : sampleRatio) / widthRatio;
  const conjugates = new Float64Array(2 * m);
  const hessian = new Float64Array(2 * m * m);
  const image = new Float64Array(2 * m);
  const residual = new Float64Array(2 * m);
  const newton = new Float64Array(2 * m);
  const tangent = new Float64Array(2 * m);
  const jacobian = new Float64Array(2 * m * m);
  const drive = new Float64Array(2 * m);
  const work = new Float64Array(2 * m * m);
  const columns = new Float64Array(4 * m);
  return {
    averages,
    residual,
    newton,
    tangent,
    jacobian,
    drive,
    bulk,
    evaluate(z, u) {
      const unresolved = averages.at(u, conjugates, hessian);
      if (unresolved !== undefined) return unresolved;
      for (let i = 0; i < 2 * m; i++) conjugates[i]! *= scale;
      image.set(u);
      const reason = bulk.solve(conjugates, [-z[0], -z[1]], image);
      if (reason !== undefined) return reason;
      const { response } = bulk;
      complexProduct(response, hessian, m, m, m, jacobian);
      for (let i = 0; i < 2 * m * m; i++) jacobian[i]! *= -scale;
      drive.fill(0);
      for (let a = 0; a < m; a++) {
        jacobian[2 * (a * m + a)]! += 1;
        for (let k = m - K; k < m; k++) {
          drive[2 * a]! += response[2 * (a * m + k)]!;
          drive[2 * a + 1]! += response[2 * (a * m + k) + 1]!;
        }
        residual[2 * a] = image[2 * a]! - u[2 * a]!;
        residual[2 * a + 1] = image[2 * a + 1]! - u[2 * a + 1]!;
        columns[4 * a] = residual[2 * a]!;
        columns[4 * a + 1] = residual[2 * a + 1]!;
        columns[4 * a + 2] = drive[2 * a]!;
        columns[4 * a + 3] = drive[2 * a + 1]!;
      }
      work.set(jacobian);
      if (!complexSolveInPlace(work, columns, m, 2)) return "I − F′ is singular";
      for (let a = 0; a < m; a++) {
        newton[2 * a] = columns[4 * a]!;
        newton[2 * a + 1] = columns[4 * a + 1]!;
        tangent[2 * a] = columns[4 * a + 2]!;
        tangent[2 * a + 1] = columns[4 * a + 3]!;
      }
      return undefined;
    },
  };
}
