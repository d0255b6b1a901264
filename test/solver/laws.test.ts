import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { SpikedRandomFeatures } from "../../src/model/description.ts";
import { featureModel } from "../../src/model/featureModel.ts";
import { hermiteNumbers } from "../../src/activation/stepNumbers.ts";
import { activation } from "../../src/activation/activation.ts";
import { firstTable } from "../../src/problem/grid.ts";
import { meanChannel, spikeDirectionChannel, targetDirectionChannel } from "../../src/problem/channels.ts";
import type { Channel } from "../../src/problem/problem.ts";
import { derivatives } from "../../src/tuning/derivatives.ts";
import { solve, trySolve } from "../../src/solve/solve.ts";
import { trySolveModel } from "../../src/ridge/solveProblem.ts";
import { relative, spikedProblems } from "./randomModels.ts";

const RUNS = { numRuns: 40 };
const base: SpikedRandomFeatures = {
  model: "spikedRandomFeatures",
  student: "tanh",
  target: "sin",
  spikeStrength: 1.2,
  bulkVariance: 1.1,
  alignment: 0.8,
  labelNoise: 0.1,
  sampleRatio: 1.5,
  widthRatio: 0.8,
  ridge: 0.05,
};
const test = (problem: SpikedRandomFeatures) => solve(problem).testError;
const targetNumbers = (problem: SpikedRandomFeatures) => hermiteNumbers(activation(problem.target), "target");

describe("law: linear neurons in excess of d, without ridge, are least squares on the inputs", () => {
  const linear = { model: "randomFeatures", student: "2*x", target: "x", labelNoise: 0.3, ridge: 0 } as const;

  it("Δα/(α − 1) within the estimate, beside the threshold too", () => {
    for (const widthRatio of [1.01, 1.5, 10]) {
      for (const sampleRatio of [1.01, 1.05, 1.5, 20]) {
        const { testError, errorEstimate, overlaps } = solve({ ...linear, sampleRatio, widthRatio });
        // Rounding of α beside the threshold.
        const error = errorEstimate + (4 * Number.EPSILON) / (sampleRatio - 1);
        const exact = (0.3 * sampleRatio) / (sampleRatio - 1);
        expect(Math.abs(testError / exact - 1)).toBeLessThan(error);
        expect(errorEstimate).toBeLessThan(1e-11);
        // Directions that no data resists have no finite trace.
        expect(overlaps.V2).toEqual([Infinity]);
      }
    }
  });

  it("the limits of other losses are reached", () => {
    for (const loss of ["absolute", { huber: 0.5 }] as const) {
      const at = { ...linear, sampleRatio: 1.05, widthRatio: 1.01, loss };
      const [limit, near] = [solve(at), solve({ ...at, ridge: 1e-22 })];
      expect(Math.abs(near.testLoss / limit.testLoss - 1)).toBeLessThan(1e-12);
      expect(limit.overlaps.V2).toEqual([Infinity]);
    }
  });

  it("infinite traces have no derivatives", () => {
    const { testError, V2 } = derivatives({ ...linear, sampleRatio: 2, widthRatio: 1.5 }, ["sampleRatio"]).sampleRatio!;
    expect(Math.abs(testError!.value + 0.3)).toBeLessThan(testError!.error + 1e-12);
    expect(V2).toBeUndefined();
  });
});

describe("law: objective = training error + λ(β/α)ΣQ2 (theory §5)", () => {
  it("at every solution", () => {
    fc.assert(
      fc.property(spikedProblems, (problem) => {
        const { objective, trainError, overlaps } = solve(problem);
        const norm = overlaps.Q2.reduce((sum, value) => sum + value, 0);
        const penalty = (problem.ridge * problem.widthRatio * norm) / problem.sampleRatio;
        expect(Math.abs(objective - trainError - penalty)).toBeLessThan(1e-11 * objective);
      }),
      RUNS,
    );
  });

  it("and dObjective/dλ = (β/α)ΣQ2, by central differences", () => {
    fc.assert(
      fc.property(spikedProblems, (problem) => {
        const step = 1e-4 * problem.ridge;
        const at = (ridge: number) => solve({ ...problem, ridge });
        const slope = (at(problem.ridge + step).objective - at(problem.ridge - step).objective) / (2 * step);
        const norm = at(problem.ridge).overlaps.Q2.reduce((sum, value) => sum + value, 0);
        const expected = (problem.widthRatio * norm) / problem.sampleRatio;
        const rounding = (1e-15 * at(problem.ridge).objective) / step;
        expect(Math.abs(slope - expected)).toBeLessThan(1e-6 * expected + 10 * rounding);
      }),
      { numRuns: 20 },
    );
  });
});

