import type { Command } from "commander";
import { z } from "zod";
import { SWEEP_PARAMETERS, type SweepParameter } from "../curve/sweep.ts";
import { withPoint } from "../json/description.ts";
import { choice } from "../json/fields.ts";
import { weightCases } from "../json/observables.ts";
import { weightSpectrum } from "../observables/weightSpectrum.ts";
import { linePlot } from "../plot/lines.ts";
import { AXIS_TITLES } from "../plot/palette.ts";
import type { Io } from "./io.ts";
import { option } from "./modelOptions.ts";
import { observableCommand, observableFields, readObservableTask, writeObservable } from "./observableOptions.ts";
import { everyModel } from "./sweptModel.ts";

const OPTIONS = [
  option(
    "x",
    "text",
    "name",
    "the parameter on the horizontal axis of a figure (default the first with several values)",
  ),
  option("quantity", "text", "name", "what a figure shows: overlaps (default) or singularValues"),
];
const schema = z.strictObject({
  ...observableFields,
  x: choice(...SWEEP_PARAMETERS).exactOptional(),
  quantity: choice("overlaps", "singularValues").exactOptional(),
});

const EXAMPLES = `
Examples:
  A spike that leaves the bulk (Baik, Ben Arous, Péché), and how its singular vectors align:
    replica-theory weights --model smallRate --student tanh --target sin --alignment 0.8 \\
      --spike-strength 0:3:61 --width-ratio 1 --out overlaps.svg overlaps.csv

A spike of order √p is far outside the bulk: its singular value over √p is the column outlierPerRootWidth.`;

/** `weights`: singular values of the updated weights. */
export function weightsCommand(io: Io, exit: (code: number) => void): Command {
  return observableCommand(io, exit, {
    name: "weights",
    description: "singular values of the weights after the step",
    options: OPTIONS,
    examples: EXAMPLES,
    cases: weightCases,
    run: weightsOfModels,
  });
}

async function weightsOfModels(io: Io, given: Readonly<Record<string, unknown>>): Promise<number> {
  // The weights do not depend on the samples and the ridge of the readout.
  const { run, swept, outputs } = await readObservableTask("weights", schema, given, OPTIONS, (model) => {
    return { sampleRatio: 1, ridge: 1, ...model };
  });
  const rows = everyModel(swept).map(({ at, theory, description }) => {
    const { bulk, outlier, overlaps, ...rest } = weightSpectrum(withPoint(description));
    const [bulkLeft, bulkRight] = bulk;
    return {
      ...(theory && { theory }),
      ...at,
      status: "converged",
      bulkLeft,
      bulkRight,
      ...rest,
      outlier,
      ...overlaps,
    };
  });
  const figure = () => {
    const x = run.x ?? (Object.keys(swept.sweep) as SweepParameter[])[0] ?? "spikeStrength";
    const along = (name: string, y: (row: (typeof rows)[number]) => number | undefined, reference = false) => {
      return { name, reference, x: rows.map((row) => row[x] ?? NaN), y: rows.map((row) => y(row) ?? NaN) };
    };
    const overlaps = [
      along("right vector and spike", ({ input }) => input),
      along("left vector and readout", ({ readout }) => readout),
      along("right vector and target", ({ target }) => target),
    ];
    const values = [
      along("outlier", ({ outlier }) => outlier),
      along("bulk, right edge", ({ bulkRight }) => bulkRight, true),
      along("bulk, left edge", ({ bulkLeft }) => bulkLeft, true),
    ];
    const shown = run.quantity === "singularValues" ? values : overlaps;
    const yTitle = run.quantity === "singularValues" ? "singular value" : "squared overlap";
    return linePlot(shown, { ...run, xTitle: AXIS_TITLES[x], yTitle });
  };
  return writeObservable(io, outputs, rows, figure);
}
