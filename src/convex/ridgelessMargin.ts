/**
 * The limit λ → 0⁺ of margin losses: the maximal margin of data that can be separated, to which a loss tends that is zero beyond its
 * kink, and the minimum of the loss on data that cannot. To look for the one that is not there takes longer than to find the other.
 */
import type { RidgePoint } from "../ridge/limits.ts";
import type { LossFailure, LossResult } from "./solution.ts";

/** A ridge beside the squared hinge, by which it is told which there is. */
export const SMALL_RIDGE = 1e-4;
/** Share of the directions that is left to it where data can be separated, to a percent of the α where they no longer can. */
const SHARE_LEFT = 0.006;

/** The ways to the limit at one point. */
export interface MarginLimits {
  readonly maximalMargin: () => LossResult;
  /** Whether there is one. */
  readonly isSeparable: () => boolean;
  readonly minimum: () => LossResult;
  /** Traces g_k of the squared hinge at the small ridge, if they are easily found. */
  readonly tracesNearby: () => Float64Array | undefined;
}

/** Of one width: the largest α of data that could be separated, as can be fewer of them, and the least of those that could not. */
interface Known {
  separable: number;
  inseparable: number;
}

export class RidgelessMargin {
  private readonly knownAt = new Map<number, Known>();

  /** @param bounded whether the loss is zero beyond its kink; others make the readout grow without bound */
  constructor(private readonly bounded: boolean) {}

  /** @param rank of the features: fewer samples can always be separated */
  solve({ sampleRatio, widthRatio }: RidgePoint, rank: number, limits: MarginLimits): LossResult {
    if (sampleRatio < rank) return this.bounded ? limits.maximalMargin() : unbounded();
    const known = this.knownAt.get(widthRatio) ?? { separable: 0, inseparable: Infinity };
    this.knownAt.set(widthRatio, known);
    const separable = sampleRatio <= known.separable;
    if (separable && !this.bounded) return unbounded();

    const margin = (): LossResult | undefined => {
      const found = this.bounded ? limits.maximalMargin() : undefined;
      if (!(found ? found.status === "converged" : limits.isSeparable())) return undefined;
      known.separable = Math.max(known.separable, sampleRatio);
      return found ?? unbounded();
    };
    const minimum = (): LossResult => {
      const found = limits.minimum();
      if (found.status === "converged") known.inseparable = Math.min(known.inseparable, sampleRatio);
      return found;
    };
    if (separable || (sampleRatio < known.inseparable && seemsSeparable(limits.tracesNearby())))
      return margin() ?? minimum();
    const found = minimum();
    return found.status === "converged" ? found : (margin() ?? found);
  }
}

/** Whether a small ridge is all that some directions feel: g_k = π_k/λ where it is for all. */
function seemsSeparable(traces: Float64Array | undefined): boolean {
  return traces === undefined || SMALL_RIDGE * traces.reduce((sum, g) => sum + g, 0) > SHARE_LEFT;
}

function unbounded(): LossFailure {
  return noMinimum("the data are separable: the readout grows without bound as λ → 0");
}

export function noMinimum(detail: string): LossFailure {
  return { status: "diverged", iterations: 0, residual: Infinity, detail };
}
