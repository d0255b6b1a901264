import { describe, expect, test } from "vitest";
import { activation, type Activation } from "../../src/activation/activation.ts";
import type { Source } from "../../src/bulk/weightResolvent.ts";
import { DERIVATIVES } from "../../src/convex/localPotential.ts";
import { localPotential } from "../../src/convex/potentials.ts";
import { convexSolver, type ConvexCovariatesSolution } from "../../src/covariates/convexCovariates.ts";
import type {
  ConvexCovariates,
  GaussianCovariatesModel,
  StructuredRandomFeaturesModel,
} from "../../src/covariates/description.ts";
import { atEffectiveRidge, effectiveRidge } from "../../src/covariates/effectiveRidge.ts";
import { gaussianCovariates } from "../../src/covariates/gaussianCovariates.ts";
import { optimalRidge } from "../../src/covariates/optimalRidge.ts";
import { type CovariateSolution, ridgeObservables } from "../../src/covariates/ridgeObservables.ts";
import { covariateSensitivity } from "../../src/covariates/sensitivity.ts";
import { covariateSolver, type StructuredFeaturesSolution } from "../../src/covariates/solveCovariates.ts";
import { type BulkLevels, structuredBulk } from "../../src/covariates/structuredBulk.ts";
import { structuredGradientStep } from "../../src/covariates/structuredGradientStep.ts";
import { solve } from "../../src/curve/solve.ts";
import { resolveLoss } from "../../src/loss/lossInput.ts";
import { normalCdf, normalPdf } from "../../src/numerics/normal.ts";
import { ridgeSolver } from "../../src/ridge/solve.ts";

const levels = { eigenvalues: [5, 1, 0.2], multiplicities: [5, 20, 60], signal: [4, 0.5, 0.05] };
const description = { model: "gaussianCovariates", ...levels, unexplained: 0.1, labelNoise: 0.2 } as const;
const at = (model: GaussianCovariatesModel | StructuredRandomFeaturesModel, samples: number, ridge: number) =>
  covariateSolver(model).solve({ samples, ridge }) as CovariateSolution;
const relative = (value: number, expected: number) => Math.abs(value / expected - 1);

/** Differences of fourth order. */
const difference = (f: (x: number) => number, x: number, h: number) =>
  (8 * (f(x + h) - f(x - h)) - (f(x + 2 * h) - f(x - 2 * h))) / (12 * h);

