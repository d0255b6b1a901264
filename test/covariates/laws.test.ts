import { describe, expect, test } from "vitest";
import { convexSolver } from "../../src/covariates/convexCovariates.ts";
import type {
  ConvexCovariates,
  GaussianCovariatesModel,
  StructuredRandomFeaturesModel,
} from "../../src/covariates/description.ts";
import { effectiveRidgeCurve } from "../../src/covariates/effectiveRidgeCurve.ts";
import { optimalRidge } from "../../src/covariates/optimalRidge.ts";
import type { CovariateSolution } from "../../src/covariates/ridgeObservables.ts";
import { covariateSolver } from "../../src/covariates/solveCovariates.ts";
import { structuredGradientStep } from "../../src/covariates/structuredGradientStep.ts";
import { solve, trySolve } from "../../src/curve/solve.ts";
import { ParameterError } from "../../src/errors.ts";
import { normalCdf, normalPdf } from "../../src/numerics/normal.ts";

const levels = { eigenvalues: [5, 1, 0.2, 0.02], multiplicities: [5, 20, 60, 115], signal: [4, 0.5, 0.05, 0.001] };
const model = { model: "gaussianCovariates", ...levels, unexplained: 0.1, labelNoise: 0.2 } as const;
const at = (description: GaussianCovariatesModel | StructuredRandomFeaturesModel, samples: number, ridge: number) =>
  covariateSolver(description).solve({ samples, ridge }) as CovariateSolution;
const POINTS = [
  [80, 0.5],
  [80, 0],
  [300, 0],
  [300, 2],
  [200, 1e-6],
  [3, 1e-12],
  [1e5, 1e3],
] as const;

// Laws (covariates §9).
describe("ridge regression on any covariance", () => {
  test.each(POINTS)("conservation, positivity and the objective at n = %f, λ = %f", (n, ridge) => {
    const { degreesOfFreedom, degreesOfFreedom2, effectiveRidge: t, ...s } = at(model, n, ridge);
    if (t > 0) expect((degreesOfFreedom + ridge / t) / n).toBeCloseTo(1, 12);
    expect(degreesOfFreedom2).toBeLessThanOrEqual(degreesOfFreedom * (1 + 1e-14));
    expect(s.testError).toBeGreaterThanOrEqual(0.3);
    expect(s.objective / (s.trainError + (ridge * s.readoutNorm) / n || 1)).toBeCloseTo(s.objective === 0 ? 0 : 1, 10);
    expect(s.bias + s.variance).toBeCloseTo(s.excessRisk, 10 - Math.log10(Math.max(1, s.testError)));
    expect(s.errorEstimate).toBeLessThan(1e-10);
  });

  test("splitting a level, or scaling Ω, b² and λ, changes nothing", () => {
    const split: GaussianCovariatesModel = {
      ...model,
      eigenvalues: [5, 5, 1, 0.2, 0.02, 0],
      multiplicities: [2.5, 2.5, 20, 60, 115, 7],
      signal: [1, 3, 0.5, 0.05, 0.001, 0],
    };
    const scaled: GaussianCovariatesModel = {
      ...model,
      eigenvalues: levels.eigenvalues.map((x) => 7 * x),
      signal: levels.signal.map((x) => 7 * x),
    };
    for (const [n, ridge] of POINTS) {
      const plain = at(model, n, ridge).testError;
      expect(at(split, n, ridge).testError / plain).toBeCloseTo(1, 10);
      expect(at(scaled, n, 7 * ridge).testError / plain).toBeCloseTo(1, 10);
    }
  });

  test("isotropic covariance in closed form", () => {
    const [c, p] = [1.7, 120];
    const isotropic: GaussianCovariatesModel = {
      model: "gaussianCovariates",
      eigenvalues: [c],
      multiplicities: [p],
      signal: [0.7],
      unexplained: 0.3,
    };
    for (const [n, ridge] of [
      [80, 5],
      [200, 0.1],
      [120, 1e-3],
    ] as const) {
      const half = ridge + (p - n) * c;
      const t = (half + Math.sqrt(half * half + 4 * n * ridge * c)) / (2 * n);
      expect(at(isotropic, n, ridge).effectiveRidge / t).toBeCloseTo(1, 9);
    }
    const best = optimalRidge({ ...isotropic, samples: 80 });
    expect(best.ridge).toBeCloseTo((0.3 * p) / (0.7 / (c * c)), 5);
    expect(best.teacherOverlap).toBeCloseTo(best.squaredOutput, 8);
  });

  test("limits: infinite data, the interpolation peak, a signal that is zero", () => {
    const infinite = at(model, Infinity, 1);
    expect(infinite.testError).toBeCloseTo(0.3, 14);
    expect(infinite.trainError).toBeCloseTo(0.3, 14);
    expect(trySolve({ ...model, samples: 200, ridge: 0 }).status).toBe("diverged");
    expect(solve({ ...model, unexplained: 0, labelNoise: 0, samples: 200, ridge: 0 }).testError).toBe(0);
    expect(optimalRidge({ ...model, signal: [0, 0, 0, 0], samples: 80 }).ridge).toBe(Infinity);
  });

  test("curves explicit in t are those that are solved", () => {
    const deep: StructuredRandomFeaturesModel = {
      model: "structuredRandomFeatures",
      student: "tanh",
      target: "sin",
      inputEigenvalues: [4, 0.25],
      inputMultiplicities: [60, 240],
      teacherPower: [1, 1],
      widths: [300, 250],
      labelNoise: 0.1,
    };
    for (const description of [model, deep]) {
      const rows = effectiveRidgeCurve({ ...description, samples: 150 }, [0.05, 0.2, 1, 5]).filter(
        ({ ridge }) => ridge > 0,
      );
      expect(rows.length).toBeGreaterThan(1);
      for (const row of rows) expect(at(description, 150, row.ridge).testError / row.testError).toBeCloseTo(1, 10);
    }
  });

  test("10⁴ eigenvalues over 12 decades keep their digits", () => {
    const power = {
      model: "gaussianCovariates",
      eigenvalueExponent: 3,
      signalExponent: 1,
      count: 10_000,
      labelNoise: 0.1,
    } as const;
    for (const ridge of [0, 1e-12, 1e-6, 1]) expect(at(power, 300, ridge).errorEstimate).toBeLessThan(1e-12);
  });
});

