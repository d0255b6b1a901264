import { describe, expect, test } from "vitest";
import { solve } from "../../src/index.ts";
import {
  createTrialRunner,
  formatRecord,
  parseTrials,
  simulate,
  type SimulatedDescription,
  specify,
  wasmAlgebra,
} from "../../src/simulation/index.ts";
import { specificationSchema } from "../../src/simulation/specificationSchema.ts";
import { zScore } from "../../src/simulation/statistics.ts";

const point = { sampleRatio: 1.5, widthRatio: 1, ridge: 0.1 };
const step = { learningRate: 1.5, stepSampleRatio: 2 };
const NETWORK = {
  model: "trainedNetwork",
  student: "relu",
  target: "x1 + x1*x2",
  labelNoise: 0.1,
  readoutValues: [1, -0.5],
  steps: [step, { ...step, learningRate: 0.5 }],
  ...point,
} as const satisfies SimulatedDescription;
const GRID = { dimension: 40, testSamples: 200, seed: 3 };

async function trialOf(description: SimulatedDescription) {
  const runner = await createTrialRunner(specify(description, GRID), wasmAlgebra);
  return runner.run(1).points[0]!;
}

describe("trials of several steps and directions", () => {
  test("one step on one direction draws what the flat pair draws", async () => {
    const common = { model: "trainedNetwork", student: "tanh", target: "sin(2*x)", labelNoise: 0.1, ...point } as const;
    const flat = await trialOf({ ...common, ...step });
    const listed = await trialOf({ ...common, steps: [step] });
    expect(listed.testError).toBeCloseTo(flat.testError, 11);
    expect(listed.objective).toBeCloseTo(flat.objective, 11);
    expect(listed.overlaps.Q2[0]).toBeCloseTo(flat.overlaps.Q2[0]!, 11);
  });

  test("spikes along one direction are those of the model of one", async () => {
    const common = {
      model: "spikedRandomFeatures",
      student: "relu",
      target: "tanh(2*x)",
      bulkVariance: 1.3,
      ...point,
    } as const;
    const flat = await trialOf({ ...common, spikeStrength: 0.8, alignment: 0.6 });
    const rows = await trialOf({ ...common, spikes: [[0.8]], alignment: [[0.6]] });
    expect(rows.testError).toBeCloseTo(flat.testError, 11);
    const { theta, psi } = flat.overlaps;
    expect(rows.overlaps.alongTarget![0]![0]).toBeCloseTo(0.6 * theta[0]! + 0.8 * psi[0]!, 11);
  });

  test("steps that do nothing draw nothing", async () => {
    const idle = { ...step, learningRate: 0 };
    const without = await trialOf(NETWORK);
    expect(await trialOf({ ...NETWORK, steps: [NETWORK.steps[0], idle, NETWORK.steps[1]] })).toEqual(without);
  });

  test("a batch used again is the same batch, a fresh one another", async () => {
    // A linear student with a small readout: steps on one batch add up to the step of both rates, but for η̃².
    const tiny = 1e-7;
    const linear = { ...NETWORK, student: "identity", readoutValues: [1], labelNoise: 0.3 } as const;
    const steps = (reuseBatch: boolean) => [
      { learningRate: tiny, stepSampleRatio: 2 },
      { learningRate: 0.2, stepSampleRatio: 2, reuseBatch },
    ];
    const once = await trialOf({ ...linear, steps: [{ learningRate: 0.2, stepSampleRatio: 2 }] });
    const reused = await trialOf({ ...linear, steps: steps(true) });
    const fresh = await trialOf({ ...linear, steps: steps(false) });
    expect(Math.abs(reused.testError - once.testError)).toBeLessThan(1e-5);
    expect(Math.abs(fresh.testError - once.testError)).toBeGreaterThan(1e-3);
  });

  test("the mean over trials is theory's", async () => {
    const one = { ...NETWORK, student: "tanh", readoutValues: [1] };
    const { points } = await simulate(one, {
      ...GRID,
      dimension: 60,
      trials: 6,
      testSamples: 500,
      workers: 0,
      backend: "wasm",
    });
    const theory = solve({ ...one, finiteDimension: 60 });
    const [simulated] = points;
    for (const name of ["testError", "trainError", "objective"] as const) {
      const allowance = 0.02 * (1000 / 60) * theory[name];
      const excess = Math.max(0, Math.abs(simulated![name].mean - theory[name]) - allowance);
      expect(excess / simulated![name].standardError, name).toBeLessThan(4);
    }
    const scores = simulated!.overlaps.alongTarget!.flatMap((row, k) =>
      row.map((value, i) => Math.abs(zScore(value, theory.overlaps.alongTarget[k]![i]!))),
    );
    expect(scores).toHaveLength(2);
    expect(Math.max(...scores)).toBeLessThan(5);
  });

  test("trials go to a file and back", async () => {
    const specification = specify(NETWORK, GRID);
    expect(specificationSchema.parse(JSON.parse(JSON.stringify(specification)))).toEqual(specification);
    const runner = await createTrialRunner(specification, wasmAlgebra);
    const result = runner.run(0);
    const line = formatRecord(specification, "wasm", result);
    expect(parseTrials(line, specification).trials.get(0)).toEqual(result);
    const damaged = line.replace(/"alongTarget":\[\[/, '"alongTarget":[[[],');
    expect(damaged).not.toBe(line);
    expect(() => parseTrials(damaged, specification)).toThrow(/damaged/);
  });
});

describe("what no finite network realises is refused by name", () => {
  const [first] = NETWORK.steps;
  const cases: readonly [string, object, RegExp][] = [
    [
      "an infinite batch",
      { steps: [first, { learningRate: 1, stepSampleRatio: Infinity }] },
      /^steps\[1\]\.stepSampleRatio = Infinity .*infinite batch cannot be drawn/,
    ],
    [
      "less than a sample",
      { steps: [{ learningRate: 1, stepSampleRatio: 0.01 }] },
      /^steps\[0\]\.stepSampleRatio = 0.01/,
    ],
    ["a student with jumps", { student: "sign" }, /^student = /],
    ["no batch to use again", { steps: [{ ...first, reuseBatch: true }] }, /^steps\[0\]\.reuseBatch = true/],
    [
      "another number of samples of one batch",
      { steps: [first, { learningRate: 1, stepSampleRatio: 1, reuseBatch: true }] },
      /^steps\[1\]\.stepSampleRatio = 1 .* 2, that of the step whose batch is used again/,
    ],
    ["more directions than dimensions", { target: "x1 + x2 + x3*x6" }, /^dimension = 5 .*≥ 6/],
  ];

  test.each(cases)("%s", (_, change, message) => {
    expect(() => specify({ ...NETWORK, ...change }, { ...GRID, dimension: 5 })).toThrow(message);
  });
});