describe("derivatives of ridge regression on any covariance", () => {
  const [samples, ridge] = [60, 0.7];
  const value = (dn: number, dl: number, dd: number) =>
    at({ ...description, labelNoise: 0.2 + dd }, samples + dn, ridge + dl);
  const solved = effectiveRidge(gaussianCovariates(description), samples, ridge);

  test.each([
    ["samples", 0.1, (h: number) => value(h, 0, 0)],
    ["ridge", 0.01, (h: number) => value(0, h, 0)],
    ["labelNoise", 0.01, (h: number) => value(0, 0, h)],
  ] as const)("by %s are those of differences, for every number", (name, h, moved) => {
    const direction = { samples: 0, ridge: 0, labelNoise: 0, [name]: 1 };
    const found = covariateSensitivity(gaussianCovariates(description), samples, solved, direction)!;
    for (const [observable, slope] of Object.entries(found.numbers)) {
      const expected = difference((x) => moved(x)[observable as "testError"], 0, h);
      expect(Math.abs(slope - expected), observable).toBeLessThan(1e-8 * (Math.abs(expected) + 1));
    }
    const rate = difference((x) => Math.log(moved(x).testError), 0, h);
    expect(found.rate).toBeGreaterThan(Math.abs(rate) * (1 - 1e-5));
    expect(found.rate).toBeLessThan(name === "labelNoise" ? rate * (1 + 1e-5) : 1);
    expect(found.normRounding).toBeLessThan(1e-13);
    const { testError, degreesOfFreedom: df1, degreesOfFreedom2: df2, effectiveRidge: t } = value(0, 0, 0);
    const rounding = (2 ** -48 * (testError / samples) * (df1 - df2) * Math.abs(found.numbers.effectiveRidge)) / t ** 2;
    expect(Math.abs(found.normRounding - rounding)).toBeLessThan(1e-9 * rounding + 1e-300);
  });

  test("there are none at t = 0 and at n = ∞", () => {
    const model = gaussianCovariates(description);
    const by = { samples: 1, ridge: 0, labelNoise: 0 };
    expect(covariateSensitivity(model, 200, effectiveRidge(model, 200, 0), by)).toBeUndefined();
    expect(covariateSensitivity(model, Infinity, effectiveRidge(model, Infinity, 1), by)).toBeUndefined();
    expect(covariateSensitivity(model, 200, atEffectiveRidge(model, 200, Infinity), by)).toBeUndefined();
  });

  test("the estimate takes along the error of t", () => {
    const model = gaussianCovariates(description);
    for (const [n, l] of [
      [60, 0.7],
      [86, 1e-3],
      [84, 1e-3],
    ] as const) {
      const point = effectiveRidge(model, n, l);
      const t = point.effectiveRidge;
      const logarithm = (x: number) =>
        Math.log((ridgeObservables(model, n, atEffectiveRidge(model, n, x)) as CovariateSolution).testError);
      const slope = Math.abs(t * difference(logarithm, t, 1e-3 * t));
      const { degreesOfFreedom2, effectiveRidge: found } = ridgeObservables(model, n, point) as CovariateSolution;
      const estimate = (ridgeObservables(model, n, { ...point, error: 1e-7 }) as CovariateSolution).errorEstimate;
      expect(found).toBe(t);
      const total = slopeOfDirect(n, l, t, degreesOfFreedom2) + slope;
      expect(relative(estimate / 1e-7, total)).toBeLessThan(1e-5);
      expect(ridgeObservables(model, n, { ...point, error: 2 }).status).toBe("max-iterations");
      expect(ridgeObservables(model, n, { ...point, error: 0.9 })).toMatchObject({ status: "diverged" });
    }
    expect(at(description, Infinity, 1).errorEstimate).toBeLessThan(1e-14);
  });

  /** (n − df1)/(n − df2) with n − df1 = λ/t. */
  const slopeOfDirect = (n: number, l: number, t: number, df2: number) => l / t / (n - df2);
});