describe("structured inputs", () => {
  const white = {
    inputEigenvalues: [1],
    inputMultiplicities: [200],
    teacherPower: [1],
    student: "relu",
    target: "tanh(2*x)",
  } as const;

  test("white inputs are random features, in any unit", () => {
    const network = solve({
      model: "randomFeatures",
      student: "relu",
      target: "tanh(2*x)",
      sampleRatio: 1.5,
      widthRatio: 2,
      ridge: 0.1,
      labelNoise: 0.1,
    });
    const same = solve({
      model: "structuredRandomFeatures",
      ...white,
      widths: [400],
      samples: 300,
      ridge: 0.1,
      labelNoise: 0.1,
    });
    expect(same.testError / network.testError).toBeCloseTo(1, 11);
    expect(same.trainError / network.trainError).toBeCloseTo(1, 11);
    expect(same.Q2 / network.overlaps.Q2[0]!).toBeCloseTo(1, 11);
  });

  test("no step is no spike; few effective dimensions are told", () => {
    const inputs = {
      inputEigenvalues: [4, 0.25],
      inputMultiplicities: [6, 24],
      teacherPower: [1, 1],
      student: "tanh",
      target: "sin",
    } as const;
    const none = solve({
      model: "structuredGradientStep",
      ...inputs,
      learningRate: 0,
      stepSampleRatio: 3,
      sampleRatio: 1.5,
      widthRatio: 1,
      ridge: 0.05,
    });
    const features = solve({ model: "structuredRandomFeatures", ...inputs, widths: [30], samples: 45, ridge: 0.05 });
    expect(none.testError / features.testError).toBeCloseTo(1, 11);
    expect(features.notices[0]).toMatch(/effective dimension/);
  });

  test.each([
    [{ student: "relu", target: "sin" }, "student"],
    [{ student: "tanh", target: "x^2" }, "target"],
    [{ student: "tanh", target: "sin", teacherPower: [0, 0] }, "teacherPower"],
    [{ student: "tanh", target: "sin", inputMultiplicities: [1] }, "inputMultiplicities"],
  ])("what is not covered is refused by name: case %#", (change, parameter) => {
    const step = {
      model: "structuredGradientStep",
      inputEigenvalues: [4, 0.25],
      inputMultiplicities: [60, 240],
      teacherPower: [1, 1],
      learningRate: 1,
      stepSampleRatio: 2,
      ...change,
    } as const;
    expect(() => structuredGradientStep(step)).toThrow(expect.objectContaining({ parameter }));
  });
});

