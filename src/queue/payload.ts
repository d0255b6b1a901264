import { createHash } from "node:crypto";
import { z } from "zod";
import { canonicalJson, requirePlainData } from "../simulation/canonical.ts";
import { backendNames, type BackendName } from "../simulation/linearAlgebra.ts";
import type { SimulationSpecification } from "../simulation/specification.ts";
import { firstIssue, specificationSchema } from "../simulation/specificationSchema.ts";
import { version } from "../version.ts";

/** Everything that determines the trials of a run, and so their results. */
export interface Run {
  readonly version: string;
  readonly backend: BackendName;
  readonly specification: SimulationSpecification;
}

const run = {
  version: z.literal(version),
  /** SHA-256 of the run, shortened: equal runs have equal names. */
  run: z.string().regex(/^[0-9a-f]{16}$/),
  backend: z.enum(backendNames),
  specification: specificationSchema,
};
const trialJobSchema = z.strictObject({ ...run, trial: z.int().min(0) });
const aggregateJobSchema = z.strictObject({ ...run, trials: z.int().min(1) });

/** The data of a job that runs one trial. */
export type TrialJob = z.infer<typeof trialJobSchema>;
/** The data of the job that summarises a run's trials. */
export type AggregateJob = z.infer<typeof aggregateJobSchema>;

/** A job that this worker, or any worker of this version, cannot run. */
export class JobRefusedError extends Error {
  override readonly name = "JobRefusedError";
}

/**
 * Name of a run: the same for the same parameters, seed, backend and library version, on any machine.
 *
 * @throws ParameterError if student or target is a function.
 *
 * @example
 * ```ts
 * import { runName } from "replica-theory/queue";
 * import { specify } from "replica-theory/simulation";
 * const model = { model: "randomFeatures", student: "tanh", target: "tanh", sampleRatio: 2, widthRatio: 1, ridge: 0.1 };
 * const specification = specify(model, { dimension: 20, seed: 1 });
 * console.log(runName({ specification, backend: "wasm" }).length); // 16
 * ```
 */
export function runName({ specification, backend }: Pick<Run, "specification" | "backend">): string {
  requirePlainData(specification, "sent to a queue");
  return createHash("sha256").update(canonicalJson({ version, backend, specification })).digest("hex").slice(0, 16);
}

/** @throws JobRefusedError if the data is not that of a trial of this version. */
export function readTrialJob(data: unknown): TrialJob {
  return read(trialJobSchema, data);
}

/** @throws JobRefusedError if the data is not that of a run of this version. */
export function readAggregateJob(data: unknown): AggregateJob {
  return read(aggregateJobSchema, data);
}

/** The version comes first: the rest of another version's job may look different. */
function read<T extends Omit<Run, "version"> & { run: string }>(schema: z.ZodType<T>, data: unknown): T {
  const found = z.object({ version: z.string() }).safeParse(data);
  if (found.success && found.data.version !== version) {
    throw new JobRefusedError(
      `the job is of replica-theory ${found.data.version} and this is ${version}: its results could differ; ` +
        "run workers of the job's version, or submit again with this one",
    );
  }
  const parsed = schema.safeParse(data);
  if (!parsed.success) throw new JobRefusedError(`the job is malformed: ${firstIssue(parsed.error)}`);
  if (runName(parsed.data) !== parsed.data.run) {
    throw new JobRefusedError("the job is malformed: its parameters are not those of the run it names");
  }
  return parsed.data;
}