describe("the effective ridge", () => {
  const model = gaussianCovariates(description);

  test.each([
    [60, 0.7],
    [60, 0],
    [300, 1e-5],
    [85, 1e-9],
    [2, 1e3],
    [85, 1e-13],
  ] as const)("solves n = df1 + λ/t from any start, at n = %f, λ = %f", (n, l) => {
    const plain = effectiveRidge(model, n, l);
    const t = plain.effectiveRidge;
    const df1 = levels.eigenvalues.reduce((sum, w, i) => sum + (levels.multiplicities[i]! * w) / (w + t), 0);
    expect(relative(df1 + l / t, n)).toBeLessThan(1e-12);
    expect(plain.residual).toBeLessThan(1e-13);
    expect(plain.error).toBeLessThan(1e-7);
    expect(plain.error).toBeGreaterThan(1e-16);
    for (const start of [t, 0.5 * t, 2 * t, 1e-300, 1e300, 1e-3, 1]) {
      const other = effectiveRidge(model, n, l, start);
      expect(relative(other.effectiveRidge, t)).toBeLessThan(4 * plain.error + 1e-14);
      expect(other.iterations).toBeLessThan(60);
    }
    expect(effectiveRidge(model, n, l, t).iterations).toBeLessThan(4);
  });

  test("as many samples as dimensions, up to rounding, and none of either", () => {
    const tenths = gaussianCovariates({ ...description, eigenvalues: [1, 2], multiplicities: [0.1, 0.2], signal: [1, 1] }); // prettier-ignore
    expect(tenths.rank).not.toBe(0.3);
    expect(ridgeObservables(tenths, 0.3, effectiveRidge(tenths, 0.3, 0))).toMatchObject({ status: "diverged", detail: expect.stringContaining("interpolation peak") as string }); // prettier-ignore
    const infinite = effectiveRidge(tenths, Infinity, 2);
    expect([infinite.effectiveRidge, infinite.iterations, infinite.residual]).toEqual([0, 0, 0]);
    const beyond = effectiveRidge(tenths, 0.5, 0);
    expect([beyond.effectiveRidge, beyond.complement]).toEqual([0, 0.5 - tenths.rank]);
    // Where n is the rank, t is small as √λ, and its error is told.
    const near = effectiveRidge(tenths, 0.3, 1e-18);
    expect(near.effectiveRidge).toBeGreaterThan(1e-10);
  });

  test("what is left of the samples does not cancel near the rank", () => {
    const t = 1e-13;
    const gap = levels.eigenvalues.reduce((sum, w, i) => sum + (levels.multiplicities[i]! * t) / w, 0);
    expect(relative(atEffectiveRidge(model, 85, t).complement, gap)).toBeLessThan(1e-11);
    const large = atEffectiveRidge(model, 1e-6, 1e9).complement;
    const df1 = 1e-9 * levels.eigenvalues.reduce((sum, w, i) => sum + levels.multiplicities[i]! * w, 0);
    expect(relative(large, 1e-6 - df1)).toBeLessThan(1e-8);
    expect(at(description, Infinity, 1)).toMatchObject({ noiseVariance: 0, variance: 0 });
  });

  test("a point of given t has the λ that leads to it", () => {
    for (const t of [1e-6, 0.1, 3, 1e4]) {
      const { complement } = atEffectiveRidge(model, 90, t);
      expect(relative(effectiveRidge(model, 90, t * complement).effectiveRidge, t)).toBeLessThan(1e-12);
    }
  });
});

describe("the best ridge", () => {
  const scan = (model: GaussianCovariatesModel, samples: number, lowest: number) => {
    const spectrum = gaussianCovariates(model);
    return Array.from({ length: 600 }, (_, i) => {
      const t = lowest * Math.exp(0.02 * i);
      const point = atEffectiveRidge(spectrum, samples, t);
      const { testError } = ridgeObservables(spectrum, samples, point) as CovariateSolution;
      return { testError: testError > 0 ? testError : Infinity, ridge: t * point.complement };
    }).reduce((a, b) => (b.testError < a.testError ? b : a));
  };
  /** Large eigenvalues with all the signal, and a tail that is a ridge by itself: λ* < 0. */
  const tail: GaussianCovariatesModel = {
    model: "gaussianCovariates",
    ...{ eigenvalues: [4, 0.5], multiplicities: [10, 400], signal: [3, 0] },
    labelNoise: 0.02,
  };

  test("may be negative, and is the least of a scan", () => {
    const free = optimalRidge({ ...tail, samples: 60 }, "anySign");
    const best = scan(tail, 60, 0.05);
    expect(free.ridge).toBeLessThan(0);
    expect(relative(free.testError, best.testError)).toBeLessThan(1e-3);
    expect(free.testError).toBeLessThanOrEqual(best.testError);
    expect(relative(free.ridge, best.ridge)).toBeLessThan(0.2);
    const bound = optimalRidge({ ...tail, samples: 60 });
    expect(bound.ridge).toBe(0);
    expect(bound.testError).toBe(at(tail, 60, 0).testError);
    const noisy = { ...tail, labelNoise: 5 };
    const [one, other] = (["anySign", "nonNegative"] as const).map((sign) =>
      optimalRidge({ ...noisy, samples: 60 }, sign),
    );
    expect(one!.ridge).toBeGreaterThan(0);
    expect(relative(one!.ridge, other!.ridge)).toBeLessThan(1e-9);
  });

  test("with more samples than dimensions it is not negative, and with infinitely many it is 0", () => {
    for (const sign of ["anySign", "nonNegative"] as const) {
      const best = optimalRidge({ ...description, samples: 200 }, sign);
      expect(best.ridge).toBeGreaterThan(0);
      expect(relative(at(description, 200, best.ridge).testError, best.testError)).toBeLessThan(1e-12);
      expect(best.testError).toBeLessThanOrEqual(scan(description, 200, 1e-4).testError);
      expect(optimalRidge({ ...description, samples: Infinity }, sign)).toMatchObject({
        ridge: 0,
        testError: 0.1 + 0.2,
      });
    }
  });

  test("without a readout that is better than none there is a solution, too", () => {
    const none = optimalRidge({ ...description, signal: [0, 0, 0], samples: 50 });
    expect(none).toMatchObject({ ridge: Infinity, degreesOfFreedom: 0, degreesOfFreedom2: 0, readoutNorm: 0 });
    expect(none).toMatchObject({ teacherOverlap: 0, variance: 0, noiseVariance: 0, effectiveRidge: Infinity });
    expect(none.testError).toBeCloseTo(0.3, 14);
    expect(none.trainError).toBeCloseTo(0.3, 14);
    expect(none.objective).toBeCloseTo(0.3, 14);
    expect(() => optimalRidge({ ...description, samples: 50 }, "any" as "anySign")).toThrow(
      expect.objectContaining({ parameter: "optimalRidge" }),
    );
    expect(() => optimalRidge({ ...description, samples: 0 })).toThrow(
      expect.objectContaining({ parameter: "samples" }),
    );
  });
});

