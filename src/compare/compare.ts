import type { CurveOptions, EveryCurveDescription } from "../curve/sweep.ts";
import { ParameterError, requireDescription, requireFields } from "../errors.ts";
import { refuseUnknown } from "../parameters/legal.ts";
import type { NodeSimulationOptions } from "../simulation/simulateNode.ts";
import { curveRows, type Tuned } from "../tuning/curve.ts";
import { batchesOf, type ComparisonTask, simulateBatch } from "./batches.ts";
import { FINITE_MODELS, type FiniteModel } from "./finiteModel.ts";
import { type ComparedRow, type CurveTheory, ofOwnSize, rowOf } from "./rows.ts";

/** How networks are simulated beside a curve. */
type Engine = Pick<
  NodeSimulationOptions,
  | "dimension"
  | "seed"
  | "testSamples"
  | "standardError"
  | "maximalTrials"
  | "backend"
  | "workers"
  | "memoryBudget"
  | "signal"
>;

/** Options of {@link compare}: what the curve runs over, and the networks that are simulated beside it. */
export interface CompareOptions extends CurveOptions, Engine {
  /** Networks at each point, d-dimensional; default 10. */
  readonly trials?: number;
  /** Which networks: "model" as described (default), "network" for trained ones, "srf" for the surrogate of a trained network. */
  readonly simulate?: FiniteModel;
  /** Whether the theory is that of the networks' own size, F = d (theory §6; default), or the limit. */
  readonly finiteSize?: boolean;
  /** Told how many of the trials have ended. */
  readonly onProgress?: (progress: { readonly completed: number; readonly total: number }) => void;
  /** Told of what is not simulated: an infinite batch cannot be drawn. */
  readonly onNotice?: (text: string) => void;
}

const ENGINE = [
  ...["dimension", "trials", "seed", "testSamples", "standardError", "maximalTrials", "backend", "workers"],
  "memoryBudget",
] as const;
const OPTIONS = [
  ...["sweep", "statistics", "ensemble", "simulate", "finiteSize", "onProgress", "onNotice", "signal"],
  ...ENGINE,
];

/** A description of a curve; of a trained network, both theories may be asked for. */
export type ComparedDescription = WithTheories<Tuned<EveryCurveDescription>>;
type WithTheories<D> = D extends unknown
  ? "theory" extends keyof D
    ? Omit<D, "theory"> & { readonly theory?: "network" | "srf" | "both" }
    : D
  : never;

/**
 * A learning curve with simulated finite networks beside it: the rows that `curve --simulate` prints. Each has the solution of
 * theory and, under `simulation`, mean, standard error and z, the distance from theory in standard errors, of every quantity that
 * both have (theory §12). Points that differ only in α and λ, or in the theory, share their networks.
 *
 * @param description as of `curve`; `theory: "both"` gives the rows of a trained network, then those of its surrogate
 * @returns rows in the order of `curve`; one without `simulation` has no finite networks: α = ∞, an infinite batch
 * @throws ParameterError before any trial, for illegal parameters and for models that no finite network has
 * @throws ExpressionError, QuadratureError for what is illegal at every point
 * @example
 * import { compare } from "replica-theory/compare";
 * const rows = await compare(
 *   { model: "trainedNetwork", student: "tanh", target: "sin", learningRate: 1, stepSampleRatio: 1, widthRatio: 1, ridge: 0.1 },
 *   { sweep: { sampleRatio: [1, 2] }, simulate: "network", dimension: 30, trials: 3, seed: 1, backend: "wasm", workers: 0 },
 * );
 * rows.map(({ sampleRatio, testError }) => [sampleRatio, testError.toFixed(6)]); // [[1, "0.221292"], [2, "0.174993"]]
 * rows.map(({ simulation }) => [simulation.testError.mean.toFixed(6), Math.abs(simulation.testError.z) < 4]); // [["0.253637", true], ["0.208721", true]]
 */
export async function compare(description: ComparedDescription, options: CompareOptions): Promise<ComparedRow[]> {
  requireDescription(description);
  requireFields("options", options, ["sweep", "dimension"], "an object with sweep, dimension and trials");
  refuseUnknown(options as unknown as Readonly<Record<string, unknown>>, OPTIONS, "no option");
  const { sweep, simulate = "model", statistics, ensemble, signal, onProgress, onNotice = () => undefined } = options;
  if (!FINITE_MODELS.includes(simulate)) {
    throw new ParameterError("simulate", simulate, `one of ${FINITE_MODELS.join(", ")}`);
  }
  const theories = theoriesOf(description, options);
  const pairs = { ...(statistics !== undefined && { statistics }), ...(ensemble && { ensemble }) };
  const asked = { sweep, ...pairs };
  const rows = theories.flatMap((theory) => {
    // Text that is no description is refused by the curve.
    const solved = curveRows(theory.description as Parameters<typeof curveRows>[0], asked);
    return Array.from(solved, (row) => rowOf(theory, row));
  });
  const given = ENGINE.filter((name) => options[name] !== undefined).map((name) => [name, options[name]]);
  const engine = { trials: 10, seed: 0, ...pairs, ...Object.fromEntries(given) } as ComparisonTask["engine"];
  const batches = batchesOf({ rows, theories, sweep, simulate, engine }, onNotice);
  const compared = new Map<ComparedRow, ComparedRow>();
  const total = batches.length * engine.trials;
  for (const [index, batch] of batches.entries()) {
    const before = index * engine.trials;
    const running = {
      ...(signal && { signal }),
      ...(onProgress && {
        onProgress: ({ completed }: { completed: number }) => onProgress({ completed: before + completed, total }),
      }),
    };
    for (const [row, simulated] of await simulateBatch(batch, running)) compared.set(row, simulated);
  }
  return rows.map((row) => compared.get(row) ?? row);
}

function theoriesOf(
  description: ComparedDescription,
  { dimension, finiteSize = true }: CompareOptions,
): readonly CurveTheory[] {
  const given = description as { readonly model?: unknown; readonly theory?: string };
  const { theory } = given;
  const both = given.model === "trainedNetwork" && theory === "both";
  return (both ? (["network", "srf"] as const) : [undefined]).map((name): CurveTheory => {
    const own = { ...description, ...(name && { theory: name }) } as EveryCurveDescription;
    const named = name ?? (given.model === "trainedNetwork" ? ((theory ?? "network") as "network" | "srf") : undefined);
    return { ...(named && { name: named }), words: {}, description: finiteSize ? ofOwnSize(own, dimension) : own };
  });
}
