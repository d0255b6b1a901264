import type { ModelName } from "../parameters/models.ts";
import { hasParameter } from "../parameters/table.ts";
import type { SimulationGrid } from "../simulation/specification.ts";

/** The sizes and ridges of trials, as the model has them. */
export type TrialSizes = Pick<SimulationGrid, "samples" | "sampleRatios"> & { readonly ridges: readonly number[] };

/** Which parameter has the number of samples of a model. */
export function samplesName({ model }: { readonly model: ModelName }): "samples" | "sampleRatio" {
  return hasParameter(model, "samples") ? "samples" : "sampleRatio";
}

/** A grid of trials. */
export function sizesOf(
  name: "samples" | "sampleRatio",
  values: readonly number[],
  ridges: readonly number[],
): TrialSizes {
  return { ...(name === "samples" ? { samples: values } : { sampleRatios: values }), ridges };
}

/** The values of a grid's points, in their order. */
export function gridPoints({ samples, sampleRatios, ridges }: TrialSizes): { samples: number; ridge: number }[] {
  return (samples ?? sampleRatios ?? []).flatMap((value) => ridges.map((ridge) => ({ samples: value, ridge })));
}
