import { describe, expect, it } from "vitest";
import { ParameterError, ridgeSolver, featureModel, solve, trySolve } from "../../src/index.ts";
import type { SpikedRandomFeatures, TrainedNetwork } from "../../src/model/description.ts";
import { relative } from "./randomModels.ts";

const shared = {
  student: "identity",
  target: "sin",
  labelNoise: 0.1,
  sampleRatio: 2,
  widthRatio: 1.5,
  ridge: 1,
} as const;
const base: SpikedRandomFeatures = { ...shared, model: "spikedRandomFeatures", spikeStrength: 1.3, alignment: 0.6 };
const network: TrainedNetwork = { ...shared, model: "trainedNetwork", learningRate: 1.3, stepSampleRatio: 2 };
const RIDGES = [1, 1e-4, 1e-8, 1e-12, 1e-14, 0];
const total = (values: readonly (readonly number[])[]) => values.flat().reduce((sum, value) => sum + value, 0);

describe("exactness: groups of a linear student are one group", () => {
  it.each(RIDGES.flatMap((ridge) => [0.3, 1.5, 2].map((sampleRatio) => ({ ridge, sampleRatio }))))(
    "λ = $ridge, α = $sampleRatio",
    (point) => {
      const several = { readoutValues: [1, -0.5, 2], readoutFractions: [0.2, 0.5, 0.3] };
      for (const model of [base, network, { ...network, theory: "srf" } as const]) {
        const one = solve({ ...model, ...point, readoutValues: [1] });
        const all = solve({ ...model, ...point, ...several });
        expect(relative(all.testError, one.testError)).toBeLessThan(1e-12);
        expect(relative(all.objective, one.objective)).toBeLessThan(1e-12);
        expect(relative(total([all.overlaps.psi]), one.overlaps.psi[0]!)).toBeLessThan(1e-12);
        // Infinite where there are more of them than d and neither ridge nor lack of data says which.
        const [trace, traces] = [one.overlaps.V2[0]!, total([all.overlaps.V2])];
        expect(traces === trace ? 0 : relative(traces, trace)).toBeLessThan(1e-12);
        expect(relative(total(all.overlaps.Q1), one.overlaps.Q1[0]![0]!)).toBeLessThan(1e-10);
        expect(all.errorEstimate).toBeLessThan(1e-11);
      }
    },
  );

  it("also where their bulks differ: λ → 0 is continuous", () => {
    const model = { ...base, readoutValues: [1, 2, -1, 0.3], bulkVariance: [1, 2, 3, 0.5] };
    const limit = solve({ ...model, ridge: 0 });
    for (const ridge of [1e-8, 1e-10, 1e-12]) {
      const { testError, errorEstimate } = solve({ ...model, ridge });
      expect(Math.abs(testError / limit.testError - 1)).toBeLessThan(10 * ridge + errorEstimate);
    }
  });

  it("and what is nearly linear keeps the two forms of the objective together", () => {
    for (const ridge of RIDGES.slice(0, -1)) {
      const { objective, trainError, overlaps } = solve({
        ...base,
        ridge,
        student: "x+0.001*tanh(x)",
        readoutValues: [1, -0.5],
      });
      const penalty = (ridge * base.widthRatio * total([overlaps.Q2])) / base.sampleRatio;
      expect(relative(trainError + penalty, objective)).toBeLessThan(1e-10);
    }
  });
});

describe("exactness: errors far below the label", () => {
  const exact = { ...base, target: "identity", labelNoise: 0 };

  it("fall as λ² where the student contains the target", () => {
    const scaled = [1e-5, 1e-8, 1e-11].map((ridge) => solve({ ...exact, ridge }).testError / ridge ** 2);
    for (const value of scaled) expect(relative(value, scaled[0]!)).toBeLessThan(1e-3);
  });

  it("vanish up to rounding where the readout is unpenalised, without a false estimate", () => {
    const { testError, errorEstimate } = solve({ ...exact, alignment: 1 });
    expect(testError).toBeLessThan(1e-28);
    expect(errorEstimate).toBeGreaterThan(0.01);
    expect(solve({ ...exact, target: "0" })).toMatchObject({ testError: 0, objective: 0 });
  });
});

describe("law: the error estimate knows of ill-conditioning", () => {
  it("nearly equal readout values", () => {
    const at = (gap: number) =>
      solve({ ...base, student: "tanh", ridge: 0.01, readoutValues: [1, 1 + gap], readoutFractions: [0.5, 0.5] });
    // The limit of a vanishing gap, from gaps that lose nothing.
    const limit = 2 * at(1e-4).testError - at(2e-4).testError;
    for (const gap of [1e-6, 1e-7, 1e-8, 1e-9]) {
      const { testError, errorEstimate } = at(gap);
      expect(Math.abs(testError / limit - 1)).toBeLessThan(0.101 * gap + 5 * errorEstimate);
      expect(errorEstimate).toBeGreaterThan(1e-17 / gap);
    }
    // Values that double precision can hardly tell apart count as equal.
    expect(relative(at(1e-14).testError, at(0).testError)).toBeLessThan(1e-7);
  });

  it("nothing converged is nonsense: an anisotropic bulk of nearly linear groups", () => {
    let converged = 0;
    for (const ridge of RIDGES) {
      const model = { ...network, student: "x+0.001*tanh(x)", readoutValues: [1, -0.5], ridge };
      const result = trySolve(model);
      if (result.status !== "converged") continue;
      const isotropic = solve({ ...model, theory: "srf" });
      expect(Math.abs(result.testError / isotropic.testError - 1)).toBeLessThan(result.errorEstimate + 1e-4);
      converged++;
    }
    // Where λ is small, they are refused.
    expect(converged).toBe(2);
  });
});

describe("exactness: the public solver validates its point", () => {
  it.each([
    ["sampleRatio", { sampleRatio: 0 }],
    ["sampleRatio", { sampleRatio: NaN }],
    ["widthRatio", { widthRatio: -1 }],
    ["widthRatio", { widthRatio: Infinity, sampleRatio: Infinity }],
    ["ridge", { ridge: -1e-9 }],
    ["ridge", { ridge: NaN }],
  ])("%s: %j", (parameter, change) => {
    const solver = ridgeSolver(featureModel(base));
    const point = { sampleRatio: 1, widthRatio: 1, ridge: 0.1, ...change };
    expect(() => solver.solve(point)).toThrow(ParameterError);
    expect(() => solver.solve(point)).toThrow(expect.objectContaining({ parameter }) as Error);
  });
});
