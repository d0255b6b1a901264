import { describe, expect, test } from "vitest";
import { type EveryDescription, rowSolver } from "../../src/curve/sweep.ts";
import { derivatives, ParameterError, solve } from "../../src/index.ts";
import type { SweepParameter } from "../../src/parameters/table.ts";
import { differencesBy } from "../../src/tuning/differences.ts";
import { legalRange } from "../../src/tuning/legalRange.ts";
import { exactDerivatives } from "../../src/tuning/exactDerivatives.ts";
import { numbersOf } from "../../src/tuning/numbersOf.ts";

const point = {
  model: "randomFeatures",
  student: "relu",
  target: "He1 + 0.5*He2",
  sampleRatio: 1.4,
  widthRatio: 0.8,
  ridge: 0.05,
} as const;
const spiked = {
  ...point,
  model: "spikedRandomFeatures",
  target: "sin",
  spikeStrength: 1.2,
  alignment: 0.7,
  labelNoise: 0.2,
  readoutValues: [1, -0.5],
} as const;
const network = { ...point, model: "trainedNetwork", target: "sin", learningRate: 1, stepSampleRatio: 2 } as const;

describe("derivatives", () => {
  test.each([point, spiked, network])("d objective/dλ = (β/α) Σ Q2 for $model", (description) => {
    const { ridge } = derivatives({ ...description, target: "sin" }, ["ridge"]);
    const { Q2 } = solve({ ...description, target: "sin" }).overlaps;
    const exact = (0.8 / 1.4) * Q2.reduce((sum, value) => sum + value, 0);
    const { value, error } = ridge!["objective"]!;
    expect(Math.abs(value - exact)).toBeLessThanOrEqual(error + 1e-13);
    expect(error).toBeLessThan(1e-7 * exact);
  });

  test("the errors are linear in the label noise where it does not enter the step", () => {
    const { labelNoise } = derivatives(spiked, ["labelNoise"]);
    const [more, less] = [1, 0].map((noise) => solve({ ...spiked, labelNoise: noise }));
    for (const name of ["testError", "trainError", "objective"] as const) {
      const { value, error } = labelNoise![name]!;
      expect(Math.abs(value - (more![name] - less![name]))).toBeLessThanOrEqual(error + 1e-12);
    }
  });

  test("central and one-sided differences, on every parameter of the model, against wide differences", () => {
    const names = ["ridge", "sampleRatio", "widthRatio", "spikeStrength", "alignment", "labelNoise"] as const;
    const found = derivatives(spiked, names);
    for (const name of names) {
      const h = 1e-4 * spiked[name];
      const at = (value: number) => solve({ ...spiked, [name]: value }).testError;
      const difference = (at(spiked[name] + h) - at(spiked[name] - h)) / (2 * h);
      const { value, error } = found[name]!["testError"]!;
      expect(Math.abs(value - difference), name).toBeLessThan(1e-6 * (1 + Math.abs(value)));
      expect(error, name).toBeLessThan(1e-7 * (1 + Math.abs(value)));
    }
    const atZero = derivatives({ ...spiked, ridge: 0, sampleRatio: 3 }, ["ridge"]).ridge!["testError"]!;
    const below =
      solve({ ...spiked, ridge: 1e-5, sampleRatio: 3 }).testError -
      solve({ ...spiked, ridge: 0, sampleRatio: 3 }).testError;
    expect(Math.abs(atZero.value - below / 1e-5)).toBeLessThan(1e-3 * Math.abs(atZero.value));
  });

  // Regression: a peak narrower than every step, at α = β with a small ridge, was given with a wrong value and a small error.
  test("peaks that are narrower than the usual steps are resolved", () => {
    const narrow = {
      ...spiked,
      student: "relu",
      target: "sin",
      sampleRatio: 0.2,
      widthRatio: 0.2,
      ridge: 6e-5,
    } as const;
    const found = derivatives(narrow, ["sampleRatio"]).sampleRatio!["testError"]!;
    // Sixth order within the peak.
    const h = 2e-4;
    const at = (k: number) => solve({ ...narrow, sampleRatio: 0.2 * Math.exp(k * h) }).testError;
    const expected = (45 * (at(1) - at(-1)) - 9 * (at(2) - at(-2)) + (at(3) - at(-3))) / (60 * h * 0.2);
    expect(Math.abs(found.value - expected)).toBeLessThan(found.error + 1e-7 * Math.abs(expected));
    expect(found.error).toBeLessThan(1e-6 * Math.abs(expected));
  });

  /** Features of isotropic rows with one group and more, in a basis, with weak mean channels, at limits; and covariates. */
  const formulas: readonly (readonly [string, EveryDescription, readonly SweepParameter[]])[] = [
    ["one group", { ...point, target: "sin", labelNoise: 0.3 }, ["ridge", "sampleRatio", "widthRatio", "labelNoise"]],
    ["two groups", { ...spiked, finiteDimension: 300 }, ["ridge", "widthRatio"]],
    [
      "collinear groups",
      { ...spiked, student: "x + 0.3*x^2", readoutValues: [1, -0.4, 0.3] },
      ["sampleRatio", "widthRatio"],
    ],
    ["no ridge", { ...spiked, ridge: 0, sampleRatio: 0.4 }, ["ridge", "sampleRatio", "labelNoise"]],
    ["infinite width", { ...spiked, readoutValues: [1], widthRatio: Infinity }, ["ridge", "sampleRatio"]],
    ["infinite data", { ...spiked, sampleRatio: Infinity }, ["ridge", "widthRatio"]],
    ["a trained network", { ...network, labelNoise: 0.2 }, ["ridge", "sampleRatio", "widthRatio"]],
    [
      "covariates",
      {
        model: "gaussianCovariates",
        eigenvalueExponent: 1.4,
        signalExponent: 0.6,
        count: 100,
        samples: 60,
        ridge: 0.02,
      },
      ["samples", "ridge", "labelNoise"],
    ],
  ];
  test.each(formulas)("formulas agree with differences: %s", (_name, description, names) => {
    const exact = exactDerivatives(description);
    const solveRow = rowSolver();
    let compared = 0;
    for (const name of names) {
      const found = exact(name)!;
      const at = (value: number) => numbersOf(solveRow({ ...description, [name]: value }));
      const parameter = (description as Partial<Record<SweepParameter, number>>)[name] ?? 0;
      const sizes = at(parameter);
      const differences = differencesBy(name, parameter, legalRange(name, description), at);
      expect(Object.keys(found).sort()).toEqual(Object.keys(differences).sort());
      for (const [number, difference] of Object.entries(differences)) {
        // Without a ridge V is given in units of 1/λ, at λ = 0 alone.
        if (name === "ridge" && parameter === 0 && number.startsWith("V")) continue;
        const { value, error } = found[number]!;
        const scale = Math.abs(value) + Math.abs(sizes.get(number)!.value) / (parameter || 1) + 1e-3;
        expect(error, `${number} by ${name}`).toBeLessThan(1e-8 * (scale + 0.1));
        const allowed = error + difference.error + 1e-7 * scale;
        expect(Math.abs(value - difference.value), `${number} by ${name}`).toBeLessThan(allowed);
        compared++;
      }
    }
    expect(compared).toBeGreaterThan(20);
    const [name] = names;
    const { value } = derivatives(description, [name!])[name!]!["testError"]!;
    expect(Math.abs(value - exact(name!)!["testError"]!.value)).toBeLessThanOrEqual(1e-10 * Math.abs(value));
  });

  test("the method is told, and near a singular point it is the one of less error", () => {
    const methods = (description: EveryDescription, name: SweepParameter) =>
      derivatives(description, [name])[name]!["testError"]!.method;
    expect(methods(network, "widthRatio")).toBe("implicit");
    expect(methods(network, "labelNoise")).toBe("difference");
    expect(methods({ ...point, target: "sin" }, "ridge")).toBe("implicit");
    // Two groups that differ by a factor nearly.
    const groups = { ...network, readoutValues: [1, -0.5] } as const;
    const exact = exactDerivatives(groups)("ridge")!;
    const chosen = derivatives(groups, ["ridge"]).ridge!;
    for (const [name, { error }] of Object.entries(chosen)) expect(error).toBeLessThanOrEqual(exact[name]!.error);
  });

  test("infinite and unknown parameters are refused", () => {
    expect(() => derivatives({ ...point, target: "sin", sampleRatio: Infinity }, ["sampleRatio"])).toThrow(
      ParameterError,
    );
    expect(() => derivatives({ ...point, target: "sin" }, ["depth" as "ridge"])).toThrow(ParameterError);
    expect(() => derivatives({ ...point, target: "sin" }, ["ridge", "ridge"])).toThrow(/every parameter once/);
  });
});
