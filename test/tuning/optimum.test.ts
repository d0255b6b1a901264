import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ConvergenceError, curve, derivatives, optimum, ParameterError, solve } from "../../src/index.ts";
import { searchOver } from "../../src/tuning/axes.ts";
import { localMinimum } from "../../src/tuning/localMinimum.ts";
import { objective } from "../../src/tuning/objective.ts";
import { gridMinima } from "../../src/tuning/scan.ts";
import { unitOf } from "../../src/tuning/units.ts";

const noisy = { model: "randomFeatures", student: "tanh", target: "sin", labelNoise: 0.1 } as const;

describe("optimum", () => {
  test("the slope of the test error vanishes at the best ridge, and values around are larger", () => {
    const at = { ...noisy, sampleRatio: 1.3, widthRatio: 2 };
    const tried: number[] = [];
    const best = optimum(at, { over: ["ridge"], onProgress: (places) => tried.push(places) });
    expect(tried.length).toBeGreaterThan(10);
    expect(tried).toEqual(tried.map((_, i) => i + 1));
    const ridge = best.at.ridge!;
    const slope = derivatives({ ...at, ridge }, ["ridge"]).ridge!["testError"]!;
    expect(Math.abs(slope.value * ridge)).toBeLessThan(1e-8);
    for (const factor of [0.99, 1.01]) {
      expect(solve({ ...at, ridge: factor * ridge }).testError).toBeGreaterThan(best.value * (1 + 1e-8));
    }
    expect(best.ends).toEqual({});
  });

  test("a linear network of infinite width has λ* = Δ: ordinary ridge regression on isotropic inputs", () => {
    // λ* = (noise + unexplained) p/|Ω⁻¹b|² with p = d, |Ω⁻¹b| = 1; at β = 1e8 the features are the inputs to 1e-8.
    const linear = { model: "randomFeatures", student: "identity", target: "identity", widthRatio: 1e8 } as const;
    for (const [labelNoise, sampleRatio] of [
      [0.3, 1.3],
      [0.05, 0.4],
      [2, 3],
    ] as const) {
      const { at, value, placeError } = optimum({ ...linear, labelNoise, sampleRatio }, { over: ["ridge"] });
      expect(Math.abs(at.ridge! / labelNoise - 1)).toBeLessThan(1e-6);
      expect(placeError.ridge! / labelNoise).toBeLessThan(1e-5);
      // t = λ/(n − df1) as in covariates §4, with R = B/(1 − df2/n) at Ω = I, n = α, p = 1.
      const b = labelNoise + 1 - sampleRatio;
      const t = (b + Math.sqrt(b * b + 4 * sampleRatio * labelNoise)) / (2 * sampleRatio);
      const risk = (labelNoise + (t / (1 + t)) ** 2) / (1 - 1 / (1 + t) ** 2 / sampleRatio);
      expect(Math.abs(value / risk - 1)).toBeLessThan(1e-7);
    }
  });

  const spectrum = { model: "gaussianCovariates", multiplicities: [100], unexplained: 0.3, samples: 60 } as const;
  test.each([
    [1, 1, 0.1],
    [1e6, 1, 0.1],
    [1e-9, 1e3, 0.1],
    [1, 1e-3, 0],
    [1, 1, 1000],
  ])(
    "isotropic covariates of size %g and signal %g and noise %g have λ* = (Δ + unexplained) p/|Ω⁻¹b|²",
    (c, b, labelNoise) => {
      const description = { ...spectrum, eigenvalues: [c], signal: [c * b * b], labelNoise } as const;
      const { at, value, placeError } = optimum(description, { over: ["ridge"] });
      const floor = labelNoise + 0.3;
      const best = (100 * floor * c) / (b * b);
      expect(Math.abs(at.ridge! / best - 1)).toBeLessThan(Math.max(1e-6, placeError.ridge! / best));
      expect(placeError.ridge! / best).toBeLessThan(1e-6 * (1 + floor / (b * b)));
      // covariates §4, in units of c.
      const [n, p, ridge] = [60, 100, best / c];
      const t = (ridge + p - n + Math.sqrt((ridge + p - n) ** 2 + 4 * n * ridge)) / (2 * n);
      const risk = (floor + b * b * (t / (1 + t)) ** 2) / (1 - p / n / (1 + t) ** 2);
      expect(Math.abs(value / risk - 1)).toBeLessThan(1e-10);
    },
  );

  test("other units of labels, features and arguments change the optimum by their factor alone", () => {
    const at = { ...noisy, sampleRatio: 1.3, widthRatio: 2 } as const;
    const network = { ...at, model: "trainedNetwork", theory: "srf", stepSampleRatio: 3, ridge: 0.1 } as const;
    const scaled: readonly (readonly [object, object, "ridge" | "learningRate", number, number])[] = [
      [at, { student: "1000*tanh(x)" }, "ridge", 1e6, 1],
      [at, { student: "1e-6*tanh(x)" }, "ridge", 1e-12, 1],
      [at, { target: "1000*sin(x)", labelNoise: 1e5 }, "ridge", 1, 1e6],
      [network, { target: "1000*sin(x)", labelNoise: 1e5 }, "learningRate", 1e-3, 1e6],
    ];
    for (const [description, change, name, factor, errors] of scaled) {
      const unit = unitOf(name, { ...description, ...change });
      expect(Math.abs(unit / unitOf(name, description) / factor - 1)).toBeLessThan(1e-9);
      if (name !== "ridge") continue;
      const first = optimum(description as typeof at, { over: [name] });
      const second = optimum({ ...description, ...change } as typeof at, { over: [name] });
      expect(Math.abs(second.at[name]! / first.at[name]! / factor - 1)).toBeLessThan(1e-9);
      expect(Math.abs(second.value / first.value / errors - 1)).toBeLessThan(1e-10);
      expect([first.ends, second.ends]).toEqual([{}, {}]);
    }
  });

  test("legal limits are optima, and said to be so", () => {
    const noiseless = { model: "randomFeatures", student: "identity", target: "identity", sampleRatio: 1.3 } as const;
    const ridgeless = optimum({ ...noiseless, widthRatio: 2 }, { over: ["ridge"] });
    expect(ridgeless.at).toEqual({ ridge: 0 });
    expect(ridgeless.ends).toEqual({ ridge: "limit" });
    const data = optimum({ ...noisy, widthRatio: 1, ridge: 0.1 }, { over: ["sampleRatio"] });
    expect(data.at).toEqual({ sampleRatio: Infinity });
    expect(data.ends).toEqual({ sampleRatio: "limit" });
  });

  test("every local minimum is listed, the global one first; a budget is spent", () => {
    const network = {
      model: "trainedNetwork",
      theory: "srf",
      student: "tanh",
      target: "sin",
      labelNoise: 0.1,
    } as const;
    const description = { ...network, learningRate: 1, ridge: 0.1, widthRatio: 1, finiteDimension: 1000 };
    const { minima, value } = optimum(description, { over: ["stepSampleRatio"], budget: 4 });
    expect(minima.length).toBeGreaterThanOrEqual(2);
    expect(minima[0]!.value).toBe(value);
    minima.forEach(({ at, value: there }, i) => {
      expect(at.stepSampleRatio! + at.sampleRatio!).toBeCloseTo(4, 12);
      if (i > 0) expect(there).toBeGreaterThanOrEqual(minima[i - 1]!.value);
      const point = { ...description, stepSampleRatio: at.stepSampleRatio!, sampleRatio: at.sampleRatio! };
      expect(Math.abs(solve(point).testError / there - 1)).toBeLessThan(1e-10);
    });
  });

  test("at the best ridge the test error of random features falls with α and with β", () => {
    const problem = fc.record({
      student: fc.constantFrom("tanh", "relu", "erf"),
      target: fc.constantFrom("sin", "tanh", "He1"),
      labelNoise: fc.double({ min: 0.01, max: 1, noNaN: true }),
      sampleRatio: fc.double({ min: 0.3, max: 4, noNaN: true }),
      widthRatio: fc.double({ min: 0.3, max: 4, noNaN: true }),
    });
    let compared = 0;
    fc.assert(
      fc.property(problem, (drawn) => {
        const model = { model: "randomFeatures" as const, ...drawn };
        const tuned = (change: object) => optimum({ ...model, ...change }, { over: ["ridge"] }).value;
        const here = tuned({});
        expect(tuned({ sampleRatio: 1.2 * drawn.sampleRatio })).toBeLessThanOrEqual(here * (1 + 1e-10));
        expect(tuned({ widthRatio: 1.2 * drawn.widthRatio })).toBeLessThanOrEqual(here * (1 + 1e-10));
        compared += 2;
      }),
      { numRuns: 12, seed: 7 },
    );
    expect(compared).toBe(24);
  });

  test("a tuned curve has the lower of two minima, which change places along it", () => {
    const model = {
      model: "gaussianCovariates",
      eigenvalues: [26.8, 1],
      multiplicities: [21, 100],
      signal: [0.242, 0.0377],
      labelNoise: 0.0786,
    } as const;
    for (const factor of [1.02, 1.06]) {
      const samples = Array.from({ length: 12 }, (_, i) => 120 * factor ** i);
      const rows = curve({ ...model, ridge: "optimal" }, { sweep: { samples } });
      const ridges = rows.map(({ ridge }) => ridge!);
      expect(ridges[0]! / ridges.at(-1)!).toBeGreaterThan(9);
      rows.forEach((row, i) => {
        const best = optimum({ ...model, samples: samples[i]! }, { over: ["ridge"] });
        expect(row.status === "converged" && Math.abs(row.testError / best.value - 1)).toBeLessThan(1e-12);
        expect(Math.abs(ridges[i]! / best.at.ridge! - 1)).toBeLessThan(1e-5);
      });
    }
  });

  test("two parameters at once", () => {
    const spiked = {
      model: "spikedRandomFeatures",
      student: "tanh",
      target: "sin",
      labelNoise: 0.1,
      alignment: 0.9,
    } as const;
    const at = { ...spiked, sampleRatio: 1, widthRatio: 1 };
    const best = optimum(at, { over: { ridge: [1e-3, 10], spikeStrength: [0.1, 5] } });
    const found = { ...at, ridge: best.at.ridge!, spikeStrength: best.at.spikeStrength! };
    const slopes = derivatives(found, ["ridge", "spikeStrength"]);
    for (const name of ["ridge", "spikeStrength"] as const) {
      expect(Math.abs(slopes[name]!["testError"]!.value)).toBeLessThan(1e-6);
    }
  });

  test("losses of margins are tuned for the error of classification", () => {
    const logistic = { model: "randomFeatures", student: "tanh", target: "sign", loss: "logistic" } as const;
    const at = { ...logistic, labelNoise: 0.2, sampleRatio: 1, widthRatio: 1 } as const;
    const best = optimum(at, { over: { ridge: [1e-3, 1] } });
    const errors = [0.9, 1, 1.1].map((factor) => {
      const result = solve({ ...at, ridge: factor * best.at.ridge! });
      return "testClassificationError" in result ? result.testClassificationError : NaN;
    });
    expect(Math.abs(best.value / errors[1]! - 1)).toBeLessThan(1e-10);
    expect(Math.min(errors[0]!, errors[2]!)).toBeGreaterThan(errors[1]!);
    expect(best.ends).toEqual({});
  });

  const refused: [string, () => unknown, string][] = [
    [
      "an unknown parameter",
      () => optimum({ ...noisy, sampleRatio: 1, widthRatio: 1 }, { over: ["depth" as "ridge"] }),
      "over",
    ],
    [
      "one parameter twice",
      () => optimum({ ...noisy, sampleRatio: 1, widthRatio: 1 }, { over: ["ridge", "ridge"] }),
      "over",
    ],
    [
      "an option that is none",
      () => optimum({ ...noisy, sampleRatio: 1, widthRatio: 1 }, { over: ["ridge"], minimize: "trainError" } as never),
      "minimize",
    ],
    ["none", () => optimum({ ...noisy, sampleRatio: 1, widthRatio: 1 }, { over: [] }), "over"],
    [
      "an empty range",
      () => optimum({ ...noisy, sampleRatio: 1, widthRatio: 1 }, { over: { ridge: [1, 1] } }),
      "over.ridge",
    ],
    [
      "no budget",
      () => optimum({ ...noisy, sampleRatio: 1, widthRatio: 1 }, { over: ["sampleRatio"], budget: null as never }),
      "budget",
    ],
    [
      "a range of what has a share of the budget",
      () => {
        const step = { model: "trainedNetwork", student: "tanh", target: "sin", learningRate: 1 } as const;
        const network = { ...step, widthRatio: 1, ridge: 0.1 };
        return optimum(network, { over: { stepSampleRatio: [5, 6] }, budget: 4 });
      },
      "over.stepSampleRatio",
    ],
    ["no description", () => optimum(null as never, { over: ["ridge"] }), "description"],
    [
      "no such number",
      () => optimum({ ...noisy, sampleRatio: 1, widthRatio: 1 }, { over: ["ridge"], minimise: "loss" }),
      "minimise",
    ],
    [
      "a number as the name of one",
      () => optimum({ ...noisy, sampleRatio: 1, widthRatio: 1 }, { over: ["ridge"], minimise: 3 as unknown as string }),
      "minimise",
    ],
    [
      "a budget without room",
      () => optimum({ ...noisy, widthRatio: 1, ridge: 1 }, { over: ["sampleRatio"], budget: 0 }),
      "budget",
    ],
    ["a budget of nothing tuned", () => optimum({ ...noisy, widthRatio: 1 }, { over: ["ridge"], budget: 3 }), "over"],
  ];
  test.each(refused)("refuses %s", (_name, attempt, parameter) => {
    expect(attempt).toThrow(ParameterError);
    expect(attempt).toThrow(expect.objectContaining({ parameter }) as Error);
  });

  const classified = {
    model: "gaussianCovariates",
    eigenvalues: [5, 1],
    multiplicities: [20, 60],
    signal: [4, 0.5],
    teacher: "sign",
    teacherVariance: 6,
    samples: 150,
    loss: "hinge",
  } as const;

  test("ends are those that the loss has: none at λ = 0, n = ∞ of covariates with the loss of margins", () => {
    const best = optimum(classified, { over: ["ridge"] });
    expect(best.ends).toEqual({});
    for (const factor of [0.1, 0.9, 1.1, 10]) {
      const { testClassificationError } = solve({ ...classified, ridge: factor * best.at.ridge! });
      expect(testClassificationError).toBeGreaterThan(best.value);
    }
    const { ends, at } = optimum({ ...classified, ridge: 500 }, { over: ["samples"] });
    expect(ends).toEqual({ samples: "range" });
    expect(at.samples).toBeGreaterThan(1e9);
    expect(() => optimum(classified, { over: { ridge: [0, 1] } })).toThrow("each a finite number > 0");
    const kinked = { ...noisy, ridge: 0.1, widthRatio: 1, loss: "absolute" } as const;
    expect(() => optimum(kinked, { over: { sampleRatio: [1, Infinity] } })).toThrow("which has a kink");
  });

  test("α and β together, of which one alone may be infinite: the other goes on till the error does not fall any more", () => {
    const { ends, value, errorEstimate, minima } = optimum(
      { ...noisy, ridge: 0.1 },
      { over: ["sampleRatio", "widthRatio"] },
    );
    expect(Object.values(ends).sort()).toEqual(["limit", "range"]);
    expect(minima.map(({ at }) => Math.max(at.sampleRatio!, at.widthRatio!))).toEqual([Infinity, Infinity]);
    expect(minima.map(({ at }) => Math.min(at.sampleRatio!, at.widthRatio!) > 1e6)).toEqual([true, true]);
    expect(Math.abs(minima[1]!.value - value)).toBeLessThan(2 * errorEstimate * value);
  });

  test("what is approached and not taken is in the errors: at few samples, and at many of a loss that has no limit", () => {
    const few = optimum({ ...noisy, labelNoise: 5, widthRatio: 1, ridge: 1e-6 }, { over: ["sampleRatio"] }).minima[1]!;
    expect(few.ends).toEqual({ sampleRatio: "range" });
    expect(few.placeError.sampleRatio).toBe(few.at.sampleRatio);
    // Without samples the readout is zero: E sin² + Δ.
    const zero = 0.5 * (1 - Math.exp(-2)) + 5;
    expect(few.errorEstimate).toBeLessThan(1e-8);
    expect(few.value / zero - 1).toBeLessThan(few.errorEstimate);
    const many = optimum({ ...classified, ridge: 500 }, { over: ["samples"] });
    expect(many.placeError.samples).toBe(Infinity);
    const farther = solve({ ...classified, ridge: 500, samples: 10 * many.at.samples! }).testClassificationError;
    expect(many.value / farther - 1).toBeLessThan(many.errorEstimate);
    expect(many.errorEstimate).toBeLessThan(1e-7);
  });

  test("a parameter at infinity beside a free one is where it is, without error", () => {
    const { ends, placeError } = optimum({ ...noisy, widthRatio: 1 }, { over: ["sampleRatio", "ridge"] });
    expect(ends.sampleRatio).toBe("limit");
    expect(placeError.sampleRatio).toBe(0);
    expect(placeError.ridge).toBeLessThan(1e-4);
  });

  test("a search goes through all points of a model before the next, in whatever order parameters are given", () => {
    const spiked = { ...noisy, model: "spikedRandomFeatures" } as const;
    const search = searchOver(spiked, ["ridge", "spikeStrength", "widthRatio", "alignment"]);
    expect(search.axes.map(({ name }) => name)).toEqual(["spikeStrength", "alignment", "ridge", "widthRatio"]);
    expect(Object.entries(search.parametersAt([2, 0.5, 0.1, 3]))).toEqual(
      Object.entries({ ridge: 0.1, spikeStrength: 2, widthRatio: 3, alignment: 0.5 }),
    );
  });

  test("a place of a scan that is hardly known is equal to its neighbours, but does not lead from them anywhere", () => {
    const known = (value: number, error = 1e-12) => ({ value, error });
    const values = [known(9), known(3), known(1), known(1.5, 2), known(2), known(0.9), known(5)];
    const first = ([index]: readonly number[]) => (index === 3 ? 1 : 0);
    expect(gridMinima({ shape: [7], values }, first)).toEqual([[5], [2]]);
    const flat = [known(1), known(1 + 1e-5, 1e-3), known(1 + 1e-4), known(2)];
    expect(gridMinima({ shape: [4], values: flat }, ([index]) => index!)).toEqual([[0]]);
  });

  test("where values are rounded more than they say, the lowest place that was reached counts, and what is left to fall", () => {
    const rounded = (x: number): number => Math.round(1e3 * x) / 1e3;
    const bowl = ([u]: readonly number[]) => ({ value: rounded((u! - 8) ** 2 + 0.3 * Math.cos(9 * u!)), error: 1e-12 });
    const found = localMinimum(bowl, [-2], [[-20, 20]]);
    if (!found || found.status === "outside") throw new Error("no minimum");
    expect(Math.abs(found.place[0]! - 8)).toBeLessThan(2);
    // As well known as the test error of which it is the smaller part.
    const point = { ...noisy, labelNoise: 1, target: "tanh", sampleRatio: 100, widthRatio: 1, ridge: 1 } as const;
    const { testError, errorEstimate } = solve(point);
    expect(objective("excessRisk").evaluate(point)!.error).toBe(errorEstimate * testError);
  });

  test("a minimum beside a corner of the scan is not taken for the corner", () => {
    const network = {
      model: "trainedNetwork",
      theory: "srf",
      student: "tanh",
      target: "sin",
      widthRatio: 2.4,
    } as const;
    const point = { ...network, sampleRatio: 4.8, ridge: 0.0013, learningRate: 1, stepSampleRatio: 1 };
    const { at, ends, value } = optimum(point, { over: { stepSampleRatio: [0.1, 20], learningRate: [0, 5] } });
    expect(ends).toEqual({ stepSampleRatio: "range" });
    for (const learningRate of [0.99, 1.01].map((factor) => factor * at.learningRate!)) {
      expect(solve({ ...point, stepSampleRatio: 20, learningRate }).testError).toBeGreaterThan(value);
    }
  });

  test("a limit that is not that of its neighbours is none of theirs: without a rate, a batch of the step is lost", () => {
    const step = { model: "trainedNetwork", theory: "srf", student: "tanh", target: "x", labelNoise: 0.1 } as const;
    const point = { ...step, widthRatio: 2, ridge: 0.1, sampleRatio: 3.7, stepSampleRatio: 2, learningRate: 1 };
    const { at, value, ends, errorEstimate, placeError } = optimum(point, { over: ["learningRate"] });
    expect(ends).toEqual({ learningRate: "range" });
    expect(at.learningRate).toBeGreaterThan(0);
    expect(value).toBeLessThan(solve({ ...point, learningRate: 0 }).testError - 0.05);
    expect(placeError.learningRate).toBe(at.learningRate);
    const nearer = solve({ ...point, learningRate: 1e-3 * at.learningRate! }).testError;
    expect(Math.abs(value / nearer - 1)).toBeLessThan(errorEstimate);
  });

  test("a search without any solution says why", () => {
    const impossible = {
      model: "randomFeatures",
      student: "identity",
      target: "sin",
      sampleRatio: 1,
      widthRatio: 2,
    } as const;
    expect(() => optimum(impossible, { over: { ridge: [0, 1e-300] } })).toThrow(ConvergenceError);
  });
});