test("the second moment of the labels stands for what is not explained", () => {
  const explained = levels.signal.reduce((sum, b, i) => sum + b / levels.eigenvalues[i]!, 0);
  const same = {
    model: "gaussianCovariates",
    ...levels,
    labelNoise: 0.2,
    secondMoment: explained + 0.1 + 0.2,
  } as const;
  expect(relative(at(same, 60, 0.3).testError, at(description, 60, 0.3).testError)).toBeLessThan(1e-13);
});

describe("a step on structured inputs", () => {
  const inputs = { inputEigenvalues: [3, 0.4], inputMultiplicities: [30, 170], teacherPower: [1, 2] };
  const step = {
    model: "structuredGradientStep",
    ...inputs,
    student: "sin",
    target: "sin",
    learningRate: 1.3,
  } as const;

  test.each([
    [0.7, 0],
    [2, 0.3],
    [Infinity, 0.3],
  ])("its spike and bulk are those of covariates §8, α₀ = %f, Δ = %f", (stepSampleRatio, labelNoise) => {
    const d = 200;
    const sigma = inputs.inputEigenvalues;
    const count = inputs.inputMultiplicities;
    const q = (30 * 3 + 170 * 0.4) / d;
    const scale = 1 * 3 + 2 * 0.4;
    const power = inputs.teacherPower.map((value) => value / scale);
    // E cos(√q z) = e^{−q/2}, E cos² = (1 + e^{−2q})/2; of the target at unit variance h1 = e^{−1/2}, h2 = (1 − e^{−2})/2.
    const slope = Math.exp(-q / 2);
    const slopeVariance = (1 + Math.exp(-2 * q)) / 2 - slope ** 2;
    const [h1, h2] = [Math.exp(-0.5), (1 - Math.exp(-2)) / 2];
    const noise = (h2 + labelNoise) / stepSampleRatio;
    const sum = (f: (i: number) => number) => f(0) + f(1);
    const b = (i: number) => (h1 * sigma[i]!) ** 2 * power[i]! + (noise * sigma[i]! * count[i]!) / d;
    const stretched = sum((i) => sigma[i]! * b(i));
    const alignment = sum((i) => h1 * sigma[i]! ** 2 * power[i]!) / Math.sqrt(stretched);
    const spread = 1.3 ** 2 * slopeVariance * noise;
    const found = structuredGradientStep({ ...step, stepSampleRatio, labelNoise });
    expect(relative(found.spikeStrength, 1.3 * slope * Math.sqrt(stretched))).toBeLessThan(1e-10);
    expect(relative(found.alignment, alignment)).toBeLessThan(1e-10);
    const bulk = sum((i) => (count[i]! / d) * sigma[i]! * (1 + spread * sigma[i]!));
    expect(relative(found.model.problem.groups[0]!.bulkVariance, bulk)).toBeLessThan(1e-10);
    const trace = 30 * 3 + 170 * 0.4;
    expect(relative(found.effectiveDimension, trace ** 2 / (30 * 9 + 170 * 0.16))).toBeLessThan(1e-14);
  });

  test("of no samples there is no step, of no gradient no spike, and the sign of the gradient is the target's", () => {
    const none = structuredGradientStep({ ...step, stepSampleRatio: 0 });
    expect(Math.abs(none.spikeStrength)).toBe(0);
    const cubic = structuredGradientStep({ ...step, target: "x^3-3*x", stepSampleRatio: Infinity });
    expect([cubic.spikeStrength, cubic.alignment]).toEqual([0, 1]);
    const still = ridgeSolver(cubic.model).solve({ sampleRatio: 1.5, widthRatio: 1, ridge: 0.1 });
    expect(still.status).toBe("converged");
    expect(() => structuredGradientStep({ ...step, stepSampleRatio: -1 })).toThrow(
      expect.objectContaining({ parameter: "stepSampleRatio" }),
    );
    const [plus, minus] = ["sin", "-sin(x)"].map((target) => structuredGradientStep({ ...step, target, stepSampleRatio: 2 })); // prettier-ignore
    expect(minus!.alignment).toBeCloseTo(-plus!.alignment, 12);
    expect(minus!.spikeStrength).toBeCloseTo(plus!.spikeStrength, 12);
  });
});

