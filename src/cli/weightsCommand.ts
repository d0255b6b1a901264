import type { Command } from "commander";
import { densityPicture, type ModelDensity, simulationKey } from "../compare/densities.ts";
import { estimateOf } from "../compare/observe.ts";
import { ParameterError } from "../errors.ts";
import { withPoint } from "../json/description.ts";
import { weightCases } from "../json/observables.ts";
import { makesSpikes } from "../multiIndex/description.ts";
import type { Rows } from "../multiIndex/geometry.ts";
import { gradientSteps } from "../multiIndex/gradientSteps.ts";
import { trainedWeightSpectrum } from "../observables/trainedWeightSpectrum.ts";
import { weightSpectrum } from "../observables/weightSpectrum.ts";
import { linePlot } from "../plot/lines.ts";
import { choice } from "../parameters/kinds.ts";
import type { Observed } from "../simulation/index.ts";
import { axisTitle, SWEEP_PARAMETERS, type SweepParameter, type SweptName } from "../parameters/table.ts";
import type { Io } from "./io.ts";
import { option } from "./modelOptions.ts";
import {
  observableCommand,
  type ObservableTask,
  OBSERVABLE_OPTIONS,
  readObservableTask,
  writeObservable,
} from "./observableOptions.ts";
import { observeModels, SIMULATED_OPTIONS, valuesOf } from "./observedModels.ts";
import { GRID, gridOf, type OptionsOf } from "./runOptions.ts";
import { everyModel, type NamedModel, type SweptModel, symbolsOf } from "./sweptModel.ts";

const OPTIONS = {
  x: option(
    choice(...SWEEP_PARAMETERS),
    "name",
    "the parameter on the horizontal axis of a figure (default the first with several values)",
  ),
  quantity: option(
    choice("overlaps", "singularValues", "density"),
    "name",
    "what is shown: overlaps (default), singularValues, or density",
  ),
  grid: option(GRID, "range", "where the density is wanted (default a grid of its own)"),
  ...SIMULATED_OPTIONS,
} as const;
type Task = ObservableTask<OptionsOf<typeof OPTIONS> & OptionsOf<typeof OBSERVABLE_OPTIONS>>;

const EXAMPLES = `
Examples:
  A spike that leaves the bulk (Baik, Ben Arous, Péché), and how its singular vectors align:
    replica-theory weights --model smallRate --student tanh --target sin --alignment 0.8 \\
      --spike-strength 0:3:61 --width-ratio 1 --out overlaps.svg overlaps.csv
  The singular values of a trained network's weights over the histogram of simulated ones:
    replica-theory weights --student tanh --target sin --learning-rate 2 --step-sample-ratio 1 --width-ratio 0.8 \\
      --theory both --quantity density --simulate network --dimension 400 --trials 5 --out weights.svg

A spike of order √p is far outside the bulk: its singular value over √p is the column outlierPerRootWidth, and with
--finite-dimension d it stands among the others. Triangles in a figure are outliers, crosses simulated ones.
Of several steps or directions the spikes are given, along the target's directions, to leading order where the second step
uses the batch of the first again.`;

/** `weights`: singular values of the updated weights. */
export function weightsCommand(io: Io, exit: (code: number) => void): Command {
  return observableCommand(io, exit, {
    name: "weights",
    options: OPTIONS,
    examples: EXAMPLES,
    cases: weightCases,
    run: weightsOfModels,
  });
}

async function weightsOfModels(io: Io, given: Readonly<Record<string, unknown>>): Promise<number> {
  // The weights do not depend on the samples and the ridge of the readout.
  const task: Task = await readObservableTask("weights", OPTIONS, given, (model) => {
    return { sampleRatio: 1, ridge: 1, ...model };
  });
  if (task.swept.theories.some(({ description }) => makesSpikes(description))) return spikes(io, task);
  return task.run.quantity === "density" ? densities(io, task) : sweep(io, task);
}

/** What a spectrum has and the spikes of several steps or directions have not. */
const OF_A_SPECTRUM = ["quantity", "grid", "simulate"] as const;

/** Rows of the spikes that several steps make, or one in several directions: along the target, and for a batch used again, too. */
async function spikes(io: Io, { run, swept, outputs }: Task): Promise<number> {
  for (const name of OF_A_SPECTRUM) {
    const legal =
      "left out for several steps or directions, whose spikes alone are known (figure second-step simulates them)";
    if (run[name] !== undefined) throw new ParameterError(name, run[name], legal);
  }
  const models = everyModel(swept).map(({ at, theory, description }) => {
    if (!makesSpikes(description)) throw new ParameterError("steps", undefined, "given for all models or for none");
    const { spikeAlongTarget, spikeGram, bulkVariance, reusedStep, notices } = gradientSteps(description);
    const made = { spikeAlongTarget, spikeGram, bulkVariance, ...(reusedStep && { reusedStep }) };
    const row = { ...(theory && { theory }), ...at, status: "converged", ...made };
    return { at, row, notices, spikeAlongTarget: (reusedStep ?? made).spikeAlongTarget };
  });
  for (const notice of new Set(models.flatMap(({ notices }) => notices))) io.log(notice);
  const rows = models.map(({ row }) => row);
  return writeObservable(io, outputs, rows, () => spikesFigure(models, run, swept));
}

