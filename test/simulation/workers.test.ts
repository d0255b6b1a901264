import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ModelDescription } from "../../src/model/description.ts";
import { simulate as simulateFromSource } from "../../src/simulation/index.ts";
import { builtSimulation, type Built } from "./built.ts";

const description: ModelDescription = {
  model: "trainedNetwork",
  student: "tanh",
  target: "tanh(2*x)",
  sampleRatio: 1.2,
  widthRatio: 1,
  ridge: 0.1,
  learningRate: 1,
  stepSampleRatio: 0.5,
};
const options = { dimension: 30, trials: 12, testSamples: 100, seed: 5 };

let built: Built;
let scratch: string;
beforeAll(async () => {
  built = await builtSimulation();
  scratch = mkdtempSync(join(tmpdir(), "trials-"));
});
afterAll(() => {
  rmSync(scratch, { recursive: true });
});

describe("laws: worker threads", () => {
  it("1, 2 and 3 workers, and this thread, give the same bits", async () => {
    const runs = await Promise.all(
      [0, 1, 2, 3].map((workers) => built.simulation.simulate(description, { ...options, workers })),
    );
    for (const run of runs) expect(run.trials).toEqual(runs[0]!.trials);
    const source = await simulateFromSource(description, { ...options, workers: 0 });
    expect(source.trials).toEqual(runs[0]!.trials);
  });

  it("an adaptive run keeps the same trials for any number of workers", async () => {
    const adaptive = { ...options, trials: 3, standardError: 0.015, maximalTrials: 60 };
    const [one, three] = await Promise.all(
      [1, 3].map((workers) => built.simulation.simulate(description, { ...adaptive, workers })),
    );
    expect(three!.trials).toEqual(one!.trials);
    expect(one!.trials.length).toBeGreaterThan(3);
    expect(one!.points[0]!.testError.standardError).toBeLessThanOrEqual(0.015);
  });

  it("an abort ends the run with its reason", async () => {
    const controller = new AbortController();
    const run = built.simulation.simulate(description, {
      ...options,
      trials: 100_000,
      workers: 2,
      signal: controller.signal,
      onProgress: ({ completed }) => completed === 3 && controller.abort(new Error("enough")),
    });
    await expect(run).rejects.toThrow("enough");
  });

  it("functions are refused with what to do", async () => {
    const run = built.simulation.simulate({ ...description, target: (x) => x }, { ...options, workers: 2 });
    await expect(run).rejects.toThrow(/target = function.*workers: 0/);
  });
});

describe("laws: a run that is killed", () => {
  /** Runs 200 trials into the file in a process of its own; kills it after `lifetime` milliseconds. */
  async function run(file: string, lifetime?: number): Promise<boolean> {
    const script = `
      import { simulate } from ${JSON.stringify(resolve(built.directory, "index.js"))};
      await simulate(${JSON.stringify(description)}, ${JSON.stringify({ ...options, trials: 200, workers: 2, file })});
    `;
    const child = spawn(process.execPath, ["--input-type=module", "-e", script], { stdio: "inherit" });
    const timer = lifetime === undefined ? undefined : setTimeout(() => child.kill("SIGKILL"), lifetime);
    const code = await new Promise<number | null>((done) => child.on("exit", done));
    clearTimeout(timer);
    return code === 0;
  }

  const sortedLines = (file: string): string[] => readFileSync(file, "utf8").split("\n").sort();

  it("resumes to the file of an uninterrupted run", async () => {
    const whole = join(scratch, "whole.jsonl");
    const start = performance.now();
    expect(await run(whole)).toBe(true);
    const duration = performance.now() - start;
    const broken = join(scratch, "broken.jsonl");
    for (let kill = 0; kill < 20; kill++) {
      // Lifetimes spread over the start, the trials and the end of a run.
      if (await run(broken, duration * (0.3 + 0.7 * ((kill * 0.618) % 1)))) break;
      if (existsSync(broken) && kill % 3 === 0) {
        const bytes = readFileSync(broken);
        writeFileSync(broken, bytes.subarray(0, Math.max(0, bytes.length - 40)));
      }
    }
    expect(await run(broken)).toBe(true);
    expect(sortedLines(broken)).toEqual(sortedLines(whole));
  });
});
