import { describe, expect, it } from "vitest";
import { compare } from "../../src/compare/index.ts";
import { ParameterError } from "../../src/errors.ts";
import {
  createTrialRunner,
  formatRecord,
  parseTrials,
  type SimulatedDescription,
  specify,
  TrialRecordError,
  wasmAlgebra,
} from "../../src/simulation/browser.ts";
import { quantitiesOf } from "../../src/simulation/quantities.ts";
import { summarize } from "../../src/simulation/summary.ts";
import { SIMULATED_STATISTICS } from "../../src/simulation/trialStatistics.ts";
import { validate } from "../../src/simulation/validate.ts";
import { PARTS } from "../../src/statistics/decomposition.ts";

const point = { sampleRatio: 1.5, widthRatio: 1, ridge: 0.05 };
const spiked = {
  ...point,
  model: "spikedRandomFeatures",
  student: "tanh",
  target: "sin",
  spikeStrength: 1.5,
  bulkVariance: 1.3,
  alignment: 0.8,
  labelNoise: 0.1,
} as const;
const step = {
  ...point,
  model: "trainedNetwork",
  student: "tanh",
  target: "sin",
  labelNoise: 0.1,
  learningRate: 2,
  stepSampleRatio: 2,
} as const;
const signs = { labels: "sign", labelFlips: 0.1, target: "x", labelNoise: 0 } as const;
const engine = { dimension: 50, trials: 12, testSamples: 500, seed: 4, backend: "wasm", workers: 0 } as const;

/** What a row may differ by: four standard errors and 2 % at d = 1000, in proportion to 1/d. */
const ALLOWED = { standardErrors: 4, relative: (0.02 * 1000) / engine.dimension };