describe("law: symmetries (theory §10)", () => {
  it("r = 0 does not depend on γ", () => {
    fc.assert(
      fc.property(spikedProblems, (problem) => {
        const still = { ...problem, spikeStrength: 0 };
        const values = [0, 0.6, -1].map((alignment) => test({ ...still, alignment }));
        expect(relative(values[0]!, values[1]!)).toBeLessThan(1e-9);
        expect(relative(values[0]!, values[2]!)).toBeLessThan(1e-9);
      }),
      { numRuns: 20 },
    );
  });

  it("splitting a group into two with the same u changes nothing", () => {
    fc.assert(
      fc.property(spikedProblems, fc.double({ min: 0.1, max: 0.9, noNaN: true }), (problem, share) => {
        const [first = 1, ...others] = problem.readoutValues!;
        const [fraction = 1, ...rest] = problem.readoutFractions!;
        const split = {
          readoutValues: [first, first, ...others],
          readoutFractions: [fraction * share, fraction * (1 - share), ...rest],
        };
        const [whole, parts] = [solve(problem), solve({ ...problem, ...split })];
        expect(relative(whole.testError, parts.testError)).toBeLessThan(1e-10);
        expect(relative(whole.trainError, parts.trainError)).toBeLessThan(1e-10);
      }),
      RUNS,
    );
    const halves = { readoutValues: [1, 1], readoutFractions: [0.3, 0.7] };
    expect(relative(test(base), test({ ...base, ...halves }))).toBeLessThan(1e-12);
  });

  it("u → −u changes nothing for an odd student, σ* → −σ* for any", () => {
    fc.assert(
      fc.property(spikedProblems, (problem) => {
        const odd = { ...problem, student: "tanh" };
        const flipped = { ...odd, readoutValues: odd.readoutValues!.map((u) => -u) };
        expect(relative(test(odd), test(flipped))).toBeLessThan(1e-10);
        const negated = { ...problem, target: `-(${asFormula(problem.target as string)})` };
        expect(relative(test(problem), test(negated))).toBeLessThan(1e-10);
      }),
      RUNS,
    );
  });

  const asFormula = (name: string) => (/^[a-z]+$/i.test(name) ? `${name}(x)` : name);

  it("the order of the groups changes nothing", () => {
    const groups = { readoutValues: [1, -0.5, 2], readoutFractions: [0.2, 0.5, 0.3] };
    const moved = { readoutValues: [2, 1, -0.5], readoutFractions: [0.3, 0.2, 0.5] };
    const [a, b] = [solve({ ...base, ...groups }), solve({ ...base, ...moved })];
    expect(relative(a.testError, b.testError)).toBeLessThan(1e-12);
    expect(relative(a.overlaps.Q1[0]![1]!, b.overlaps.Q1[1]![2]!)).toBeLessThan(1e-10);
  });
});