describe("the bulk on structured inputs", () => {
  const bulk: BulkLevels = {
    variances: Float64Array.of(2.5, 0.7, 0.1),
    fractions: Float64Array.of(0.2, 0.5, 0.3),
    spike: Float64Array.of(0.7, 0.2, 0.1),
    mixed: Float64Array.of(0.2, -0.15, -0.05),
    target: Float64Array.of(0.3, 0.4, 0.3),
  };
  const C = Array.from(bulk.variances);
  const sum = (parts: Float64Array, f: (c: number) => number) => C.reduce((total, c, i) => total + parts[i]! * f(c), 0);
  const argument = { widthRatio: 0.8, ridge: 0.05, traces: new Float64Array(2) };
  const solutionAt = (V1hat: number, V2hat: number, ridge = 0.05) => {
    const found = structuredBulk(bulk).solve({ ...argument, ridge, conjugates: Float64Array.of(V1hat, V2hat) });
    if (typeof found === "string") throw new Error(found);
    return found;
  };
  const source = (kind: Source["kind"], strength = 1): Source => ({ kind, group: 0, direction: 0, strength });
  const BOTH = [source("spikeDirection"), source("targetDirection"), source("power", 0.5)];
  const SETS = [BOTH, [source("targetDirection")], [source("spikeDirection")], [BOTH[2]!, BOTH[1]!, BOTH[0]!], [BOTH[1]!, BOTH[0]!], [source("mean", Infinity), source("targetDirection")]]; // prettier-ignore

  test.each([
    [0.9, 0.3, 0.05],
    [40, 2, 1e-6],
    [0, 0.4, 0.1],
    [2, 0, 0],
  ])("its traces solve their equation at V̂ = (%f, %f), λ = %f", (V1hat, V2hat, ridge) => {
    const [V1, g] = solutionAt(V1hat, V2hat, ridge).traces as unknown as [number, number];
    const t = 0.8 * g * V1hat;
    expect(relative(g * (ridge + V2hat) + V1hat * V1, 1)).toBeLessThan(1e-13);
    expect(relative(V1, g * sum(bulk.fractions, (c) => c / (1 + t * c)))).toBeLessThan(1e-13);
  });

  test("its response is that of differences", () => {
    const { response } = solutionAt(0.9, 0.3);
    const trace = (V: number, W: number, i: number) => solutionAt(V, W).traces[i]!;
    [0, 1].forEach((i) => {
      expect(relative(response[2 * i]!, -difference((x) => trace(x, 0.3, i), 0.9, 1e-3))).toBeLessThan(1e-9);
      expect(relative(response[2 * i + 1]!, -difference((x) => trace(0.9, x, i), 0.3, 1e-3))).toBeLessThan(1e-9);
    });
  });

  test.each(SETS)("the precision of its coefficients, and its slope", (...sources) => {
    const precisionAt = (V: number, W: number) => solutionAt(V, W).priorPrecision(sources)!;
    const precision = precisionAt(0.9, 0.3);
    const g = solutionAt(0.9, 0.3).traces[1]!;
    const t = 0.8 * g * 0.9;
    const form = (parts: Float64Array) => sum(parts, (c) => c / (1 + t * c));
    const [vv, vz, zz] = [form(bulk.spike), form(bulk.mixed), form(bulk.target)];
    const T = sources.length;
    const [theta, psi] = ["spikeDirection", "targetDirection"].map((kind) => sources.findIndex((s) => s.kind === kind)) as [number, number]; // prettier-ignore
    const expected = new Float64Array(T * T);
    sources.forEach(({ kind, strength }, i) => {
      if (kind === "power") expected[i * (T + 1)] = 1 / (g * strength);
    });
    const determinant = vv * zz - vz * vz;
    if (theta >= 0 && psi >= 0) {
      expected[theta * (T + 1)] = (zz / determinant - t) / g;
      expected[psi * (T + 1)] = (vv / determinant - t) / g;
      expected[theta * T + psi] = expected[psi * T + theta] = -vz / determinant / g;
    } else if (theta >= 0) expected[theta * (T + 1)] = (1 / vv - t) / g;
    else expected[psi * (T + 1)] = (1 / zz - t) / g;
    precision.matrix.forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 12));
    const x = Float64Array.from(sources, (_, i) => [0.7, -0.4, 0.3][i]!);
    const cost = (V: number, W: number) =>
      precisionAt(V, W).matrix.reduce((total, value, i) => total + value * x[Math.floor(i / T)]! * x[i % T]!, 0);
    const [first, second] = precision.slope(x);
    expect(Math.abs(first! - difference((V) => cost(V, 0.3), 0.9, 1e-3))).toBeLessThan(1e-9);
    expect(Math.abs(second! - difference((W) => cost(0.9, W), 0.3, 1e-3))).toBeLessThan(1e-9);
  });

  test("directions that no bulk has are refused by a reason", () => {
    const collinear = { ...bulk, mixed: Float64Array.of(0.7, 0.2, 0.1), target: bulk.spike };
    const conjugates = Float64Array.of(1, 1);
    expect(structuredBulk(collinear).solve({ ...argument, conjugates })).toMatch(/not positive definite/);
    expect(structuredBulk(bulk).solve({ ...argument, ridge: -2, conjugates: Float64Array.of(0, 1) })).toMatch(
      /trace g/,
    );
  });
});

