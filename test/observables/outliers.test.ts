import { describe, expect, test } from "vitest";
import { activation } from "../../src/activation/activation.ts";
import { conditionalMoments } from "../../src/activation/conditionalMoments.ts";
import { averageOf } from "../../src/numerics/gaussianAverage.ts";
import { featureSpectrum, stieltjesTransform } from "../../src/observables/featureSpectrum.ts";
import { learnedFunction } from "../../src/observables/learnedFunction.ts";
import { trainedWeightSpectrum } from "../../src/observables/trainedWeightSpectrum.ts";

describe("exactness: outliers of a spike along the mean", () => {
  // Two bulks: one of the linear, one of the nonlinear part.
  const model = {
    model: "randomFeatures",
    ...{ student: "x + 0.05*(x^2 - 1) + 0.05" },
    ...{ sampleRatio: 10, widthRatio: 2 },
  } as const;
  const ratio = model.widthRatio / model.sampleRatio;

  test.each([2, 20, 100, 1000])(
    "of strength d = %d, in the gap between two bulks and above them",
    (finiteDimension) => {
      const { outliers, edges } = featureSpectrum({ ...model, finiteDimension }, { points: 32 });
      expect(edges).toHaveLength(2);
      expect(outliers).toHaveLength(1);
      const x = outliers[0]!;
      expect(x).toBeGreaterThan(edges[0]![1]);
      if (finiteDimension < 1000) expect(x).toBeLessThan(edges[1]![0]);
      else expect(x).toBeGreaterThan(edges[1]![1]);
      // 1/(1 + V) = 1 − (β/α)(1 + xg), and N = h0²/(1 + V) + 1/(αdg) vanishes.
      const g = stieltjesTransform(model, [[x, 0]])[0]![0];
      const stiffness = model.sampleRatio * finiteDimension;
      expect(-(0.05 ** 2) * stiffness * g * (1 - ratio * (1 + x * g))).toBeCloseTo(1, 8);
    },
  );

  test("a spike that has none of the mean does not see it", () => {
    const relu = { model: "smallRate", student: "relu", spikeStrength: 4, sampleRatio: 2, widthRatio: 0.8 } as const;
    const free = featureSpectrum(relu, { points: 32 });
    const penalised = featureSpectrum({ ...relu, finiteDimension: 1e6 }, { points: 32 });
    expect(free.outliers).toHaveLength(1);
    expect(penalised.outliers).toHaveLength(2);
    expect(penalised.outliers[0]).toBeCloseTo(free.outliers[0]!, 9);
    // (α/β) h0² p, h0² = 1/2π
    expect(free.outliersPerNeuron).toEqual([expect.closeTo(2 / (0.8 * 2 * Math.PI), 12)]);
    expect(penalised.outliers[1]! / (0.8 * 1e6)).toBeCloseTo(free.outliersPerNeuron[0]!, 4);
  });

  test("splitting a group makes no further outlier of order p", () => {
    const relu = { ...model, model: "spikedRandomFeatures", student: "relu", spikeStrength: 1 } as const;
    const whole = featureSpectrum(relu, { points: 32 });
    const split = featureSpectrum(
      { ...relu, readoutValues: [1, 1, 1], readoutFractions: [0.2, 0.3, 0.5] },
      { points: 32 },
    );
    expect(whole.outliersPerNeuron).toHaveLength(1);
    expect(split.outliersPerNeuron).toEqual([expect.closeTo(whole.outliersPerNeuron[0]!, 10)]);
    const two = featureSpectrum({ ...relu, readoutValues: [1, -1] }, { points: 32 }).outliersPerNeuron;
    expect(two).toHaveLength(2);
    expect(two[0]!).toBeGreaterThan(two[1]!);
    // (α/β) E μ0² in all: trace of the matrix whose eigenvalues they are.
    const mean = (kappa: number) => conditionalMoments(activation("relu"), kappa, 1, "relu").mean;
    expect(two[0]! + two[1]!).toBeCloseTo(5 * averageOf((kappa) => mean(kappa) ** 2, "mean²"), 9);
  });
});

describe("grids", () => {
  const model = { model: "randomFeatures", student: "He2", sampleRatio: 2, widthRatio: 1 } as const;

  test("as many points as asked for, within limits", () => {
    expect(featureSpectrum(model, { points: 8 }).grid).toHaveLength(8);
    expect(featureSpectrum(model, { points: 51 }).grid).toHaveLength(51);
    expect(featureSpectrum(model).grid).toHaveLength(400);
    for (const points of [7, 8.5, 1e5 + 1, NaN]) {
      expect(() => featureSpectrum(model, { points })).toThrow(/points = .*a whole number from 8 to 100000/);
    }
  });

  test("of the caller's: the density there, without weights", () => {
    const { edges, ...own } = featureSpectrum(model, { points: 64 });
    const middle = own.grid[20]!;
    const [left, right] = edges[0]!;
    const given = featureSpectrum(model, { grid: [right + 1, middle, left - 0.1, -3], points: 8 });
    expect(given.grid).toEqual([right + 1, middle, left - 0.1, -3]);
    expect(given.density).toEqual([0, expect.closeTo(own.density[20]!, 11), 0, 0]);
    expect(given.weights).toEqual([]);
    expect(featureSpectrum(model, { grid: [0], points: 8 }).density).toEqual([0]);
    const hard = { ...model, widthRatio: model.sampleRatio };
    expect(() => featureSpectrum(hard, { grid: [0] })).toThrow(/grid = 0.*not at 0, where the density may diverge/);
    const atom = { ...model, widthRatio: 8 };
    expect(() => featureSpectrum(atom, { grid: [0] })).toThrow(/not inside the atom of mass 0.75 at 0/);
    expect(() => stieltjesTransform(atom, [[0, 0]])).toThrow(/not inside the atom at 0/);
    expect(() => stieltjesTransform(model, [[0, 0]])).toThrow(/Im z > 0 at Re z = 0/);
    expect(() => stieltjesTransform(model, [[1, -1]])).toThrow(/in the upper half plane, Im z >= 0/);
  });
});

test("without a spike of order √p there is no singular value of that order", () => {
  const weights = { model: "smallRate", student: "relu", target: "sin", alignment: 1, widthRatio: 0.5 } as const;
  const { outlierPerRootWidth, outliers } = trainedWeightSpectrum({ ...weights, spikeStrength: 2 }, { points: 16 });
  expect(outlierPerRootWidth).toBeUndefined();
  // √((1 + s²)(β + s²))/s
  expect(outliers).toEqual([expect.closeTo(Math.sqrt(5 * 4.5) / 2, 7)]);
});

test("what is learned by steep neurons is resolved along the target", () => {
  const model = {
    model: "spikedRandomFeatures",
    ...{ target: "sign", spikeStrength: 30, alignment: 0.9 },
    ...{ sampleRatio: 3, widthRatio: 1, ridge: 0.1 },
  } as const;
  const { alongTarget, solution } = learnedFunction({ ...model, student: "tanh" });
  const { m, theta, psi } = solution.overlaps;
  const rho = Math.sqrt(1 - 0.81);
  const tanh = activation("tanh");
  for (const t of [0, 0.02, -0.4]) {
    const f = (z: number) => {
      const kappa = 0.9 * t + rho * z;
      const { mean, first } = conditionalMoments(tanh, 30 * kappa, 1, "tanh");
      return m[0]! * mean + theta[0]! * kappa * first + (psi[0]! * first * (t - 0.9 * kappa)) / rho;
    };
    expect(alongTarget([t])[0]).toBeCloseTo(averageOf(f, "f", [(-0.9 * t) / rho]), 9);
  }
});
