import { appendFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { histogram, observe } from "../../src/compare/index.ts";

const scratch = mkdtempSync(join(tmpdir(), "replica-theory-"));
afterAll(() => rmSync(scratch, { recursive: true }));
const MODEL = {
  model: "spikedRandomFeatures",
  student: "tanh",
  target: "sin",
  spikeStrength: 2,
  alignment: 0.6,
  sampleRatio: 0.5,
  widthRatio: 1,
  ridge: 0.1,
} as const;
const SPECTRUM = { kind: "spectrum", vectors: 1, powers: [1, 2] } as const;

describe("what is observed of networks", () => {
  test("goes on from its file, a torn line or not, and is the same", async () => {
    const file = join(scratch, "spectrum.jsonl");
    let ended = 0;
    const run = (trials: number, kept = true) =>
      observe(MODEL, SPECTRUM, {
        ...{ dimension: 20, trials, seed: 2, backend: "wasm" },
        ...(kept && { file }),
        onTrial: () => ended++,
      });
    await run(2);
    appendFileSync(file, readFileSync(file, "utf8").slice(0, 200));
    const [resumed, whole] = [await run(3), await run(3, false)];
    expect(resumed).toEqual(whole);
    expect(ended).toBe(2 + 1 + 3);
    expect(readFileSync(file, "utf8").trimEnd().split("\n")).toHaveLength(3);
    expect(resumed.map(({ alignments }) => alignments.map((along) => along.length))).toEqual([[2], [2], [2]]);
    await expect(observe(MODEL, { kind: "weights" }, { dimension: 20, file })).rejects.toThrow(/another/);
    await expect(observe(MODEL, { ...SPECTRUM, powers: [1] }, { dimension: 20, seed: 2, file })).rejects.toThrow(
      /line 1 is another observation/,
    );
    appendFileSync(file, readFileSync(file, "utf8").split("\n")[0]!.replace('"trial":0', '"trial":7,"x":0') + "\n");
    appendFileSync(
      file,
      readFileSync(file, "utf8")
        .split("\n")[0]!
        .replace(/"eigenvalues":\[[^,]*/, '"eigenvalues":[null') + "\n",
    );
    await expect(run(3)).rejects.toThrow(/line 5 is damaged/);
  });

  test("a histogram counts every value between the edges", () => {
    const trials = [
      [0.1, 0.5, 0.9],
      [0.2, 0.3, 0.4],
    ];
    const theory = { grid: [0, 0.5, 1], density: [1, 1, 1], edges: [[0, 1]] } as const;
    const bins = histogram(trials, 3, theory);
    const mass = bins.reduce((sum, { left, right, simulated }) => sum + simulated * (right - left), 0);
    expect(mass).toBeCloseTo(1, 12);
    expect(bins.map(({ density }) => density)).toEqual(bins.map(() => expect.closeTo(1, 12) as number));
    expect(bins.filter(({ simulated }) => simulated > 0)).toHaveLength(6);
  });
});
