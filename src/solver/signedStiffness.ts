import { complexAt, complexDivide, complexMultiply } from "../numerics/complex.ts";
import type { AnisotropicModel } from "./anisotropicBulk.ts";
import { pencil } from "./pencil.ts";
import type { PriorPrecision } from "./priorPrecision.ts";
import { stepForms } from "./stepForms.ts";

/** A solution of the complex bulk at real arguments; all arrays interleaved. */
export interface RealSolution {
  readonly g: Float64Array;
  readonly roots: Float64Array;
  readonly block: Float64Array;
  readonly V1hat: Float64Array;
}

/**
 * The stiffness Λ where all is real, but g_k of either sign: from the pencil with the signs of g_k, whose rows of s and q are
 * those of the complex one times √|g|/√g.
 *
 * @returns undefined if the prior covariance is singular
 */
export function signedStiffness(
  { data }: AnisotropicModel,
  prior: PriorPrecision,
  beta: number,
  solution: RealSolution,
  sampleRatio: number,
): Float64Array | undefined {
  const K = data.groups.length;
  const g = Float64Array.from({ length: K }, (_, k) => solution.g[2 * k]!);
  const groups = data.groups.map((group, k) => ({ ...group, sign: g[k]! < 0 ? (-1 as const) : (1 as const) }));
  const signed = pencil({ ...data, groups });
  const n = signed.active;
  const gauge = Array.from(g, (value, k) =>
    complexDivide([Math.sqrt(Math.abs(value)), 0], complexAt(solution.roots, k)),
  );
  const block = Float64Array.from({ length: n * n }, (_, at) => {
    const factor = complexMultiply(gauge[Math.floor(at / n) % K]!, gauge[(at % n) % K]!);
    return complexMultiply(factor, complexAt(solution.block, at))[0];
  });
  const V1hat = Float64Array.from({ length: K * K }, (_, at) => solution.V1hat[2 * at]!);
  const root = (value: number) => Math.sign(value) * Math.sqrt(Math.abs(value));
  const coupling = V1hat.map((value, at) => beta * root(g[Math.floor(at / K)]!) * root(g[at % K]!) * value);
  if (!signed.evaluate(block, coupling)) return undefined;
  const forms = stepForms({ ...data, groups }, signed, coupling);
  return forms && prior.stiffness(forms, { g, V1hat }, sampleRatio);
}