// Laws: pairs of networks and theory.
describe("pairs of networks", () => {
  it.each<[string, object]>([
    ["spiked features", spiked],
    ["labels ±1", { ...spiked, ...signs }],
    ["a trained network", step],
    ["two groups", { ...spiked, student: "relu", readoutValues: [1, -0.5] }],
    ["outliers", { ...spiked, outlierShare: 0.1, outlierVariance: 1 }],
  ])("agree with theory: %s", async (_, description) => {
    const options = { ...engine, sweep: { sampleRatio: [1.5] }, ensemble: [3, Infinity] };
    const [row] = await compare(description as never, options);
    const simulation = row!.simulation as unknown as Record<
      string,
      Partial<Record<"mean" | "standardError" | "z", number>>
    >;
    const names = quantitiesOf(description as SimulatedDescription);
    for (const name of names) expect(Object.keys(simulation)).toContain(name);
    let compared = 0;
    for (const [name, { mean = NaN, standardError = NaN, z }] of Object.entries(simulation)) {
      if (z === undefined) continue;
      const theory = mean - z * standardError;
      const allowed = ALLOWED.standardErrors * standardError + ALLOWED.relative * Math.abs(theory);
      expect(Math.abs(mean - theory), name).toBeLessThan(allowed);
      compared++;
    }
    // Square errors of means of M networks come for every kind and M.
    expect(compared).toBe(names.length + 6);
  });

  it("leave the trial as it is without them", async () => {
    for (const description of [spiked, step] as SimulatedDescription[]) {
      const grid = { dimension: 30, testSamples: 100, seed: 2, sampleRatios: [0.5, 1.5] };
      const runs = await Promise.all(
        [true, false].map(async (statistics) => {
          const { points } = (await createTrialRunner(specify(description, { ...grid, statistics }), wasmAlgebra)).run(
            3,
          );
          return points.map(({ statistics: pairs, ...rest }) => [pairs !== undefined, rest]);
        }),
      );
      expect(runs[0]!.map(([, rest]) => rest)).toEqual(runs[1]!.map(([, rest]) => rest));
      expect(runs.flat().map(([has]) => has)).toEqual([true, true, false, false]);
    }
  });

  it("add up, and without noise have no parts of noise", async () => {
    const grid = { dimension: 30, testSamples: 200, seed: 2, statistics: true };
    const quiet = { ...spiked, labelNoise: 0 } as const;
    const runner = await createTrialRunner(specify(quiet, grid), wasmAlgebra);
    const [found] = summarize([runner.run(0), runner.run(1)]);
    const { statistics = {} } = found!;
    for (const name of ["varianceInputsNoise", "varianceWeightsInputsNoise"] as const) {
      expect(Math.abs(statistics[name]!.mean)).toBeLessThan(1e-14);
    }
    const sum = PARTS.reduce((total, name) => total + statistics[name]!.mean, 0);
    const whole = statistics.biasSquared!.mean + statistics.variance!.mean;
    expect(Math.abs(sum / whole - 1)).toBeLessThan(1e-12);
    const missing = SIMULATED_STATISTICS.filter((name) => !(name in statistics));
    expect(missing).toEqual(["freshStep", "freshStepSameSamples"]);
  });

  it("are kept in the records of their trials", async () => {
    const grid = { dimension: 20, testSamples: 50, seed: 1 };
    const [specification, plain] = [true, false].map((statistics) => specify(spiked, { ...grid, statistics }));
    const result = (await createTrialRunner(specification!, wasmAlgebra)).run(0);
    const line = formatRecord(specification!, "wasm", result);
    expect(parseTrials(line, specification!).trials.get(0)).toEqual(result);
    expect(() => parseTrials(line, plain!)).toThrow(TrialRecordError);
    const torn = line.replace(/"freshBoth":[^,}]*/, '"freshBoth":null');
    expect(torn).not.toBe(line);
    expect(() => parseTrials(torn, specification!)).toThrow(/results are not whole/);
  });

  it("are put to the test by their names", async () => {
    const sizes = { dimensions: [16, 24], trials: 3, testSamples: 60, seed: 1, backend: "wasm", workers: 0 } as const;
    const quantity = "ensembleOfTwo.freshBoth.testError";
    const { points } = await validate(spiked, () => 0.3, { ...sizes, quantity });
    expect(points[0]!.sizes.map(({ simulated }) => simulated.mean > 0)).toEqual([true, true]);
    const parts = ["biasSquared", "variance"] as const;
    const asked: string[] = [];
    const both = await validate(spiked, (_, __, d, name) => (asked.push(`${d} ${name}`), 0.3), {
      ...sizes,
      quantity: parts,
    });
    expect(both.points.map((point) => point.quantity)).toEqual(parts);
    expect(asked).toEqual(parts.flatMap((name) => [16, 24, Infinity].map((d) => `${d} ${name}`)));
    for (const quantity of [[], ["variance", "variance"]] as (typeof parts)[number][][]) {
      await expect(validate(spiked, () => 0, { ...sizes, quantity })).rejects.toThrow(/one or more names, each once/);
    }
    const hinge = { ...spiked, ...signs, loss: "hinge" } as const;
    const refused = validate(hinge, () => 0, { ...sizes, quantity });
    await expect(refused).rejects.toThrow(/quantity = "ensembleOfTwo/);
    const step = { ...spiked, ...signs, loss: { huber: 1 } } as const;
    const rates = await validate(step, () => 0.3, { ...sizes, quantity: "testClassificationError" });
    expect(rates.points[0]!.sizes[0]!.simulated.mean).toBeLessThan(0.7);
  });

  it.each<[string, object, object, RegExp]>([
    ["another loss", { loss: "hinge", target: "x" }, { statistics: true }, /loss = "hinge"/],
    [
      "covariates",
      { model: "gaussianCovariates", eigenvalues: [1], signal: [1] },
      { statistics: true },
      /model = "gaussian/,
    ],
    [
      "several directions",
      { target: "x1*x2", model: "trainedNetwork", steps: [{ learningRate: 1, stepSampleRatio: 1 }] },
      { statistics: true },
      /model = "trainedNetwork"/,
    ],
    ["no flag", {}, { statistics: "yes" }, /statistics = "yes"/],
    ["no number of networks", {}, { ensemble: [0] }, /ensemble\[0\] = 0/],
    ["an ensemble of nothing", {}, { statistics: false, ensemble: [2] }, /left out without statistics/],
  ])("are refused by name: %s", (_, description, grid, message) => {
    const specified = () => specify({ ...spiked, ...description }, { dimension: 20, ...grid });
    expect(specified).toThrow(ParameterError);
    expect(specified).toThrow(message);
  });
});
