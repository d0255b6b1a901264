import { describe, expect, test } from "vitest";
import type { JobResult } from "../../src/figures/figure.ts";
import { runJob } from "../../src/figures/runJob.ts";
import { FIGURES } from "../../src/figures/index.ts";
import { jobsOf } from "../../src/figures/rows.ts";
import { featureSpectrum, finiteSizeStep, stieltjesTransform } from "../../src/index.ts";
import { featureSpikes } from "../../src/observables/featureSpikes.ts";
import { estimate } from "../../src/simulation/index.ts";

const STEP = { student: "tanh", target: "tanh", samples: 1000, dimension: 500, width: 1500, ridge: 1, readoutNodes: 3 };

describe("exactness: spikes of the features", () => {
  test("they are the outliers above the bulk, from the largest on", () => {
    const model = finiteSizeStep({ ...STEP, learningRate: 1000 ** 0.45 });
    const { spikes, edge } = featureSpikes(model, [1, 2]);
    const whole = featureSpectrum(model, { points: 64 });
    expect(edge).toBe(whole.edges.at(-1)![1]);
    expect(spikes.map(({ eigenvalue }) => eigenvalue)).toEqual([...whole.outliers].reverse());
  });

  test("over a bulk that does not depend on κ they have a closed form", () => {
    const [alpha, beta, s, h1] = [1.5, 2, 4, 0.605705509731882];
    const bulk = { model: "randomFeatures", student: "tanh", sampleRatio: alpha, widthRatio: beta } as const;
    const [spike] = featureSpikes(
      { ...bulk, model: "smallRate", target: "sin", spikeStrength: s, alignment: 0.5, ridge: 1 },
      [1, 2],
    ).spikes;
    const x = spike!.eigenvalue;
    // With v = 1/(1 + V) = 1 − (β/α)(1 + xg) the spike is where T(x) = −1/(g v) reaches k = α (1 + s²/β) h1².
    const damping = (at: number) => 1 - (beta / alpha) * (1 + at * stieltjesTransform(bulk, [[at, 0]])[0]![0]);
    const T = (at: number) => -1 / (stieltjesTransform(bulk, [[at, 0]])[0]![0] * damping(at));
    const k = alpha * (1 + s ** 2 / beta) * h1 ** 2;
    expect(T(x) / k).toBeCloseTo(1, 9);
    const slope = (T(x + 1e-4) - T(x - 1e-4)) / 2e-4;
    expect(spike!.alignments[0]! / ((k * damping(x)) / (x * slope))).toBeCloseTo(1, 6);
    expect(spike!.alignments[1]).toBeCloseTo(0, 12);
  });

  test("without a step there is none; an odd student has nothing along κ²", () => {
    expect(featureSpikes(finiteSizeStep({ ...STEP, learningRate: 0 })).spikes).toEqual([]);
    const { spikes } = featureSpikes(finiteSizeStep({ ...STEP, learningRate: 30 }), [1, 2]);
    expect(spikes[0]!.alignments[0]).toBeGreaterThan(0.5);
    expect(spikes[0]!.alignments[1]).toBeCloseTo(0, 9);
  });

  test("a model with spikes of order p is refused", () => {
    const model = { ...finiteSizeStep({ ...STEP, learningRate: 1 }), finiteDimension: Infinity };
    expect(() => featureSpikes(model)).toThrow(/finiteDimension/);
  });
});

describe("laws: against simulated networks", () => {
  test("first singular value and its alignment at a = 0.48", async () => {
    const scale = { dimension: 100, trials: 6, seed: 2, points: 3 };
    const panels = FIGURES.find(({ name }) => name === "moniri24-spikes")!.panels(scale);
    const job = jobsOf(panels).at(-1)!;
    const results = (await runJob(job, { workers: 0 })) as JobResult<"spectrum">[];
    const theory = (panel: number) => panels[panel]!.curves[0]!.lines[0]!.values([0.48])[0]!;
    // Beside four standard errors, an allowance for n = 200: the sample's κ and κ² are not quite orthogonal.
    const agrees = (read: (result: JobResult<"spectrum">) => number, value: number, allowance: number) => {
      const { mean, standardError } = estimate(results.map(read));
      expect(Math.abs(mean - value)).toBeLessThan(4 * standardError + allowance * value);
    };
    agrees(({ eigenvalues }) => Math.sqrt(eigenvalues[0]!), theory(0), 0.01);
    agrees(({ alignments }) => alignments[0]![0]!, theory(1), 0.02);
  });
});
