import { bulkSensitivity } from "../bulk/sensitivity.ts";
import type { BulkSensitivity } from "../bulk/weightResolvent.ts";
import { multiply } from "../numerics/linearAlgebra.ts";
import type { BulkImage, BulkSide, Conjugates } from "./bulkImage.ts";

/** A direction of the point and of the conjugates: 1 for the parameter to take derivatives by. */
export interface BulkSideDirection {
  readonly samples: number;
  readonly widthRatio: number;
  readonly ridge: number;
  readonly conjugates: Conjugates;
}

/** Derivatives of an image at fixed coefficients. */
export interface MovedImage {
  readonly traces: Float64Array;
  readonly norms: Float64Array;
  /** Of Λ/α of the factors. */
  readonly stiffness: Float64Array;
  /** Relative, where they are differences of the bulk. */
  readonly error: number;
}

/** An image that may move. */
interface Resting {
  readonly conjugates: Conjugates;
  readonly image: BulkImage;
  /** Traces of the state. */
  readonly traces: Float64Array;
  readonly coefficients: Float64Array;
  readonly groups: number;
}

/** The derivatives of an image along directions: those of the resolvent to second order, those of the priors of the channels. */
export class BulkMotion {
  private constructor(
    private readonly side: BulkSide,
    private readonly at: Resting,
    private readonly sensitivity: BulkSensitivity,
    /** d ln F/dβ of the channels. */
    private readonly strengthRates: readonly number[],
  ) {}

  /** @returns undefined where the bulk has no second derivatives */
  static at(side: BulkSide, at: Resting, strengthRates: readonly number[]): BulkMotion | undefined {
    const { widthRatio, ridge } = side;
    const argument = { widthRatio, ridge, conjugates: at.conjugates.traces, traces: at.traces };
    const sensitivity = bulkSensitivity(side.bulk, argument, at.image.solution);
    return sensitivity && new BulkMotion(side, at, sensitivity, strengthRates);
  }

  along({ samples, widthRatio, ridge, conjugates }: BulkSideDirection): MovedImage | undefined {
    const { side, sensitivity, at } = this;
    const { solution, prior, stiffness } = at.image;
    const { response } = solution;
    const m = solution.traces.length;
    // λ stands beside every V̂2_k.
    const shifted = conjugates.traces.map((value, a) => value + (a >= m - at.groups ? ridge : 0));
    const traces = multiply(response, shifted, m, m, 1).map((value, a) => widthRatio * sensitivity.byWidth[a]! - value);
    const change = sensitivity.along({ widthRatio, ridge, conjugates: conjugates.traces, traces });
    const moved = change?.priorPrecision(
      side.sources,
      this.strengthRates.map((rate) => widthRatio * rate),
    );
    if (!change || !moved) return undefined;
    const fluctuating = multiply(change.response, at.conjugates.norms, m, m, 1);
    const driven = multiply(response, conjugates.norms, m, m, 1);
    const slope = moved.slope({ value: at.coefficients, change: new Float64Array(at.coefficients.length) });
    const channels = side.channelNorms(prior, at.coefficients);
    const norms = fluctuating.map(
      (value, a) => value + driven[a]! + (slope[a]! - widthRatio * channels[a]!) / side.widthRatio,
    );
    const grown = samples / side.samples;
    return {
      ...{ traces, norms },
      stiffness: side.transformed(moved.matrix).map((value, i) => value - grown * stiffness[i]!),
      error: (sensitivity.error ?? 0) + (change.error ?? 0) + (moved.error ?? 0),
    };
  }
}
