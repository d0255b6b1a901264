import { describe, expect, test } from "vitest";
import { gaussHermite } from "../../src/numerics/gaussHermite.ts";
import { erf } from "../../src/numerics/normal.ts";
import { solve } from "../../src/solve/solve.ts";
import { learnedFunction, learnedFunctionOf } from "../../src/observables/learnedFunction.ts";
import { largeRateConstant } from "../../src/observables/largeRateConstant.ts";
import { smallRateImprovement, spikeImprovements } from "../../src/observables/stepImprovement.ts";
import { readoutVocabulary, vocabularyGrowth } from "../../src/observables/vocabulary.ts";
import { featureModel } from "../../src/model/featureModel.ts";
import { onPoints } from "../../src/observables/points.ts";

describe("improvements by a step", () => {
  test("are differences of two solutions, against the best linear predictor", () => {
    const { model, before, after, improvement, largestImprovement } = smallRateImprovement({
      ...{ student: "tanh", target: "1 + x + (x^2-1)/2", psi1: 2, psi2: 3, learningRate: 2, ridge: 1e-2, noise: 0.5 },
    });
    expect(after.testError).toBeCloseTo(solve(model).testError, 10);
    expect(before.testError).toBeCloseTo(solve({ ...model, spikeStrength: 0 }).testError, 10);
    expect(improvement).toBe(before.testError - after.testError);
    // What a linear predictor with a constant misses: ½ of He2's part, and the noise.
    expect(largestImprovement).toBeCloseTo(before.testError - (0.5 + 0.25), 11);
  });

  test("with each spike are differences of successive rows", () => {
    const model = {
      model: "powerChannels",
      ...{ student: "relu", target: "x + (x^2-1)/2", alignment: 0.9, powerChannels: [1, 3] },
      ...{ sampleRatio: 2, widthRatio: 1, ridge: 0.1 },
    } as const;
    const rows = spikeImprovements(model);
    expect(rows.map(({ spikes, visible }) => [spikes, visible])).toEqual([
      [0, false],
      [1, true],
      [2, false],
      // c_3(relu) = 0
      [3, false],
    ]);
    rows.forEach((row, l) => {
      const same = solve({ ...model, powerChannels: [1, 3].filter((k) => k <= l) });
      expect(row.testError).toBeCloseTo(same.testError, 10);
      expect(row.trainError).toBeCloseTo(same.trainError, 10);
      expect(row.testErrorDecrease).toBeCloseTo(l === 0 ? 0 : rows[l - 1]!.testError - row.testError, 14);
      expect(row.objectiveDecrease).toBeCloseTo(l === 0 ? 0 : rows[l - 1]!.objective - row.objective, 14);
    });
    expect(rows[1]!.testErrorDecrease).toBeGreaterThan(0.1);
    expect(spikeImprovements({ ...model, powerChannels: [] })).toHaveLength(1);
  });
});

describe("the large-rate constant", () => {
  test("its minimiser has the target's sign, and any size within the search", () => {
    expect(largeRateConstant("erf", (x: number) => -erf(x)).minimiser).toBeCloseTo(-Math.sqrt(3), 9);
    for (const slope of [20, -300]) {
      const { minimiser, value, atInfinity } = largeRateConstant("identity", (x: number) => slope * x);
      expect(minimiser / slope).toBeCloseTo(1, 9);
      expect(value).toBeLessThan(1e-14 * slope ** 2);
      expect(atInfinity).toBe(false);
    }
  });

  test("τ at the minimiser is the squared distance by a Gauss rule, and no less beside it", () => {
    const { value, minimiser } = largeRateConstant("tanh", "sin");
    const { nodes, weights } = gaussHermite(90);
    const tau = (k: number) =>
      nodes.reduce((sum, x, i) => {
        const mean = nodes.reduce((inner, z, j) => inner + weights[j]! * Math.tanh(k * x + z), 0);
        return sum + weights[i]! * (Math.sin(x) - mean) ** 2;
      }, 0);
    expect(value).toBeCloseTo(tau(minimiser), 8);
    for (const step of [-0.05, 0.05]) expect(tau(minimiser + step)).toBeGreaterThan(value);
  });

  test("an end of the search is said to be infinity, on either side", () => {
    const far = largeRateConstant("tanh", (x: number) => -Math.sign(x));
    expect([far.atInfinity, far.minimiser]).toEqual([true, -1000]);
    expect(largeRateConstant("tanh", "sign").minimiser).toBe(1000);
  });
});