describe("law: limits (theory §10)", () => {
  it("λ → ∞: random features predict nothing but a constant they can carry", () => {
    const blind = { ...base, spikeStrength: 0, ridge: 1e9 };
    const { h0, h2 } = targetNumbers({ ...base, target: "softplus" });
    expect(relative(test(blind), targetNumbers(blind).h2 + 0.1)).toBeLessThan(1e-7);
    const withConstant = test({ ...blind, student: "softplus", target: "softplus" });
    expect(relative(withConstant, h2 - h0 * h0 + 0.1)).toBeLessThan(1e-7);
  });

  it("λ → ∞: mean channels remain, unpenalised: min over m of E(y − mμ0)²", () => {
    const { channels, weights, target } = firstTable(featureModel(base).problem);
    const mean = channels.find((channel) => channel.kind === "mean")!.parts[0]!;
    const average = (f: (i: number) => number) => weights.reduce((sum, w, i) => sum + w * f(i), 0);
    const [h, slope] = target.parts as [Float64Array, Float64Array];
    const { residual } = target;
    const m = average((i) => mean[i]! * h[i]!) / average((i) => mean[i]! ** 2);
    const upper = average((i) => (h[i]! - m * mean[i]!) ** 2 + slope[i]! ** 2 + residual[i]!);
    expect(relative(test({ ...base, ridge: 1e9 }), upper)).toBeLessThan(1e-7);
  });

  it("α = ∞: training error = test error, and large α approaches it", () => {
    fc.assert(
      fc.property(spikedProblems, (problem) => {
        const limit = solve({ ...problem, sampleRatio: Infinity });
        expect(relative(limit.testError, limit.trainError)).toBeLessThan(1e-12);
        const near = test({ ...problem, sampleRatio: 1e7 * (1 + problem.widthRatio) });
        expect(Math.abs(near / limit.testError - 1)).toBeLessThan(1e-5);
      }),
      { numRuns: 20 },
    );
  });

  it.each([0.5, 3])("λ = 0 at α = %d is the limit of small λ", (sampleRatio) => {
    // β = 1.5 puts the first below the interpolation threshold and the second above.
    // Features that freeze at large κ approach the limit ever more slowly the larger r is.
    const problem = { ...base, spikeStrength: 0.6, widthRatio: 1.5, sampleRatio };
    const limit = solve({ ...problem, ridge: 0 });
    const near = solve({ ...problem, ridge: 1e-9 });
    expect(relative(limit.testError, near.testError)).toBeLessThan(1e-6);
    if (sampleRatio < 1.5) expect(limit.trainError).toBe(0);
    else expect(relative(limit.trainError, near.trainError)).toBeLessThan(1e-6);
  });

  it("λ = 0 is the limit also where features freeze", () => {
    const problem = { ...base, widthRatio: 1.5, sampleRatio: 0.5 };
    expect(relative(test({ ...problem, ridge: 0 }), test({ ...problem, ridge: 1e-20 }))).toBeLessThan(1e-6);
  });

  it.each([
    ["network", -4],
    ["srf", -4],
    ["network", 12],
  ] as const)(
    "λ = 0 of theory %s at η̃ = %d is the limit of the smallest ridge, however large the error",
    (theory, rate) => {
      const step = { student: "tanh", target: "sign", learningRate: rate, stepSampleRatio: 1 } as const;
      const problem = { model: "trainedNetwork", theory, ...step, sampleRatio: 0.5, widthRatio: 1 } as const;
      const limit = trySolve({ ...problem, ridge: 0 });
      if (limit.status !== "converged") {
        expect(limit.detail).toMatch(/freeze|singular/);
        return;
      }
      expect(relative(limit.testError, solve({ ...problem, ridge: 1e-150 }).testError)).toBeLessThan(1e-7);
      // In between the training error falls with the ridge, and the norm of the readout does not jump.
      const near = solve({ ...problem, ridge: 1e-40 });
      expect(near.trainError).toBeLessThan(solve({ ...problem, ridge: 1e-30 }).trainError);
    },
  );

  it("a student whose far values are not known is refused where the ridgeless limit hangs on them", () => {
    const student = { value: Math.tanh, derivative: (x: number) => 1 - Math.tanh(x) ** 2 };
    const step = { student, target: "sign", learningRate: -16, stepSampleRatio: 1 } as const;
    const problem = { model: "trainedNetwork", ...step, sampleRatio: 0.5, widthRatio: 1 } as const;
    for (const ridge of [0, 1e-40]) {
      expect(trySolve({ ...problem, ridge })).toMatchObject({ status: "diverged", detail: /freeze/ });
    }
    const [own, named] = [solve({ ...problem, ridge: 1e-4 }), solve({ ...problem, student: "tanh", ridge: 1e-4 })];
    expect(relative(own.testError, named.testError)).toBeLessThan(1e-6);
  });

  it("λ = 0 at the interpolation threshold is refused by name", () => {
    expect(() => solve({ ...base, sampleRatio: 0.8, ridge: 0 })).toThrow(/interpolation threshold/);
  });

  it("β → 0 and β → ∞ are finite", () => {
    for (const widthRatio of [1e-6, 1e6]) {
      expect(test({ ...base, widthRatio })).toBeGreaterThan(0.1);
      expect(test({ ...base, widthRatio })).toBeLessThan(2);
    }
  });
});

describe("law: channels (theory §10)", () => {
  const { problem, bulk } = featureModel(base);
  const point = { sampleRatio: 1.5, widthRatio: 0.8, ridge: 0.05 };
  const target = targetDirectionChannel(0, problem.groups[0]!.bulkVariance);
  const solveWith = (channels: readonly Channel[]) => {
    const result = trySolveModel({ problem: { ...problem, channels: [...channels, target] }, bulk }, point);
    if (result.status !== "converged") throw new Error(result.detail);
    return result.testError;
  };
  const [mean, spike] = [meanChannel(0), spikeDirectionChannel(0, problem.groups[0]!.bulkVariance)];
  const plain = solveWith([mean, spike]);

  it("a channel that is zero, or a copy of an unpenalised one, changes nothing", () => {
    const zero = { ...mean, value: () => 0 };
    const copy: Channel = { ...mean, value: ({ groups }) => 3 * groups[0]!.mu0 };
    expect(relative(solveWith([mean, spike, zero]), plain)).toBeLessThan(1e-12);
    expect(relative(solveWith([mean, spike, copy]), plain)).toBeLessThan(1e-11);
  });

  it("F → 0 removes a channel", () => {
    const weak = { ...spike, strength: 1e-12 };
    expect(relative(solveWith([mean, weak]), solveWith([mean]))).toBeLessThan(1e-9);
  });

  it("ReLU with Gaussian rows: row-norm coefficient = −rθ at u = 1", () => {
    const { overlaps } = solve({ ...base, student: "relu", target: "sin(2*x)", rows: "gaussian" });
    expect(relative(overlaps.nu[0]!, -1.2 * overlaps.theta[0]!)).toBeLessThan(1e-10);
  });

  it("a finite dimension interpolates: F = d of the mean channels, and d → ∞ is the default", () => {
    const at = (finiteDimension: number) => test({ ...base, finiteDimension });
    expect(at(100)).not.toBeCloseTo(plain, 6);
    expect(relative(at(1e12), plain)).toBeLessThan(1e-9);
    expect(at(Infinity)).toBe(at(Infinity));
  });
});
