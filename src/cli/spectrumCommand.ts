import type { Command } from "commander";
import { densityPicture, type ModelDensity } from "../compare/densities.ts";
import { withPoint } from "../json/description.ts";
import { spectrumCases, withoutReadout } from "../json/observables.ts";
import { featureSpectrum } from "../observables/featureSpectrum.ts";
import { integer } from "../parameters/kinds.ts";
import type { Io } from "./io.ts";
import { option } from "./modelOptions.ts";
import { observableCommand, readObservableTask, writeObservable } from "./observableOptions.ts";
import { observeModels, SIMULATED_OPTIONS, valuesOf } from "./observedModels.ts";
import { GRID, gridOf } from "./runOptions.ts";
import { everyModel, symbolsOf } from "./sweptModel.ts";

const OPTIONS = {
  grid: option(GRID, "range", "where the density is wanted (default a grid of its own)"),
  points: option(integer(1), "count", "points of the grid of its own (default 400)"),
  ...SIMULATED_OPTIONS,
} as const;

const EXAMPLES = `
Examples:
  How the spike moves the bulk and grows its tail:
    replica-theory spectrum --model spikedRandomFeatures --student tanh --spike-strength 0,1,2 \\
      --sample-ratio 1.5 --width-ratio 1 --out spectrum.svg spectrum.csv
  A trained network's features over the histogram of simulated ones:
    replica-theory spectrum --student tanh --target sin --learning-rate 3 --step-sample-ratio 2 \\
      --sample-ratio 2 --width-ratio 1 --simulate network --dimension 400 --trials 5 --out features.svg
  Stieltjes transform at points of the upper half plane, as JSON:
    echo '{"model": "randomFeatures", "student": "relu", "sampleRatio": 2, "widthRatio": 1, "z": [[1, 0.05]]}' \\
      | replica-theory spectrum --json

Eigenvalues of the p×p matrix (1/p)ΦᵀΦ. Triangles in a figure are eigenvalues outside the bulk, crosses simulated ones.`;

/** `spectrum`: the features' eigenvalues. */
export function spectrumCommand(io: Io, exit: (code: number) => void): Command {
  return observableCommand(io, exit, {
    name: "spectrum",
    options: OPTIONS,
    examples: EXAMPLES,
    cases: spectrumCases,
    run: spectraOfModels,
  });
}

async function spectraOfModels(io: Io, given: Readonly<Record<string, unknown>>): Promise<number> {
  const { run, swept, outputs } = await readObservableTask("spectrum", OPTIONS, given, withoutReadout);
  const options = {
    ...(run.points !== undefined && { points: run.points }),
    ...(run.grid !== undefined && { grid: gridOf("grid", run.grid, "") }),
  };
  const models = everyModel(swept);
  const spectra = models.map(({ description, ...model }) => {
    const spectrum = featureSpectrum(withPoint(description), options);
    describe(io, model.name, spectrum);
    return { ...model, ...spectrum };
  });
  const observed = await observeModels(io, models, run, { kind: "spectrum", vectors: 0, powers: [] });
  const simulated = valuesOf(observed, ({ eigenvalues }) => eigenvalues);
  const densities = spectra.map((spectrum, i): ModelDensity => {
    const trials = simulated[i];
    const size = Math.round(models[i]!.description.widthRatio! * (run.dimension ?? 0));
    return { ...spectrum, ...(trials && { simulated: { trials, size } }) };
  });
  const picture = densityPicture(densities, {
    ...run,
    xTitle: "eigenvalue of (1/p)ΦᵀΦ",
    legend: symbolsOf(swept),
  });
  for (const note of picture.notes) io.log(note);
  return writeObservable(io, outputs, picture.rows, picture.figure);
}

function describe(io: Io, name: string, spectrum: ReturnType<typeof featureSpectrum>): void {
  const { edges, massAtZero, outliers, outliersPerNeuron, divergingOutliers } = spectrum;
  const list = (values: readonly number[]) => values.map((value) => Number(value.toPrecision(6))).join(", ");
  const parts = [
    `bulk ${edges.map((edge) => `[${list(edge)}]`).join(" ")}`,
    ...(massAtZero > 0 ? [`mass ${list([massAtZero])} at 0`] : []),
    ...(outliers.length > 0 ? [`outliers ${list(outliers)}`] : []),
    ...(outliersPerNeuron.length > 0 ? [`of order p, over p: ${list(outliersPerNeuron)}`] : []),
    ...(divergingOutliers > 0 ? [`${divergingOutliers} more that diverge`] : []),
  ];
  io.log(`${name === "" ? "" : `${name}: `}${parts.join("; ")}`);
}