describe("random layers in closed form", () => {
  const inputs = { inputEigenvalues: [1.5, 0.5], inputMultiplicities: [100, 100], teacherPower: [1, 1] };
  const layers = { model: "structuredRandomFeatures", ...inputs, labelNoise: 0.1 } as const;

  test("linear neurons that span the inputs are least squares on them: Δ n/(n − d)", () => {
    const linear = { ...layers, student: "x", target: "x", widths: [500] } as const;
    for (const samples of [260, 400]) {
      expect(at(linear, samples, 0).testError).toBeCloseTo((0.1 * samples) / (samples - 200), 11);
      expect(at(linear, samples, 0).trainError).toBeCloseTo(0.1 * (1 - 200 / samples), 11);
      // The limit is reached.
      expect(at(linear, samples, 1e-9).testError / at(linear, samples, 0).testError).toBeCloseTo(1, 6);
    }
  });

  test("neurons without a linear part are noise to the readout", () => {
    const even = { ...layers, student: "x^2-1", target: "x", widths: [200] } as const;
    const noise = { model: "gaussianCovariates", eigenvalues: [2 / 200], multiplicities: [200], signal: [0], unexplained: 1, labelNoise: 0.1 } as const; // prettier-ignore
    for (const [samples, ridge] of [
      [150, 0.3],
      [400, 0.02],
      [150, 0],
    ] as const) {
      const [found, expected] = [at(even, samples, ridge), at(noise, samples, ridge)];
      for (const name of ["testError", "trainError", "squaredOutput"] as const) {
        expect(found[name]).toBeCloseTo(expected[name], 11);
      }
    }
    expect(optimalRidge({ ...even, samples: 150 }).ridge).toBe(Infinity);
  });

  test("the best ridge of two layers has neighbours that are worse, and no slope", () => {
    const deep = { ...layers, student: "tanh", target: "sin", widths: [300, 250], labelNoise: 0.3 } as const;
    const best = optimalRidge({ ...deep, samples: 150 });
    expect(best.ridge).toBeGreaterThan(0);
    const error = (factor: number) => at(deep, 150, factor * best.ridge).testError;
    for (const factor of [0.5, 0.9, 1.1, 2]) expect(error(factor)).toBeGreaterThan(best.testError);
    const slope = (error(1.001) - error(0.999)) / 0.002 / error(1);
    const curvature = (error(1.1) + error(0.9) - 2 * error(1)) / 0.01 / error(1);
    expect(Math.abs(slope)).toBeLessThan(1e-5 * curvature);
  });
});

describe("convex losses on any covariance", () => {
  const teacher = { model: "gaussianCovariates", ...levels, teacherVariance: 1.8, samples: 150, ridge: 0.5 } as const;
  const convex = (more: object) =>
    convexSolver({ ...teacher, ...more } as unknown as ConvexCovariates).solve(teacher) as {
      testError: number;
      trainError?: number;
      objective: number;
    };

  test("the square loss is ridge regression, for numbers and for signs", () => {
    const linear = convex({ loss: "square", teacher: "regression", target: "x", labelNoise: 0.3 });
    const explained = levels.signal.reduce((sum, b, i) => sum + b / levels.eigenvalues[i]!, 0);
    const ridge = at({ ...model, unexplained: 1.8 - explained, labelNoise: 0.3 }, 150, 0.5);
    expect(linear.testError / ridge.testError).toBeCloseTo(1, 9);
    expect(linear.trainError! / ridge.trainError).toBeCloseTo(1, 9);
    // y = sign ν: E[y v] = √(2/πρ_ν) b.
    const signs = convex({ loss: "square", teacher: "sign" });
    const factor = 2 / (Math.PI * 1.8);
    const second: GaussianCovariatesModel = {
      model: "gaussianCovariates",
      ...levels,
      signal: levels.signal.map((b) => b * factor),
      secondMoment: 1,
    };
    expect(signs.testError / at(second, 150, 0.5).testError).toBeCloseTo(1, 9);
    // y = (ν − 1)₊ has its kink at 1/√ρ_ν of the unit normal: E[y v] = Φ(−1/√ρ_ν) b.
    const kinked = convex({ loss: "square", teacher: "regression", target: "relu(x-1)" });
    const s = Math.sqrt(1.8);
    const [tail, density] = [normalCdf(-1 / s), normalPdf(1 / s)];
    const third = {
      ...second,
      signal: levels.signal.map((b) => b * tail * tail),
      secondMoment: (1.8 + 1) * tail - s * density,
    };
    expect(kinked.testError / at(third, 150, 0.5).testError).toBeCloseTo(1, 9);
  });

  test.each([
    [{ loss: "hinge", teacher: "regression", target: "x" }, "teacher"],
    [{ loss: "hinge" }, "teacher"],
    [{ loss: "hinge", teacher: "sign", teacherVariance: 0.1 }, "teacherVariance"],
    [{ loss: "hinge", teacher: "sign", labelNoise: 1 }, "labelNoise"],
    [{ loss: "huber", teacher: "sign" }, "huberThreshold"],
    [{ loss: "hinge", teacher: "sign", labelFlips: 0.5 }, "labelFlips"],
  ])("bad teachers are refused by name: case %#", (change, parameter) => {
    expect(() => convex(change)).toThrow(expect.objectContaining({ parameter }));
  });
});

