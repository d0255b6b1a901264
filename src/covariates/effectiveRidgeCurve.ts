import { ParameterError, requireDescription } from "../errors.ts";
import { check, RANGES } from "../parameters/ranges.ts";
import type { GaussianCovariatesModel, StructuredRandomFeaturesModel } from "./description.ts";
import { atEffectiveRidge, complementAt, type EffectiveRidge, ROUNDING } from "./effectiveRidge.ts";
import { gaussianCovariates } from "./gaussianCovariates.ts";
import { stateAbove } from "./layer.ts";
import { type CovariateSolution, ridgeObservables } from "./ridgeObservables.ts";
import { type DeepFeatures, structuredRandomFeatures } from "./structuredRandomFeatures.ts";

/** A point of a curve over λ that was reached without solving anything. */
export interface EffectiveRidgeRow extends CovariateSolution {
  /** λ = t(n − df1), of either sign. */
  readonly ridge: number;
}

/**
 * A curve over λ, explicit in the effective ridge t > 0 of the features, or of the inputs below all layers (covariates §2, §7): λ
 * follows from t, and nothing is iterated. Values of t below the physical branch, where λ falls with t or a layer would have
 * t < 0, give no row.
 *
 * @param samples n > 0, finite
 * @throws ParameterError, ExpressionError, QuadratureError for an illegal model, n or t
 * @example
 * const model = { model: "gaussianCovariates", eigenvalues: [1], multiplicities: [100], signal: [0.7], unexplained: 0.3 };
 * const rows = effectiveRidgeCurve({ ...model, samples: 80 }, [0.1, 0.5, 2]);
 * rows.map(({ ridge, testError }) => [ridge.toFixed(3), testError.toFixed(6)]); // [["6.667","0.850000"],["93.333","0.709677"]]
 */
export function effectiveRidgeCurve(
  description: (GaussianCovariatesModel | StructuredRandomFeaturesModel) & { readonly samples: number },
  effectiveRidges: Iterable<number>,
): EffectiveRidgeRow[] {
  requireDescription(description);
  const samples = check("samples", description.samples, RANGES.positive);
  const at = pointsOf(description, samples);
  const rows: EffectiveRidgeRow[] = [];
  for (const t of effectiveRidges) {
    if (!RANGES.positive.test(t)) throw new ParameterError("effectiveRidges", t, RANGES.positive.legal);
    const point = at.pointOf(t);
    // n − df2 > 0 is dλ/dt > 0.
    const physical = point && point.complement + point.effectiveRidge * point.state.traceSlope > 0;
    const result = physical ? ridgeObservables(at.model, samples, point) : undefined;
    if (result?.status === "converged") {
      rows.push({ ridge: (point!.effectiveRidge * point!.complement) / at.ridgeUnit, ...result });
    }
  }
  return rows;
}

function pointsOf(description: GaussianCovariatesModel | StructuredRandomFeaturesModel, samples: number) {
  if (description.model === "gaussianCovariates") {
    const model = gaussianCovariates(description);
    return { model, ridgeUnit: 1, pointOf: (t: number) => atEffectiveRidge(model, samples, t) };
  }
  const network = structuredRandomFeatures(description);
  const ridgeUnit = network.layers.at(-1)!.width;
  return { model: network.top, ridgeUnit, pointOf: (t: number) => upwards(network, samples, t) };
}

/** Through all layers from an effective ridge of the inputs; undefined where a layer has none. */
function upwards(
  { bottom, layers, top }: DeepFeatures,
  samples: number,
  bottomRidge: number,
): EffectiveRidge | undefined {
  let [t, state, model] = [bottomRidge, bottom.at(bottomRidge), bottom];
  for (const layer of layers) {
    const complement = complementAt(model, layer.width, state);
    const above = complement > 0 ? stateAbove(layer, layer.inputs, t, state, complement) : undefined;
    if (!above || above.effectiveRidge === 0) return undefined;
    ({ effectiveRidge: t, state } = above);
    model = { ...bottom, rank: layer.width };
  }
  const complement = complementAt(top, samples, state);
  return { effectiveRidge: t, state, complement, iterations: 0, residual: 0, error: ROUNDING };
}
