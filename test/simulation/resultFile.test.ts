import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { ModelDescription } from "../../src/model/description.ts";
import { readTrials, simulate, validate, type NodeSimulationOptions } from "../../src/simulation/index.ts";

const description: ModelDescription = {
  model: "randomFeatures",
  student: "tanh",
  target: "x",
  sampleRatio: 1,
  widthRatio: 1,
  ridge: 0.1,
};
const options = { dimension: 10, trials: 4, testSamples: 20, seed: 1, workers: 0 } satisfies NodeSimulationOptions;
const scratch = mkdtempSync(join(tmpdir(), "records-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

let files = 0;
const fresh = (): string => join(scratch, `${files++}.jsonl`);
const run = (file: string, change: Partial<NodeSimulationOptions> = {}): ReturnType<typeof simulate> =>
  simulate(description, { ...options, file, ...change });

describe("laws: a file of trials", () => {
  it("holds every trial once, with all that identifies it", async () => {
    const file = fresh();
    const { trials, specification } = await run(file);
    const lines = readFileSync(file, "utf8").trimEnd().split("\n");
    const { seed, ...parameters } = specification;
    lines.forEach((line, trial) => {
      expect(JSON.parse(line)).toMatchObject({ seed, parameters, trial, points: trials[trial]!.points });
    });
    expect([...readTrials(file, specification).trials.values()]).toEqual(trials);
  });

  it("is not run again, and is extended", async () => {
    const file = fresh();
    await run(file, { trials: 2 });
    const before = readFileSync(file, "utf8");
    const { trials } = await run(file);
    expect(readFileSync(file, "utf8").startsWith(before)).toBe(true);
    await run(file);
    expect(readFileSync(file, "utf8").trimEnd().split("\n")).toHaveLength(4);
    expect(trials).toEqual((await simulate(description, options)).trials);
  });

  it("any torn end is cut off and redone", async () => {
    const file = fresh();
    await run(file);
    const whole = readFileSync(file);
    const last = whole.lastIndexOf("\n", whole.length - 2) + 1;
    for (const length of [0, 1, 17, last - 1, last, last + 1, whole.length - 1]) {
      writeFileSync(file, whole.subarray(0, length));
      await run(file);
      expect(readFileSync(file)).toEqual(whole);
    }
  });

  it.each([
    ["seed", { seed: 2 }, /line 1 is a trial of another seed \(1 instead of 2\)/],
    ["dimension", { dimension: 11 }, /line 1 is a trial of another set of parameters/],
    ["ridges", { ridges: [0.1, 0.2] }, /line 1 is a trial of another set of parameters/],
  ])("of another %s is refused and left alone", async (_name, change, message) => {
    const file = fresh();
    await run(file);
    const before = readFileSync(file);
    await expect(run(file, change)).rejects.toThrow(message);
    expect(readFileSync(file)).toEqual(before);
  });

  it("of another version, of something else, or with contradictory trials is refused", async () => {
    const file = fresh();
    await run(file, { trials: 1 });
    const line = readFileSync(file, "utf8");
    writeFileSync(file, line.replace(/"version":"[^"]*"/, '"version":"0.0.0"'));
    await expect(run(file)).rejects.toThrow(/library version \(0\.0\.0 instead of/);
    writeFileSync(file, `${line}{"trial": 3}\n`);
    await expect(run(file)).rejects.toThrow(/line 2 is not a trial: {"trial": 3}/);
    writeFileSync(file, `α,testError\n`);
    await expect(run(file)).rejects.toThrow(/line 1 is not a trial/);
    writeFileSync(file, line + line.replace(/"testError":/, '"testError":1'));
    await expect(run(file)).rejects.toThrow(/line 2 repeats trial 0 with other results/);
  });
});

describe("laws: failures keep what is there", () => {
  it("a directory that is missing, and a file that is a directory, fail before any trial", async () => {
    let started = false;
    const change = { onProgress: () => (started = true) };
    await expect(run(join(scratch, "missing", "a.jsonl"), change)).rejects.toThrow(/cannot be written \(ENOENT/);
    mkdirSync(join(scratch, "directory"));
    await expect(run(join(scratch, "directory"), change)).rejects.toThrow(/EISDIR/);
    expect(started).toBe(false);
  });

  it.runIf(process.platform === "linux")("a full disk is named", async () => {
    await expect(run("/dev/full")).rejects.toThrow(/trial 0 cannot be written, the trials before it are kept \(ENOSPC/);
  });

  it("functions cannot be written", async () => {
    const student = (x: number): number => x;
    const run = simulate({ ...description, student }, { ...options, file: fresh() });
    await expect(run).rejects.toThrow(/student = function student is not legal: .* cannot be written to a file/);
  });

  it("a line written by another process meanwhile does no harm", async () => {
    const file = fresh();
    const { specification } = await run(file);
    appendFileSync(file, readFileSync(file, "utf8").split("\n")[2]! + "\n");
    expect(readTrials(file, specification).trials.size).toBe(4);
  });
});

describe("laws: validation", () => {
  it("keeps a file for each size", async () => {
    const file = fresh();
    const sizes = { ...options, dimensions: [12, 8], file };
    const first = await validate(description, () => 0.5, sizes);
    const again = await validate(description, () => 0.5, sizes);
    expect(again.points).toEqual(first.points);
    expect(readFileSync(file.replace(".jsonl", "-d8.jsonl"), "utf8").trimEnd().split("\n")).toHaveLength(4);
  });
});
