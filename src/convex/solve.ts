import { ParameterError } from "../errors.ts";
import { firstTable } from "../problem/grid.ts";
import type { Channel, Problem } from "../problem/problem.ts";
import { Rows } from "../problem/rows.ts";
import { atWidth, solvedWidth } from "../ridge/infiniteWidth.ts";
import { featureRank, type RidgePoint, scaledPoint, withFreeTraces } from "../ridge/limits.ts";
import type { SolverModel } from "../ridge/solve.ts";
import { type ConvexLoss, squaredHingeLoss } from "../loss/convexLoss.ts";
import { type LossModel, roughGrid } from "./grid.ts";
import { lossEngine, type LossEngine } from "./engine.ts";
import { noMinimum, RidgelessMargin, SMALL_RIDGE } from "./ridgelessMargin.ts";
import type { LossResult } from "./solution.ts";
import { sampleRange } from "../loss/lossInput.ts";
import { interpolation, maximalMargin } from "../loss/ridgelessLoss.ts";
import type { SolvedLoss } from "./sensitivity.ts";
import { channelSeparation, type Separation } from "./separability.ts";

/** Share of samples so small that coefficients which hang on it may be out of reach. */
const FEW_SAMPLES = 1e-6;

/** Solves points of one model and one loss; a point starts from the solution of the last one. */
export interface LossSolver {
  solve(point: RidgePoint): LossResult;
  /** The last point, if it has a solution. */
  solved(): SolvedLoss | undefined;
}

/**
 * Solver of convexLosses §3 for one model: any number of groups, any channels, any bulk.
 *
 * β = ∞ is an exact limit, α = ∞ one for losses without kinks, and so is λ → 0⁺ where it exists: the interpolator of minimal norm for
 * residuals that can be interpolated, the maximal margin for hinge and squared hinge on data that can be separated, the
 * minimum of the loss where neither can. The traces V are then in units of 1/α or 1/λ.
 */
export function lossSolver(model: SolverModel & Pick<LossModel, "labels">, loss: ConvexLoss): LossSolver {
  const problem = { ...model.problem, channels: inOrder(model.problem) };
  const rows = new Rows(problem);
  const lossModel: LossModel = { ...model, rows };
  const margin = loss.kind === "margin";
  const legalSamples = sampleRange(loss);
  const separation = margin ? channelSeparation(() => firstTable(problem, rows), model.labels) : undefined;
  const table = roughGrid(lossModel, margin);
  const engines = new Map<ConvexLoss, LossEngine>();
  let used: LossEngine | undefined;
  const engineOf = (which: ConvexLoss): LossEngine => {
    used = engines.get(which) ?? lossEngine(lossModel, which, table);
    engines.set(which, used);
    return used;
  };
  const limit = margin ? maximalMargin(loss) : interpolation(loss);
  const ridgeless = new RidgelessMargin(loss.breakpoints(0).length > 0);

  return {
    solve(point) {
      const { widthRatio, sampleRatio } = point;
      const result = solvePoint({ ...point, widthRatio: solvedWidth(widthRatio, sampleRatio) });
      if (result.status === "converged") return atWidth(result, widthRatio);
      const share = separation?.share ?? 1;
      if (!separation || share === 0 || share > FEW_SAMPLES) return result;
      const detail = `${certain(separation)} separate them but for a share of ${share.toExponential(0)} of the samples: their coefficients hang on these and were not found (${result.detail})`;
      return { ...result, detail };
    },
    solved: () => used?.solved(),
  };

  function solvePoint({ sampleRatio, widthRatio, ridge }: RidgePoint): LossResult {
    if (!legalSamples.test(sampleRatio)) throw new ParameterError("sampleRatio", sampleRatio, legalSamples.legal);
    if (separation?.share === 0) {
      return noMinimum(`${certain(separation)} separate them: their coefficients are infinite`);
    }
    const features = featureRank(table, widthRatio);
    const point = scaledPoint({ sampleRatio, widthRatio, ridge }, features);
    const solved = (which: ConvexLoss): LossResult => {
      const result = engineOf(which).solve(point);
      return result.status === "converged"
        ? withFreeTraces(result, { sampleRatio, widthRatio, ridge }, features)
        : result;
    };
    if (ridge > 0 || sampleRatio === Infinity) return solved(loss);
    if (margin) {
      const hard = { ...point, samples: sampleRatio, ridge: 1 };
      return ridgeless.solve({ sampleRatio, widthRatio, ridge }, features.rank, {
        maximalMargin: () => engineOf(limit).solve(hard),
        isSeparable: () => engineOf(limit).settle(hard).status === "converged",
        minimum: () => solved(loss),
        tracesNearby: () => engineOf(squaredHingeLoss).glimpse({ ...point, ridge: SMALL_RIDGE }),
      });
    }
    if (sampleRatio === features.rank) return noMinimum(`ridgeless interpolation threshold: α = ${features.rank}`);
    return solved(sampleRatio < features.rank ? limit : loss);
  }
}

/** Channels with a function of κ first; of a single direction ζ, and none with both. */
function inOrder({ channels, targetDirections }: Problem): Channel[] {
  const mixed = channels.find(({ value, slopes }) => value && slopes?.some((slope) => slope !== undefined));
  if (targetDirections !== 1 || mixed) {
    throw new ParameterError("targetDirections", targetDirections, "1, with channels of κ or of ζ, for this loss");
  }
  return [...channels.filter(({ value }) => value), ...channels.filter(({ value }) => !value)];
}

const certain = ({ kinds }: Separation): string =>
  `the labels are sign(κ) for certain and the unpenalised ${kinds} channels`;