describe("learned functions", () => {
  const model = {
    model: "spikedRandomFeatures",
    ...{ student: "softplus", target: "sin(2x) + x^2/4", spikeStrength: 2 },
    ...{ readoutValues: [1, -0.5], sampleRatio: 2, widthRatio: 1, ridge: 0.05, alignment: -0.6, labelNoise: 0.1 },
  } as const;

  test("along the spike are the channels with their coefficients, in the order asked for", () => {
    const { alongSpike, solution, target } = learnedFunction(model);
    const { m, theta } = solution.overlaps;
    const places = [1.2, -0.4, 0];
    const { channels } = onPoints(featureModel(model).problem, places);
    const values = (kind: string) => channels.filter((channel) => channel.kind === kind).map(({ parts }) => parts[0]!);
    const [means, spikes] = [values("mean"), values("spikeDirection")];
    alongSpike(places).forEach((value, i) => {
      const expected = [0, 1].reduce((sum, k) => sum + m[k]! * means[k]![i]! + theta[k]! * spikes[k]![i]!, 0);
      expect(value).toBeCloseTo(expected, 12);
    });
    expect(target(places)).toEqual(places.map((t) => Math.sin(2 * t) + (t * t) / 4));
  });

  test("each place is averaged by itself, whatever is asked beside it", () => {
    const { alongTarget } = learnedFunction(model);
    const places = [-4, 0.3, 2, 12];
    const together = alongTarget(places);
    places.forEach((t, i) => expect(together[i]).toBeCloseTo(alongTarget([t])[0]!, 9));
    expect(alongTarget([])).toEqual([]);
  });

  test("their squared distance to the target, with what they do not see, is the test error", () => {
    const { alongTarget, solution } = learnedFunction({ ...model, alignment: 1, readoutValues: [1, -1] });
    const { nodes, weights } = gaussHermite(60);
    const f = alongTarget([...nodes]);
    const distance = nodes.reduce((sum, t, i) => sum + weights[i]! * (Math.sin(2 * t) + (t * t) / 4 - f[i]!) ** 2, 0);
    expect(distance).toBeGreaterThan(0);
    expect(distance + 0.1).toBeLessThan(solution.testError);
    const rich = learnedFunction({ ...model, alignment: 1, readoutValues: [1, -1], sampleRatio: 1e9 });
    const known = rich.alongTarget([...nodes]);
    const best = nodes.reduce((sum, t, i) => sum + weights[i]! * (Math.sin(2 * t) + (t * t) / 4 - known[i]!) ** 2, 0);
    expect(rich.solution.testError).toBeGreaterThanOrEqual(best + 0.1 - 1e-7);
  });

  test("bad points are named", () => {
    const statistics = featureModel(model);
    expect(() => learnedFunctionOf(statistics, { sampleRatio: 1, widthRatio: 1, ridge: NaN })).toThrow(/ridge/);
    const { alongTarget, alongSpike } = learnedFunction({ ...model, alignment: 1 });
    expect(() => alongTarget([0, Infinity])).toThrow(/t = Infinity.*finite numbers/);
    expect(() => alongSpike([0, NaN])).toThrow(/kappa = NaN.*finite numbers/);
  });
});

describe("vocabularies of readout values", () => {
  test("equally spaced, symmetric, of unit power", () => {
    expect(readoutVocabulary(1)).toEqual([1]);
    expect(readoutVocabulary(4).map((u) => u * Math.sqrt(5))).toEqual([-3, -1, 1, 3].map((x) => near(x)));
    expect(readoutVocabulary(3).map((u) => u * Math.sqrt(8 / 3))).toEqual([-2, 0, 2].map((x) => near(x)));
    expect(readoutVocabulary(32)).toHaveLength(32);
    for (const size of [0, 33, 1.5, NaN]) expect(() => readoutVocabulary(size)).toThrow(/size = .*1 to 32/);
  });

  test("each entry is the learned function of its own network", () => {
    const model = {
      model: "spikedRandomFeatures",
      ...{ student: "softplus", target: "sin", spikeStrength: 2, alignment: 0.9 },
      ...{ sampleRatio: 2, widthRatio: 1, ridge: 0.05 },
    } as const;
    const [, entry] = vocabularyGrowth(model, [0.5, 1], [1, 3]);
    const own = learnedFunction({ ...model, readoutValues: readoutVocabulary(3) });
    expect(entry!.testError).toBeCloseTo(own.solution.testError, 11);
    own.alongTarget([0.5, 1]).forEach((value, i) => expect(entry!.function[i]).toBeCloseTo(value, 9));
  });
});

const near = (x: number): unknown => expect.closeTo(x, 12);