const fitted = { eigenvalues: [1], signal: [1], teacher: "sign", teacherVariance: 2, loss: "logistic" } as const;

describe("bad spectra are refused by name", () => {
  test.each([
    [{ eigenvalues: [1, -1], signal: [0, 0] }, "eigenvalues[1]"],
    [{ eigenvalues: [1, NaN], signal: [0, 0] }, "eigenvalues[1]"],
    [{ eigenvalues: [1, 2], signal: [0] }, "signal"],
    [{ eigenvalues: [1, 0], signal: [0, 1] }, "signal[1]"],
    [{ eigenvalues: [0], signal: [0] }, "eigenvalues"],
    [{ eigenvalues: [1], signal: [1], secondMoment: 0.5 }, "secondMoment"],
    [{ eigenvalues: [1], signal: [1], unexplained: -0.1 }, "unexplained"],
    [{ eigenvalueExponent: 1, signalExponent: 1, count: 0 }, "count"],
    [{}, "eigenvalues"],
    [{ eigenvalues: [1, "2"], signal: [0, 0] }, "eigenvalues[1]"],
    [{ eigenvalues: "12", signal: [0, 0] }, "eigenvalues"],
    [{ eigenvalues: [], signal: [] }, "eigenvalues"],
    [{ eigenvalues: [1], signal: [1], multiplicities: [0] }, "multiplicities[0]"],
    [{ eigenvalues: [1], signal: [1], count: 3 }, "count"],
    [{ eigenvalues: [1], signal: [1], signalExponent: 1 }, "signalExponent"],
    [{ eigenvalues: [1], signal: [1], secondMoment: 2, unexplained: 0.5 }, "unexplained"],
    [{ eigenvalueExponent: 1, signalExponent: 1, count: 3, signal: [1] }, "signal"],
    [{ eigenvalueExponent: 1, signalExponent: 1, count: 3, multiplicities: [1] }, "multiplicities"],
    [{ eigenvalueExponent: 1, signalExponent: 1, count: 2.5 }, "count"],
    [{ eigenvalueExponent: 1, signalExponent: 1, count: 1e12 }, "count"],
    [{ eigenvalueExponent: 2000, signalExponent: 1, count: 3 }, "eigenvalueExponent"],
    [{ eigenvalueExponent: 1, signalExponent: -2000, count: 3 }, "signalExponent"],
    [{ ...fitted, teacher: "judge" }, "teacher"],
    [{ ...fitted, teacherVariance: 0.5 }, "teacherVariance"],
    [{ ...fitted, labelFlips: 0.5 }, "labelFlips"],
    [{ ...fitted, logisticScale: 2 }, "logisticScale"],
    [{ ...fitted, samples: -1 }, "samples"],
    [{ ...fitted, unexplained: 0.1 }, "unexplained"],
    [{ ...fitted, secondMoment: 3 }, "secondMoment"],
    [{ ...fitted, teacher: "regression", loss: "square" }, "target"],
    [{ eigenvalues: [1], signal: [1], ridge: -1 }, "ridge"],
    [{ eigenvalues: [1], signal: [1], secondMoment: -1 }, "secondMoment"],
    [{ ...fitted, intercept: 1 }, "intercept"],
  ])("case %#", (spectrum, parameter) => {
    const description = { model: "gaussianCovariates", samples: 1, ridge: 1, ...spectrum } as unknown as Parameters<
      typeof solve
    >[0];
    expect(() => solve(description)).toThrow(expect.objectContaining({ parameter }));
    expect(() => solve(description)).toThrow(ParameterError);
    // Whoever asks: the model itself, too.
    const { teacher } = spectrum as { teacher?: string };
    const own = { samples: 1, ridge: 1, ...spectrum };
    const direct = () =>
      teacher === undefined
        ? covariateSolver(description as GaussianCovariatesModel).solve(own)
        : convexSolver(description as ConvexCovariates).solve(own);
    expect(direct).toThrow(expect.objectContaining({ parameter }));
  });
});