describe("random features on structured inputs", () => {
  const inputs = { inputEigenvalues: [1], teacherPower: [1], widths: [30], student: "tanh", target: "sin" };
  const features = (change: object) =>
    covariateSolver({ model: "structuredRandomFeatures", ...inputs, inputMultiplicities: [50], ...change }).solve({ samples: 20, ridge: 0.1 }) as StructuredFeaturesSolution; // prettier-ignore

  test("few effective dimensions are told, and what is no model is refused by name", () => {
    expect(features({}).notices).toEqual([]);
    expect(features({ inputMultiplicities: [49] }).notices).toHaveLength(1);
    expect(() => features({ student: "0*x+1" })).toThrow(/student.*an activation that is not constant/);
    expect(() => features({ target: "exp(x^2)" })).toThrow(/target/);
    expect(() => features({ inputMultiplicities: [1, 2] })).toThrow(/inputMultiplicities.*as inputEigenvalues \(1\)/);
  });
});

describe("fits of a teacher on any covariance", () => {
  const base = { model: "gaussianCovariates", ...levels, teacherVariance: 1.8, samples: 60, ridge: 0.5 } as const;
  const fit = (change: object) =>
    convexSolver({ ...base, ...change } as unknown as ConvexCovariates).solve(base) as ConvexCovariatesSolution;

  test("without an intercept unless asked for one, which helps labels of a mean", () => {
    const shifted = { teacher: "sign", teacherShift: 0.8, loss: "logistic" };
    const [plain, none, one] = [{}, { intercept: false }, { intercept: true }].map((more) =>
      fit({ ...shifted, ...more }),
    );
    expect(plain!.testLoss).toBe(none!.testLoss);
    expect(plain!.intercept).toBeUndefined();
    expect(one!.status).toBe("converged");
    expect(one!.testClassificationError).toBeLessThan(plain!.testClassificationError - 0.01);
    // The objective is least at the intercept: its slope there vanishes with mirrored labels mirrored.
    const mirrored = fit({ ...shifted, teacherShift: -0.8, intercept: true });
    expect(mirrored.intercept).toBeCloseTo(-one!.intercept!, 9);
    expect(mirrored.testLoss).toBeCloseTo(one!.testLoss, 10);
  });

  test("residual losses have an excess risk, those of margins do not, and an estimate is never less than rounding", () => {
    const residual = fit({ teacher: "regression", target: "x", labelNoise: 0.3, loss: "huber", huberThreshold: 1 });
    expect(residual.excessRisk).toBeCloseTo(residual.testError - 0.3, 12);
    expect(residual.trainError).toBeGreaterThan(0);
    const margin = fit({ teacher: "sign", loss: "logistic" });
    expect("excessRisk" in margin || "trainError" in margin).toBe(false);
    for (const { errorEstimate } of [residual, margin]) {
      expect(errorEstimate).toBeGreaterThanOrEqual(1e-14);
      expect(errorEstimate).toBeLessThan(1e-8);
    }
    expect(solve({ ...base, teacher: "sign", loss: "square" } as never)).toMatchObject({ status: "converged", V: expect.any(Number) as number }); // prettier-ignore
  });

  test("the scale of a logistic teacher is that of its argument", () => {
    const one = fit({ teacher: "logistic", logisticScale: 0.7, loss: "logistic" });
    const units = { signal: levels.signal.map((b) => 9 * b), teacherVariance: 9 * 1.8, logisticScale: 0.7 / 3 };
    expect(fit({ teacher: "logistic", loss: "logistic", ...units }).testLoss).toBeCloseTo(one.testLoss, 9);
  });
});

