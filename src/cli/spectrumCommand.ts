import type { Command } from "commander";
import { z } from "zod";
import { withPoint } from "../json/description.ts";
import { spectrumCases, withoutReadout } from "../json/observables.ts";
import { featureSpectrum } from "../observables/featureSpectrum.ts";
import { linePlot } from "../plot/lines.ts";
import type { Io } from "./io.ts";
import { option } from "./modelOptions.ts";
import {
  gridField,
  gridOf,
  observableCommand,
  observableFields,
  readObservableTask,
  writeObservable,
} from "./observableOptions.ts";
import { everyModel, symbolsOf } from "./sweptModel.ts";

const OPTIONS = [
  option("grid", "text", "range", "where the density is wanted (default a grid of its own)"),
  option("points", "number", "count", "points of the grid of its own (default 400)"),
];
const schema = z.strictObject({
  ...observableFields,
  grid: gridField.exactOptional(),
  points: z.int({ error: "a whole number" }).exactOptional(),
});

const EXAMPLES = `
Examples:
  How the spike moves the bulk and grows its tail:
    replica-theory spectrum --model spikedRandomFeatures --student tanh --spike-strength 0,1,2 \\
      --sample-ratio 1.5 --width-ratio 1 --out spectrum.svg spectrum.csv
  Stieltjes transform at points of the upper half plane, as JSON:
    echo '{"model": "randomFeatures", "student": "relu", "sampleRatio": 2, "widthRatio": 1, "z": [[1, 0.05]]}' \\
      | replica-theory spectrum --json

Eigenvalues of the p×p matrix (1/p)ΦᵀΦ. Triangles in a figure are eigenvalues outside the bulk.`;

/** `spectrum`: the features' eigenvalues. */
export function spectrumCommand(io: Io, exit: (code: number) => void): Command {
  return observableCommand(io, exit, {
    name: "spectrum",
    description: "spectrum of the features: density, edges, outliers",
    options: OPTIONS,
    examples: EXAMPLES,
    cases: spectrumCases,
    run: spectraOfModels,
  });
}

async function spectraOfModels(io: Io, given: Readonly<Record<string, unknown>>): Promise<number> {
  const { run, swept, outputs } = await readObservableTask("spectrum", schema, given, OPTIONS, withoutReadout);
  const options = {
    ...(run.points !== undefined && { points: run.points }),
    ...(run.grid !== undefined && { grid: gridOf("grid", run.grid, "") }),
  };
  const spectra = everyModel(swept).map(({ description, ...model }) => {
    const spectrum = featureSpectrum(withPoint(description), options);
    describe(io, model.name, spectrum);
    return { ...model, ...spectrum };
  });
  const rows = spectra.flatMap(({ at, theory, grid, density }) =>
    grid.map((x, i) => ({ ...(theory && { theory }), ...at, x, density: density[i] })),
  );
  const figure = () =>
    linePlot(
      spectra.map(({ name, grid, density }) => ({ name, x: grid, y: density })),
      {
        ...run,
        xTitle: "eigenvalue of (1/p)ΦᵀΦ",
        yTitle: "density",
        legend: symbolsOf(swept),
        marks: spectra.flatMap(({ name, outliers }) => outliers.map((x) => ({ name, x }))),
      },
    );
  return writeObservable(io, outputs, rows, figure);
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
