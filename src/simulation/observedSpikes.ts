import type { TrialContext } from "./arena.ts";
import type { SpecialDirections } from "./weightLaw.ts";

/** The spikes of the weights after several steps. */
export interface ObservedSpikes {
  /** R Θᵀ, K×m: each group's mean row along the directions of the target (multiIndex §3). */
  readonly alongTarget: readonly (readonly number[])[];
}

export function observeSpikes({ arena, specification }: TrialContext): ObservedSpikes {
  const { theta } = specification.weights as SpecialDirections;
  const { data, stride } = arena.weights;
  let first = 0;
  const alongTarget = specification.groups.counts.map((count) => {
    const sums = theta.map(() => 0);
    for (let j = first; j < first + count; j++) {
      theta.forEach((row, i) => row.forEach((value, c) => (sums[i]! += value * data[j * stride + c]!)));
    }
    first += count;
    return sums.map((sum) => sum / count);
  });
  return { alongTarget };
}
