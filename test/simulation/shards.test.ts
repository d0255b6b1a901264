import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ModelDescription } from "../../src/model/description.ts";
import { formatRanges, mergeTrials, shardTrials, simulate, simulateShard } from "../../src/simulation/index.ts";
import { runCli } from "../cli/runCli.ts";

const description: ModelDescription = {
  model: "randomFeatures",
  student: "tanh",
  target: "tanh",
  sampleRatio: 1.5,
  widthRatio: 1,
  ridge: 0.1,
};
const grid = { dimension: 12, testSamples: 20, seed: 3, workers: 0, backend: "wasm" } as const;
const trials = 11;

let scratch: string;
let files: string[];
beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), "shards-"));
  files = [1, 2, 3].map((index) => join(scratch, `shard-${index}.jsonl`));
});
afterEach(() => rmSync(scratch, { recursive: true }));

const runShard = async (index: number, options: object = {}): Promise<unknown> =>
  simulateShard(description, { ...grid, trials, shard: { index, count: 3 }, file: files[index - 1]!, ...options });

const sortedLines = (file: string): string[] => readFileSync(file, "utf8").split("\n").sort();

describe("laws: shards", () => {
  it("every trial is in one shard, and stays there when the run grows", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), fc.nat(200), fc.nat(100), (count, size, growth) => {
        const parts = Array.from({ length: count }, (_, i) => shardTrials({ index: i + 1, count }, size));
        expect(parts.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: size }, (_, trial) => trial));
        parts.forEach((part, i) => {
          expect(shardTrials({ index: i + 1, count }, size + growth).slice(0, part.length)).toEqual(part);
        });
      }),
    );
  });

  it("merged shards are the lines of the undivided run", async () => {
    await Promise.all([1, 2, 3].map((index) => runShard(index)));
    const [whole, all] = [join(scratch, "whole.jsonl"), join(scratch, "all.jsonl")];
    const undivided = await simulate(description, { ...grid, trials, file: whole });
    const { missing, duplicates, records } = mergeTrials(files, trials, all);
    expect([missing, duplicates]).toEqual([[], []]);
    expect(sortedLines(all)).toEqual(sortedLines(whole));
    expect(records.map(({ trial, points }) => ({ trial, points }))).toEqual(undivided.trials);
  });

  it("names what is missing: a shard that did not run, a torn line", async () => {
    await Promise.all([1, 3].map((index) => runShard(index)));
    const text = readFileSync(files[2]!, "utf8");
    writeFileSync(files[2]!, text.slice(0, -20));
    expect(mergeTrials([files[0]!, files[2]!], trials).missing).toEqual([1, 4, 7, 8, 10]);
    await runShard(3);
    expect(mergeTrials([files[0]!, files[2]!], trials).missing).toEqual([1, 4, 7, 10]);
  });

  it("equal duplicates are counted, contradictions and other runs refused", async () => {
    await runShard(1);
    expect(mergeTrials([files[0]!, files[0]!], trials).duplicates).toEqual([0, 3, 6, 9]);
    await runShard(2, { seed: 4 });
    expect(() => mergeTrials(files.slice(0, 2), trials)).toThrow(/shard-2\.jsonl: line 1 is a trial of another seed/);
    const line = readFileSync(files[0]!, "utf8").split("\n")[0]!;
    writeFileSync(files[2]!, `${line.replace(/"testError":0/, '"testError":7')}\n`);
    expect(() => mergeTrials([files[0]!, files[2]!], trials)).toThrow(/other results of trial 0 than .*shard-1/);
    writeFileSync(files[2]!, `${line.replace(/"dimension":12/, '"dimension":1')}\n`);
    expect(() => mergeTrials([files[2]!], trials)).toThrow(/line 1 is no trial of this version: dimension/);
    writeFileSync(files[2]!, line.replace(/"version":"[^"]*"/, '"version":"0.0.1"') + "\n");
    expect(() => mergeTrials([files[2]!], trials)).toThrow(/line 1 is of replica-theory 0\.0\.1/);
    appendFileSync(files[0]!, "no trial\n");
    expect(() => mergeTrials([files[0]!], trials)).toThrow(/line 5 is not a trial/);
    writeFileSync(files[2]!, "");
    expect(() => mergeTrials([files[2]!], trials)).toThrow(/holds no trial/);
  });

  it("the command line: shards, merge, resume", async () => {
    const config = join(scratch, "run.json");
    const { workers, backend, ...run } = grid;
    writeFileSync(config, JSON.stringify({ ...description, ...run, trials, workers, backend }));
    const simulateCli = (...rest: string[]) => runCli(["simulate", "--config", config, ...rest]);
    for (const index of [1, 3]) {
      const { code, err } = await simulateCli("--shard", `${index}/3`, "--file", files[index - 1]!);
      expect([code, err]).toEqual([0, expect.stringMatching(/^shard ./)]);
    }
    const merge = (...rest: string[]) =>
      runCli([
        "merge",
        files[0]!,
        files[2]!,
        "--trials",
        String(trials),
        "--file",
        join(scratch, "all.jsonl"),
        ...rest,
      ]);
    const gaps = await merge();
    expect(gaps).toEqual({ code: 1, out: "", err: "7 of 11 trials are there\nmissing trials: 1-10:3\n" });
    const resumed = await merge("--resume", "--workers", "0");
    expect(resumed.code).toBe(0);
    expect((await simulateCli()).out).toBe(resumed.out);
  });

  it("contradictory options are refused", async () => {
    const model = ["--model", "randomFeatures", "--student", "tanh", "--target", "tanh", "--dimension", "9"];
    const point = ["--sample-ratio", "1", "--width-ratio", "1", "--ridge", "1"];
    const cases: [string[], RegExp][] = [
      [["--shard", "4/3", "--file", "x"], /shard = "4\/3" is not legal/],
      [["--shard", "x", "--file", "x"], /shard = "x" is not legal: i\/N/],
      [["--shard", "1/3"], /file = undefined is not legal: required with --shard/],
      [["--shard", "1/3", "--file", "x", "--queue", "redis://h"], /shard = .* without --queue/],
      [["--queue", "redis://h", "--standard-error", "1"], /standardError = 1 is not legal/],
      [["--detach"], /detach = true is not legal: with --queue/],
      [["--queue", "redis://user:hidden@h:x"], /queue = "redis:\/\/\*\*\*@h:x" is not legal/],
    ];
    for (const [options, message] of cases) {
      const { code, err } = await runCli(["simulate", ...model, ...point, ...options]);
      expect([code, err]).toEqual([2, expect.stringMatching(message)]);
      expect(err).not.toContain("hidden");
    }
  });
});

describe("exactness: ranges", () => {
  it.each([
    [[], ""],
    [[5], "5"],
    [[1, 2], "1, 2"],
    [[1, 2, 3, 10], "1-3, 10"],
    [[4, 12, 20, 21], "4-20:8, 21"],
  ])("%j is %j", (values, text) => expect(formatRanges(values)).toBe(text));
});
