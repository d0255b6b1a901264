import { requireFields, MODEL_WORDS } from "../errors.ts";
import type { Model } from "../model/model.ts";
import { featureModel } from "../model/featureModel.ts";
import type { ModelParameters } from "../parameters/description.ts";
import { firstTable } from "../problem/grid.ts";
import type { TabulatedChannel } from "../problem/table.ts";
import { roundingScales } from "../ridge/readout.ts";
import { leastSquares } from "../numerics/leastSquares.ts";
import { type Baselines, baselinesOf } from "./baselines.ts";
import { onPoints } from "./points.ts";

/** One bound: its value and the function that has it. */
export interface Bound {
  /** On a fresh noisy label. */
  readonly testError: number;
  /** Of the channels that the bound uses, in their order, each Σ_ch t_ch X_ch(κ). */
  readonly coefficients: readonly number[];
  /** ψ_k of the bulk's image of ζ̂; empty for the upper bound. */
  readonly psi: readonly number[];
  /** Σ_ch t_ch X_ch at each κ: the part of the readout's function along the spike. */
  readonly along: (kappa: readonly number[]) => number[];
}

/** What no readout, and what every good one, reaches (theory §5). */
export interface Bounds {
  /** min over (m, θ, ψ) of E[(y − m·b − κμ1·θ − ζμ1·ψ)²]: no readout does better. */
  readonly lower: Bound;
  /** min over m of E[(y − m·b(κ))²]: reached with the mean channels alone; bounds the best readout as α → ∞. */
  readonly upper: Bound;
  /** Coefficients of `lower`: channels in their order (m, then θ, …), then ψ where the target has a part along ζ. */
  readonly lowerCoefficients: readonly number[];
  readonly baselines: Baselines;
}

/** Least squares on the nodes: the fit's coefficients and what is left of E[w (y − fit)²]. */
function fit(
  weights: Float64Array,
  functions: readonly Float64Array[],
  y: Float64Array,
  scales: readonly number[] | undefined,
): { coefficients: number[]; error: number } {
  const root = weights.map(Math.sqrt);
  const columns = functions.map((f) => f.map((value, i) => value * root[i]!));
  const residual = y.map((value, i) => value * root[i]!);
  const coefficients = [...leastSquares(columns, residual, scales).t];
  return { coefficients, error: residual.reduce((sum, value) => sum + value * value, 0) };
}

/**
 * What any readout of the features can and cannot reach (Cui24 Fig. 3; theory §5), with the functions of κ that do.
 *
 * @throws QuadratureError where a function is evaluated and has no value
 * @example
 * const { lower, upper } = bounds({
 *   model: "spikedRandomFeatures", student: "tanh", target: "sin", spikeStrength: 0.9, alignment: 1,
 * });
 * [lower.testError, upper.testError].map((error) => error.toFixed(6)); // ["0.001669", "0.029105"]
 */
export function bounds(description: ModelParameters): Bounds {
  return boundsOf(featureModel(description));
}

/**
 * The same of a model of the caller's own making, with one direction of the target across κ.
 *
 * @throws QuadratureError where a function is evaluated and has no value
 * @example
 * const model = featureModel({
 *   model: "spikedRandomFeatures", student: "tanh", target: "sin", spikeStrength: 0.9, alignment: 1,
 * });
 * boundsOf(model).lower.testError.toFixed(6); // "0.001669"
 */
export function boundsOf(model: Pick<Model, "problem" | "targetNumbers">): Bounds {
  requireFields("model", model, ["problem", "targetNumbers"], MODEL_WORDS);
  const table = firstTable(model.problem);
  const { weights, groups, target } = table;
  const channels = table.channels.filter(({ kind }) => kind !== "targetDirection");
  const unexplained = target.residual.reduce((sum, value, i) => sum + weights[i]! * value, 0);
  const scales = roundingScales(table);
  const [mean, slope] = target.parts as [Float64Array, Float64Array];
  const alongZeta = slope.some((value) => value !== 0);

  function bound(used: readonly TabulatedChannel[], useZeta: boolean): Bound {
    const inKappa = fit(
      weights,
      used.map(({ parts }) => parts[0]!),
      mean,
      used.map((channel) => scales[table.channels.indexOf(channel)]!),
    );
    const inZeta = fit(weights, useZeta ? groups.map((group) => group.mu1) : [], slope, undefined);
    const positions = used.map((channel) => table.channels.indexOf(channel));
    return {
      testError: inKappa.error + inZeta.error + unexplained,
      coefficients: inKappa.coefficients,
      psi: inZeta.coefficients,
      along(kappa) {
        const there = onPoints(model.problem, kappa).channels;
        return kappa.map((_, i) =>
          inKappa.coefficients.reduce((sum, t, c) => sum + t * there[positions[c]!]!.parts[0]![i]!, 0),
        );
      },
    };
  }

  const present = channels.filter((channel) => channel.parts[0]?.some((value) => value !== 0));
  const lower = bound(present, alongZeta);
  return {
    lower,
    upper: bound(
      present.filter(({ kind }) => kind === "mean" || kind === "power"),
      false,
    ),
    lowerCoefficients: [...lower.coefficients, ...lower.psi],
    baselines: baselinesOf(model),
  };
}
