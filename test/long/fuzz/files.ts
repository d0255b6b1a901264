import fc from "fast-check";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import { JobRefusedError, readAggregateJob, readTrialJob, runName } from "../../../src/queue/payload.ts";
import { specificationSchema } from "../../../src/simulation/specificationSchema.ts";
import { simulate } from "../../../src/simulation/index.ts";
import { version } from "../../../src/version.ts";
import { command, contained, expectNumbers } from "./contained.ts";
import { changed, damaged, DESCRIPTIONS, extremes, jsonValues, MODEL_FIELDS } from "./documents.ts";

/** Runs with a directory of its own. */
export async function inScratch(run: (directory: string) => Promise<void>): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), "fuzz-"));
  try {
    await run(directory);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

const step = { learningRate: 1, stepSampleRatio: 2 };
/** Of several steps, and with statistics asked for. */
const WHOLE: typeof DESCRIPTIONS = [
  ...DESCRIPTIONS,
  { model: "trainedNetwork", student: "tanh", target: "sin", sampleRatio: 1.5, widthRatio: 0.8, ridge: 0.1, steps: [step, step] }, // prettier-ignore
  { ...DESCRIPTIONS[0], statistics: true, ensemble: [2, "inf"] },
];
const TINY = { dimension: 4, trials: 2, testSamples: 5, seed: 1, backend: "wasm", workers: 0 };
const COMMANDS: Readonly<Record<string, object>> = {
  curve: { sampleRatio: [0.5, 2] },
  "curve --statistics": { sampleRatio: [0.5, 2], quantity: ["bias", "ensembles.freshBoth"] },
  "curve --stacked": { sampleRatio: [0.5, 2] },
  "curve --simulate model": { sampleRatio: [0.5, 2], ...TINY },
  simulate: TINY,
  validate: { ...TINY, dimensions: [4, 6] },
};
const RUN_FIELDS = [
  "dimension,trials,testSamples,seed,standardError,maximalTrials,backend,workers,shard,x,quantity,title,logX,logY",
  "dimensions,threshold,tolerance,simulate,detach,statistics,ensemble,stacked,baselines,bayes,steps",
].flatMap((list) => list.split(","));
/** Sizes of a simulation: tiny ones, and those that cannot be. In between they would only take long. */
const sizes = fc.constantFrom<unknown>(
  0,
  1,
  2,
  3,
  7,
  -1,
  1.5,
  1e15,
  1e300,
  -1e15,
  "3",
  "1/2",
  [3],
  [4, 6],
  null,
  "inf",
  "wasm",
  true,
  [2, "inf"],
  ["bayes", "linear"],
  "ensembles.freshBoth",
  [step],
  [step, { ...step, learningRate: "-1" }],
  "steps[1].learningRate",
);
const ranges = fc.constantFrom<unknown>(
  "0.5:2:3",
  "1:2",
  "1:2:3:log",
  "1:2:1e9",
  "::",
  [1, "inf"],
  [1, "a"],
  [1, null],
);

/** A configuration file of curve, simulate or validate gives results or a message; what is written is whole. */
export function fuzzConfigurationFiles(numRuns: number): Promise<void> {
  const documents = fc.constantFrom(...Object.keys(COMMANDS)).chain((line) => {
    const bases = WHOLE.map((description) => ({ ...description, ...COMMANDS[line] }));
    const legalSizes = changed(bases, MODEL_FIELDS, fc.oneof(simulatedValues, ranges));
    const text = fc.oneof(
      { weight: 3, arbitrary: legalSizes },
      { weight: 3, arbitrary: changed(bases, RUN_FIELDS, sizes) },
      { weight: 2, arbitrary: damaged(legalSizes) },
    );
    return fc.tuple(fc.constant(line), text);
  });
  return inScratch(async (directory) => {
    const [config, table] = [join(directory, "config.json"), join(directory, "out.json")];
    await fc.assert(
      fc.asyncProperty(documents, ([line, text]) =>
        contained(async () => {
          rmSync(table, { force: true });
          writeFileSync(config, text);
          const { code } = await command([...line.split(" "), "--config", config, "--out", table]);
          if (!existsSync(table)) {
            expect(code).not.toBe(0);
            return;
          }
          const rows = JSON.parse(readFileSync(table, "utf8")) as Record<string, unknown>[];
          // Of one trial there is no standard error.
          if (line === "curve") rows.filter(({ status }) => status === "converged").forEach(expectNumbers);
        }),
      ),
      { numRuns },
    );
  });
}

/** Ratios between 10 and what no machine holds would only take long. */
const simulatedValues = fc.oneof(
  jsonValues.filter((value) => typeof value !== "number" && !Array.isArray(value)),
  extremes.filter((value) => !(value > 10 && value < 1e12) && Number.isFinite(value)),
);

/** A file of trials that is torn, damaged or of something else: simulate and merge use it whole or refuse it. */
export function fuzzTrialFiles(numRuns: number): Promise<void> {
  const model = ["--model", "randomFeatures", "--student", "tanh", "--target", "sin", "--width-ratio", "1"];
  const run = [...model, "--ridge", "0.1", "--sample-ratio", "1", "--dimension", "4", "--trials", "3"];
  const rest = ["--test-samples", "5", "--workers", "0", "--backend", "wasm"];
  return inScratch(async (directory) => {
    const [file, joined] = [join(directory, "trials.jsonl"), join(directory, "joined.jsonl")];
    const whole = await command(["simulate", ...run, ...rest, "--file", file]);
    const text = readFileSync(file, "utf8");
    const records = text
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    const points = (records[1]!["points"] as Record<string, unknown>[])[0]!;
    const lines = fc
      .tuple(
        changed(records, ["version", "parameters", "seed", "backend", "trial", "points"]),
        changed([points], ["testError", "trainError", "objective", "overlaps", "ridge", "losses"]),
        fc.boolean(),
        fc.nat({ max: 2 }),
      )
      .map(([record, point, ofPoint, at]) => {
        const other = records.map((item) => JSON.stringify(item));
        other[at] = ofPoint ? JSON.stringify({ ...records[at], points: [0] }).replace("[0]", `[${point}]`) : record;
        return `${other.join("\n")}\n`;
      });
    const contents = fc.oneof(lines, damaged(fc.constant(text)), damaged(lines));
    await fc.assert(
      fc.asyncProperty(contents, (content) =>
        contained(async () => {
          writeFileSync(file, content);
          const written = readFileSync(file);
          const merged = await command(["merge", file, "--trials", "3", "--file", joined]);
          if (merged.code === 0) expect(merged.out.split("\n")).toHaveLength(3);
          const resumed = await command(["simulate", ...run, ...rest, "--file", file]);
          // What is used gives a summary of finite numbers; a file that was only torn, that of the undivided run.
          if (resumed.code === 0 && text.startsWith(content)) expect(resumed.out).toBe(whole.out);
          if (resumed.code === 0)
            expect(resumed.out.trimEnd().split("\n")[1]!.split(",").slice(0, 20)).not.toContain("");
          else expect(readFileSync(file)).toEqual(written);
        }),
      ),
      { numRuns },
    );
  });
}

/** The data of a queue's job is that of a legal run, or refused. */
export async function fuzzJobs(numRuns: number): Promise<void> {
  const { specification } = await simulate(
    { model: "randomFeatures", student: "tanh", target: "sin", sampleRatio: 1, widthRatio: 1, ridge: 0.1 },
    { dimension: 4, trials: 1, testSamples: 5, workers: 0 },
  );
  const fields = Object.keys(specification);
  const jobs = fc
    .tuple(
      changed([{ ...specification }], fields),
      changed(
        [
          { version, backend: "wasm", trial: 1 },
          { version, backend: "wasm", trials: 3 },
        ],
        ["version", "backend", "trial", "trials", "run"],
      ),
      fc.boolean(),
    )
    .map(([changedSpecification, job, named]) => {
      const data = JSON.parse(job) as Record<string, unknown>;
      data["specification"] = JSON.parse(changedSpecification) as unknown;
      // A job that names the run of its own parameters, whatever they are.
      const run = named ? legalName(data) : "0123456789abcdef";
      return { run, ...data };
    });
  await fc.assert(
    fc.asyncProperty(jobs, (data) =>
      contained(() => {
        for (const read of [readTrialJob, readAggregateJob]) {
          try {
            expect(specificationSchema.safeParse(read(data).specification).success).toBe(true);
          } catch (error) {
            expect(error).toBeInstanceOf(JobRefusedError);
            expect((error as Error).message).not.toBe("");
          }
        }
      }),
    ),
    { numRuns },
  );
}

function legalName(data: Record<string, unknown>): unknown {
  try {
    return runName(data as unknown as Parameters<typeof runName>[0]);
  } catch {
    return "0123456789abcdef";
  }
}
