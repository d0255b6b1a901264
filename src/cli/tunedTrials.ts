import { withSwept } from "../curve/sweep.ts";
import { ParameterError } from "../errors.ts";
import { type PartialDescription, withAnyPoint } from "../json/description.ts";
import type { SweepParameter } from "../parameters/table.ts";
import { OPTIMAL, tunedNames, tuner } from "../tuning/tuner.ts";
import { samplesName } from "../compare/trialSizes.ts";
import type { SweptModel } from "./sweptModel.ts";

/** Trials at the theory's optima. */
export interface TunedTrials {
  readonly model: SweptModel;
  /** Whether a point is asked for: where the ridge is tuned, it has one value for each number of samples. */
  readonly asked: (samples: number, ridge: number) => boolean;
}

/**
 * The model with the values of least test error for what is "optimal": one for every number of samples of the ridge, which a run
 * of trials may vary with them, and one value of everything else.
 *
 * @throws ParameterError for several numbers of samples with another parameter than the ridge, or an infinite optimum
 */
export function tunedTrials(model: SweptModel): TunedTrials {
  const { sweep, theories } = model;
  const { description } = theories[0]!;
  const names = tunedNames(description);
  if (names.length === 0) return { model, asked: () => true };
  const name = samplesName(description);
  const { [name]: own } = description as Partial<Record<SweepParameter, number>>;
  const samples = sweep[name] ?? [own!];
  const other = names.find((tuned) => tuned !== "ridge");
  if (other !== undefined && samples.length > 1) {
    throw new ParameterError(
      other,
      OPTIMAL,
      `a number where ${name} has several values: trials share their first layer`,
    );
  }
  const first = Object.fromEntries(Object.entries(sweep).map(([swept, values]) => [swept, values[0]!]));
  const tune = tuner(description, names);
  const optima = samples.map((value) => tune(withAnyPoint({ ...withSwept(description, first), [name]: value })));
  for (const at of optima) {
    for (const [tuned, value] of Object.entries(at)) {
      if (!Number.isFinite(value)) throw new ParameterError(tuned, OPTIMAL, `a number: the optimum is ${value}`);
    }
  }
  const ridges = new Map(samples.map((value, i) => [value, optima[i]!.ridge]));
  const tunesRidge = names.includes("ridge");
  return {
    model: {
      theories: theories.map((theory) => ({
        ...theory,
        description: withSwept(theory.description, optima[0]!) as PartialDescription,
      })),
      sweep: { ...sweep, ...(tunesRidge && { ridge: [...new Set(ridges.values())] as number[] }) },
    },
    asked: (value, ridge) => !tunesRidge || ridges.get(value) === ridge,
  };
}
