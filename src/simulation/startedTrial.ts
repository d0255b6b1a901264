import type { TrialStreams } from "./randomStreams.ts";
import type { Directions } from "./weights.ts";

/** A trial whose weights are made: drawn, and after the gradient step if there is one. */
export interface StartedTrial {
  readonly streams: TrialStreams;
  readonly directions: Directions;
  /** û up to its length: the spike's direction over the neurons. */
  readonly readout: Float64Array;
}
