import type { Command } from "commander";
import { simulationKey } from "../compare/densities.ts";
import { estimateOf } from "../compare/observe.ts";
import { withPoint } from "../json/description.ts";
import { functionCases } from "../json/observables.ts";
import { learnedFunction } from "../observables/learnedFunction.ts";
import { choice, integer, list } from "../parameters/kinds.ts";
import { readoutVocabulary } from "../observables/vocabulary.ts";
import { type Line, linePlot } from "../plot/lines.ts";
import type { Io } from "./io.ts";
import { option } from "./modelOptions.ts";
import { observableCommand, readObservableTask, writeObservable } from "./observableOptions.ts";
import { observeModels, SIMULATED_OPTIONS } from "./observedModels.ts";
import { GRID, gridOf } from "./runOptions.ts";
import { everyModel, type NamedModel, symbolsOf } from "./sweptModel.ts";

const OPTIONS = {
  along: option(
    choice("target", "spike"),
    "direction",
    "target (default): E[f | θ·x = t]; spike: the mean of f at v·x = t",
  ),
  t: option(GRID, "range", "where the functions are wanted (default -3:3:121)"),
  vocabulary: option(
    list(integer(1), "a list of whole numbers"),
    "K1,K2,…",
    "a curve for each number of readout values, equally spaced",
  ),
  ...SIMULATED_OPTIONS,
} as const;

const EXAMPLES = `
Examples:
  What networks have learned along the target, after steps with ever more samples:
    replica-theory function --student tanh --target sin --learning-rate 2 --step-sample-ratio 0.5,2,inf \\
      --sample-ratio 2 --width-ratio 1 --ridge 0.01 --out function.svg function.csv
  The same with simulated networks (crosses), but for the infinite batch:
    replica-theory function --student tanh --target sin --learning-rate 2 --step-sample-ratio 0.5,2 \\
      --sample-ratio 2 --width-ratio 1 --ridge 0.01 --simulate network --dimension 400 --out function.svg
  What they can express as the number of readout values grows:
    replica-theory function --student softplus --target "x + cos(3*x)" --learning-rate 6 --step-sample-ratio 10 \\
      --sample-ratio 20 --width-ratio 1 --ridge 0.01 --vocabulary 1,2,4,8 --theory srf --out vocabulary.svg`;

/** `function`: the function that the network has learned. */
export function functionCommand(io: Io, exit: (code: number) => void): Command {
  return observableCommand(io, exit, {
    name: "function",
    options: OPTIONS,
    examples: EXAMPLES,
    cases: functionCases,
    run: functionsOfModels,
  });
}

async function functionsOfModels(io: Io, given: Readonly<Record<string, unknown>>): Promise<number> {
  const { run, swept, outputs } = await readObservableTask("function", OPTIONS, given);
  const t = gridOf("t", run.t, "-3:3:121");
  const alongSpike = run.along === "spike";
  const models = withVocabulary(everyModel(swept), run.vocabulary);
  const functions = models.map(({ description, ...model }) => {
    const learned = learnedFunction(withPoint(description));
    for (const notice of learned.notices) io.log(notice);
    const values = alongSpike ? learned.alongSpike(t) : learned.alongTarget(t);
    return { ...model, values, target: learned.target(t) };
  });
  const lines: Line[] = [
    ...(alongSpike ? [] : [{ name: "target", x: t, y: functions[0]!.target, reference: true }]),
    ...functions.map(({ name, values }) => ({ name, x: t, y: values })),
  ];
  const places = simulatedPlaces(t);
  const observed = await observeModels(io, models, run, {
    kind: "function",
    along: alongSpike ? "spike" : "target",
    at: places.map((i) => t[i]!),
    samples: SAMPLES,
  });
  /** By model, then by place on the grid. */
  const simulated = observed.map(
    (trials) =>
      trials && new Map(places.map((place, i) => [place, estimateOf(trials, ({ values }) => values[0]![i]!)])),
  );
  const any = simulated.some((values) => values !== undefined);
  const rows = functions.flatMap(({ at, theory, readoutCount, values, target }, k) =>
    t.map((value, i) => {
      const key = { ...(theory && { theory }), ...at, ...(readoutCount !== undefined && { readoutCount }) };
      const { mean, standardError } = simulated[k]?.get(i) ?? {};
      return {
        ...key,
        t: value,
        learned: values[i],
        ...(!alongSpike && { target: target[i] }),
        ...(any && { simulated: mean, standardError }),
      };
    }),
  );
  const crosses = functions.flatMap(({ name }, k) =>
    [...(simulated[k] ?? [])].map(([i, { mean, standardError }]) => ({ name, x: t[i]!, y: mean, standardError })),
  );
  const legend = [symbolsOf(swept), ...(run.vocabulary ? ["K"] : [])].filter((part) => part !== "").join(", ");
  const [xTitle, yTitle] = alongSpike ? ["κ = v·x", "learned function"] : ["t = θ·x", "E[f | t]"];
  const key = any ? simulationKey("cross", run) : [];
  return writeObservable(io, outputs, rows, () => linePlot(lines, { ...run, crosses, xTitle, yTitle, legend, key }));
}

/** Inputs averaged over at each place of a simulated function, and the most places. */
const SAMPLES = 4096;
const MOST_PLACES = 25;

/** Positions on the grid at which functions are simulated. */
function simulatedPlaces(t: readonly number[]): number[] {
  const stride = Math.ceil(t.length / MOST_PLACES);
  return t.flatMap((_, i) => (i % stride === 0 ? [i] : []));
}

/** Every model with every number of readout values. */
function withVocabulary(
  models: readonly NamedModel[],
  sizes: readonly number[] | undefined,
): (NamedModel & { readonly readoutCount?: number })[] {
  if (!sizes) return [...models];
  return models.flatMap(({ description, name, ...rest }) =>
    sizes.map((readoutCount) => {
      const readoutValues = readoutVocabulary(readoutCount);
      const label = [name, String(readoutCount)].filter((part) => part !== "").join(", ");
      return { ...rest, name: label, readoutCount, description: { ...description, readoutValues } };
    }),
  );
}