/** R_k·θ_i against the swept parameter. */
function spikesFigure(
  models: readonly { readonly at: NamedModel["at"]; readonly spikeAlongTarget: Rows }[],
  run: Task["run"],
  { sweep }: SweptModel,
) {
  const x = run.x ?? (Object.keys(sweep) as SweptName[])[0];
  if (x === undefined) {
    throw new ParameterError("out", run.out, "a table (.csv, .json) where no parameter has several values");
  }
  const { spikeAlongTarget: first } = models[0]!;
  const lines = first.flatMap((row, k) =>
    row.map((_, i) => ({
      name: first.length === 1 ? `θ${i + 1}` : `θ${i + 1}, group ${k + 1}`,
      x: models.map(({ at }) => at[x] ?? NaN),
      y: models.map(({ spikeAlongTarget }) => spikeAlongTarget[k]![i]!),
    })),
  );
  return linePlot(lines, { ...run, xTitle: axisTitle(x), yTitle: "spike along the target" });
}

const observed = (io: Io, { run, swept }: Task) => observeModels(io, everyModel(swept), run, { kind: "weights" });

/** What is simulated of the top singular value and its vectors, by column. */
const COLUMNS: Readonly<Record<SimulatedColumn, (weights: Observed<{ readonly kind: "weights" }>) => number>> = {
  simulatedOutlier: ({ singularValues }) => singularValues[0]!,
  simulatedInput: ({ input }) => input,
  simulatedReadout: ({ readout }) => readout,
  simulatedTarget: ({ target }) => target,
};

async function densities(io: Io, task: Task): Promise<number> {
  const { run, swept, outputs } = task;
  const models = everyModel(swept);
  const simulated = valuesOf(await observed(io, task), ({ singularValues }) => singularValues);
  const options = run.grid === undefined ? {} : { grid: gridOf("grid", run.grid, "") };
  const spectra = models.map(({ description, ...model }, i): ModelDensity => {
    const trials = simulated[i];
    const size = Math.round(description.widthRatio! * (run.dimension ?? 0));
    const spectrum = trainedWeightSpectrum(withPoint(description), options);
    return { ...model, ...spectrum, ...(trials && { simulated: { trials, size } }) };
  });
  const picture = densityPicture(spectra, { ...run, xTitle: "singular value of W", legend: symbolsOf(swept) });
  for (const note of picture.notes) io.log(note);
  return writeObservable(io, outputs, picture.rows, picture.figure);
}

async function sweep(io: Io, task: Task): Promise<number> {
  const { swept, outputs } = task;
  const simulated = await observed(io, task);
  const any = simulated.some((trials) => trials !== undefined);
  const rows = everyModel(swept).map(({ at, theory, description }, i) => {
    const { bulk, outlier, overlaps, ...rest } = weightSpectrum(withPoint(description));
    const [bulkLeft, bulkRight] = bulk;
    const values = { status: "converged", bulkLeft, bulkRight, ...rest, outlier, ...overlaps };
    return { ...(theory && { theory }), ...at, ...values, ...(any && simulatedColumns(simulated[i])) };
  });
  return writeObservable(io, outputs, rows, () => sweepFigure(rows, task));
}

type SimulatedColumn = "simulatedOutlier" | "simulatedInput" | "simulatedReadout" | "simulatedTarget";

/** The largest singular value and the overlaps of its vectors: mean and standard error over the networks. */
function simulatedColumns(trials: readonly Observed<{ readonly kind: "weights" }>[] | undefined) {
  const columns: Partial<Record<SimulatedColumn | `${SimulatedColumn}Error`, number>> = {};
  for (const [name, read] of Object.entries(COLUMNS)) {
    const { mean, standardError } = trials ? estimateOf(trials, read) : {};
    Object.assign(columns, { [name]: mean, [`${name}Error`]: standardError });
  }
  return columns;
}

interface Row extends Partial<Record<SweepParameter | SimulatedColumn | `${SimulatedColumn}Error`, number>> {
  readonly theory?: string;
  readonly bulkLeft: number;
  readonly bulkRight: number;
  readonly outlier: number | undefined;
  readonly input: number;
  readonly readout: number;
  readonly target: number;
}

function sweepFigure(rows: readonly Row[], { run, swept }: Task) {
  const x = run.x ?? (Object.keys(swept.sweep) as SweepParameter[])[0] ?? "spikeStrength";
  const along = (name: string, y: (row: Row) => number | undefined, reference = false) => {
    return { name, reference, x: rows.map((row) => row[x] ?? NaN), y: rows.map((row) => y(row) ?? NaN) };
  };
  const crosses = (name: string, column: SimulatedColumn) =>
    rows.flatMap((row) => {
      const [y, place] = [row[column], row[x]];
      const standardError = row[`${column}Error`] ?? NaN;
      return y === undefined || Number.isNaN(y) || place === undefined ? [] : [{ name, x: place, y, standardError }];
    });
  const key = run.simulate === undefined ? [] : simulationKey("cross", run);
  if (run.quantity === "singularValues") {
    const lines = [
      along("outlier", ({ outlier }) => outlier),
      along("bulk, right edge", ({ bulkRight }) => bulkRight, true),
      along("bulk, left edge", ({ bulkLeft }) => bulkLeft, true),
    ];
    const look = { ...run, key, crosses: crosses("outlier", "simulatedOutlier") };
    return linePlot(lines, { ...look, xTitle: axisTitle(x), yTitle: "singular value" });
  }
  const shown = [
    ["right vector and spike", ({ input }: Row) => input, "simulatedInput"],
    ["left vector and readout", ({ readout }: Row) => readout, "simulatedReadout"],
    ["right vector and target", ({ target }: Row) => target, "simulatedTarget"],
  ] as const;
  return linePlot(
    shown.map(([name, y]) => along(name, y)),
    {
      ...run,
      key,
      crosses: shown.flatMap(([name, , column]) => crosses(name, column)),
      xTitle: axisTitle(x),
      yTitle: "squared overlap",
    },
  );
}
