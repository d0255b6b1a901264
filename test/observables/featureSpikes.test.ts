import { describe, expect, test } from "vitest";
import { runJob } from "../../src/cli/figureTrials.ts";
import { FIGURES } from "../../src/figures/index.ts";
import { jobsOf } from "../../src/figures/rows.ts";
import { featureSpectrum, finiteSizeStep } from "../../src/index.ts";
import { featureSpikes } from "../../src/observables/featureSpikes.ts";

const STEP = { student: "tanh", target: "tanh", samples: 1000, dimension: 500, width: 1500, ridge: 1, readoutNodes: 3 };

describe("exactness: spikes of the features", () => {
  test("where the spike is small against the bulk they are those of the whole spectrum", () => {
    const model = finiteSizeStep({ ...STEP, learningRate: 1000 ** 0.3 });
    const { spikes, edge } = featureSpikes(model, [1, 2]);
    const whole = featureSpectrum(model, { points: 64 });
    expect(spikes).toHaveLength(whole.outliers.length);
    expect(spikes[0]!.eigenvalue / whole.outliers.at(-1)!).toBeCloseTo(1, 1);
    expect(edge / whole.edges.at(-1)![1]).toBeCloseTo(1, 1);
  });

  test("without a step there is none; an odd student has nothing along κ²", () => {
    expect(featureSpikes(finiteSizeStep({ ...STEP, learningRate: 0 })).spikes).toEqual([]);
    const { spikes } = featureSpikes(finiteSizeStep({ ...STEP, learningRate: 30 }), [1, 2]);
    expect(spikes[0]!.alignments[0]).toBeGreaterThan(0.5);
    expect(spikes[0]!.alignments[1]).toBeCloseTo(0, 9);
  });
});

describe("laws: against simulated networks", () => {
  test("first singular value and its alignment at a = 0.48", { timeout: 60_000 }, async () => {
    const scale = { dimension: 100, trials: 6, seed: 2, points: 3 };
    const panels = FIGURES.find(({ name }) => name === "moniri24-spikes")!.panels(scale);
    const job = jobsOf(panels).at(-1)!;
    const results = await runJob(job, { workers: 0, signal: new AbortController().signal, onTrial: () => undefined });
    const mean = (i: number) => results.reduce((sum, result) => sum + result.at(i)!, 0) / results.length;
    const theory = (panel: number) => panels[panel]!.curves[0]!.lines[0]!.values([0.48])[0]!;
    expect(Math.sqrt(mean(0)) / theory(0)).toBeCloseTo(1, 1);
    expect(mean(-4)).toBeCloseTo(theory(1), 1);
  });
});
