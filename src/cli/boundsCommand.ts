import type { Command } from "commander";
import { boundsCases } from "../json/observables.ts";
import { featureModel } from "../model/featureModel.ts";
import { boundsOf } from "../observables/bounds.ts";
import { onPoints } from "../observables/points.ts";
import { type Line, linePlot } from "../plot/lines.ts";
import type { Io } from "./io.ts";
import { option } from "./modelOptions.ts";
import { observableCommand, readObservableTask, writeObservable } from "./observableOptions.ts";
import { GRID, gridOf } from "./runOptions.ts";
import { everyModel } from "./sweptModel.ts";

const OPTIONS = {
  kappa: option(GRID, "range", "where the bounds' functions are wanted (default -3:3:121)"),
} as const;

const EXAMPLES = `
Examples:
  replica-theory bounds --model spikedRandomFeatures --student tanh --target sin --spike-strength 0.9 --alignment 1
  replica-theory bounds --student tanh --target sin --learning-rate 1 --step-sample-ratio 1,4,inf --out bounds.svg

No readout does better than the lower bound; the upper one is reached with the means of the features alone.
Without --out a line for each model; a figure and its table have the functions of κ that reach the bounds.`;

/** `bounds`: what any readout of the features can reach. */
export function boundsCommand(io: Io, exit: (code: number) => void): Command {
  return observableCommand(io, exit, {
    name: "bounds",
    options: OPTIONS,
    examples: EXAMPLES,
    cases: boundsCases,
    run: boundsOfModels,
  });
}

async function boundsOfModels(io: Io, given: Readonly<Record<string, unknown>>): Promise<number> {
  const { run, swept, outputs } = await readObservableTask("bounds", OPTIONS, given);
  const kappa = gridOf("kappa", run.kappa, "-3:3:121");
  const models = everyModel(swept).map(({ at, theory, name, description }) => {
    const model = featureModel(description);
    return { at: { ...(theory && { theory }), ...at }, name, model, ...boundsOf(model) };
  });
  const lines = models.flatMap(({ name, lower, upper, model }, i): Line[] => [
    ...(i === 0 ? [line("target", onPoints(model.problem, kappa).target.parts[0]!, true)] : []),
    line(`lower ${name}`, lower.along(kappa)),
    line(`upper ${name}`, upper.along(kappa)),
  ]);
  function line(name: string, y: Iterable<number>, reference = false): Line {
    return { name: name.trim(), x: kappa, y: [...y], reference };
  }
  const rows =
    outputs.length > 0
      ? models.flatMap(({ at, lower, upper, model }) => {
          const [low, high] = [lower.along(kappa), upper.along(kappa)];
          const target = onPoints(model.problem, kappa).target.parts[0]!;
          return kappa.map((value, i) => ({ ...at, kappa: value, target: target[i], lower: low[i], upper: high[i] }));
        })
      : models.map(({ at, lower, upper, baselines }) => {
          return { ...at, lower: lower.testError, upper: upper.testError, linearBaseline: baselines.linear };
        });
  const figure = () => linePlot(lines, { ...run, xTitle: "κ = v·x", yTitle: "best functions along the spike" });
  return writeObservable(io, outputs, rows, figure);
}