test("a target that oscillates, with a loss of kinks that are far away: averages over its field keep their digits", () => {
  const target: Activation = { ...activation("sin(2*x)"), value: (z) => Math.sin(2 * Math.sqrt(1.8) * z) };
  const [L, s2, V, noise] = [0.0628, 1.884, 12.9, 0.3];
  // −E ζ ℓ′(prox) for δ = 1/2, on a grid of its own.
  const s = Math.sqrt(s2 + noise);
  const end = 0.5 * (1 + V);
  let sum = 0;
  for (let i = -900; i <= 900; i++) {
    const z = i / 100;
    const a = target.value(z) - L * z;
    const [low, high] = [(-end - a) / s, (end - a) / s];
    const line = a * (normalCdf(high) - normalCdf(low)) - s * (normalPdf(high) - normalPdf(low));
    sum -= (z * normalPdf(z) * (0.5 * (normalCdf(-high) - normalCdf(low)) + line / (1 + V))) / 100;
  }
  const potential = localPotential(resolveLoss({ huber: 0.5 }), { target, alignment: 0, labelNoise: noise }, 14);
  const out = new Float64Array(DERIVATIVES);
  potential.evaluate(0, 0, L, s2, V, out);
  potential.evaluate(0, 0, L, s2, V, out);
  expect(Math.abs(out[1]! - sum)).toBeLessThan(1e-13);
});
