import type { Command } from "commander";
import type { CurveParameters } from "../curve/sweep.ts";
import { ParameterError } from "../errors.ts";
import { boundsCases } from "../json/observables.ts";
import { featureModel } from "../model/featureModel.ts";
import { type Bounds, boundsOf } from "../observables/bounds.ts";
import { onPoints } from "../observables/points.ts";
import { TEXT } from "../parameters/kinds.ts";
import { axisTitle, type SweepParameter } from "../parameters/table.ts";
import { type Line, linePlot } from "../plot/lines.ts";
import type { FigureLook } from "../plot/look.ts";
import { numeral } from "../plot/numerals.ts";
import type { Io } from "./io.ts";
import { option } from "./modelOptions.ts";
import { observableCommand, readObservableTask, writeObservable } from "./observableOptions.ts";
import type { Output } from "./outputs.ts";
import { GRID, gridOf } from "./runOptions.ts";
import { everyModel, type NamedModel, type SweptModel } from "./sweptModel.ts";
import { camel } from "./values.ts";

const OPTIONS = {
  kappa: option(GRID, "range", "where the bounds' functions are wanted (default -3:3:121)"),
  x: option(TEXT, "name", "a swept parameter: the figure has the bounds against it, instead of their functions"),
} as const;

const EXAMPLES = `
Examples:
  replica-theory bounds --model spikedRandomFeatures --student tanh --target sin --spike-strength 0.9 --alignment 1
  replica-theory bounds --student tanh --target sin --learning-rate 1 --step-sample-ratio 1,4,inf --out bounds.svg
  replica-theory bounds --student tanh --target sin --learning-rate 1 --step-sample-ratio 0.1:10:25:log \\
    --x step-sample-ratio --log-x --out bounds.svg bounds.csv

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
  if (run.x !== undefined) return boundsAlong(io, axisOf(run.x, swept), models, outputs, run);
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
      : models.map(errorsOf);
  const figure = () => linePlot(lines, { ...run, xTitle: "κ = v·x", yTitle: "best functions along the spike" });
  return writeObservable(io, outputs, rows, figure);
}

type BoundedModel = Bounds & { readonly at: NamedModel["at"] & { readonly theory?: string } };

const errorsOf = ({ at, lower, upper, baselines }: BoundedModel) => {
  return { ...at, lower: lower.testError, upper: upper.testError, linearBaseline: baselines.linear };
};

function axisOf(given: string, { sweep }: SweptModel): SweepParameter {
  const name = camel(given);
  if (Object.hasOwn(sweep, name)) return name as SweepParameter;
  throw new ParameterError("x", given, `one of the swept parameters: ${Object.keys(sweep).join(", ")}`);
}

/** The errors of the bounds against one parameter, a pair of lines for each value of the others. */
function boundsAlong(
  io: Io,
  x: SweepParameter,
  models: readonly BoundedModel[],
  outputs: readonly Output[],
  look: FigureLook,
): Promise<number> {
  const rows = models.map(errorsOf);
  const bothTheories = new Set(models.map(({ at }) => at.theory)).size > 1;
  const names = models.map(({ at }) => {
    const others = Object.entries<string | number>({ ...at }).filter(
      ([name]) => name !== x && (name !== "theory" || bothTheories),
    );
    return others.map(([, value]) => (typeof value === "number" ? numeral(value) : value)).join(", ");
  });
  const curves = [...new Set(names)];
  const line = (words: string, curve: string, field: "lower" | "upper" | "linearBaseline", reference = false): Line => {
    const own = rows.filter((_, i) => names[i] === curve);
    const places = own.map((row) => (row as CurveParameters)[x] ?? NaN);
    return { name: `${words} ${curve}`.trim(), x: places, y: own.map((row) => row[field]), reference };
  };
  const lines = curves.flatMap((curve) => [line("lower bound", curve, "lower"), line("upper bound", curve, "upper")]);
  const best = line("best linear predictor", curves[0]!, "linearBaseline", true);
  return writeObservable(io, outputs, rows, () =>
    linePlot([...lines, best], { ...look, xTitle: axisTitle(x), yTitle: "test error" }),
  );
}
