import { describe, expect, test } from "vitest";
import { type EveryDescription, rowSolver } from "../../src/curve/sweep.ts";
import type { SweepParameter } from "../../src/parameters/table.ts";
import { exactDerivatives } from "../../src/tuning/exactDerivatives.ts";
import { numbersOf } from "../../src/tuning/numbersOf.ts";

const spiked = {
  model: "spikedRandomFeatures",
  student: "tanh",
  target: "sin",
  spikeStrength: 1.2,
  alignment: 0.7,
  labelNoise: 0.2,
  sampleRatio: 1.4,
  widthRatio: 0.8,
  ridge: 0.1,
} as const;
const network = {
  ...{ model: "trainedNetwork", student: "tanh", target: "sin", learningRate: 1, stepSampleRatio: 2, labelNoise: 0.2 },
  ...{ sampleRatio: 1.4, widthRatio: 0.8, ridge: 0.1 },
} as const;
const covariates = {
  ...{ model: "gaussianCovariates", eigenvalues: [3, 1, 0.2], multiplicities: [0.3, 0.5, 1], signal: [0.9, 0.3, 0.02] },
  ...{ teacherVariance: 1, samples: 1.2, ridge: 0.1 },
} as const;
const ALL = ["ridge", "sampleRatio", "widthRatio", "labelNoise"] as const;

/** α, β, λ, Δ or n of losses, labels, models and limits. */
const cases: readonly (readonly [string, object, readonly SweepParameter[]])[] = [
  ["logistic, noisy signs", { ...spiked, target: "sign", loss: "logistic" }, ["ridge", "labelNoise"]],
  ["hinge, flips", { ...spiked, target: "sign", loss: "hinge", labelFlips: 0.1 }, ["sampleRatio"]],
  ["squared hinge after a step", { ...network, target: "x", loss: "squaredHinge", labelFlips: 0.1 }, ["widthRatio"]],
  ["absolute, two groups", { ...spiked, loss: "absolute", readoutValues: [1, -0.5] }, ["ridge"]],
  ["Huber, outliers", { ...spiked, loss: { huber: 0.5 }, outlierShare: 0.1, outlierVariance: 4 }, ["labelNoise"]],
  ["no ridge, interpolating", { ...spiked, loss: { huber: 0.5 }, ridge: 0, sampleRatio: 0.4 }, ["sampleRatio"]],
  ["no ridge, separable", { ...spiked, target: "sign", loss: "hinge", ridge: 0, sampleRatio: 0.4 }, ["widthRatio"]],
  ["infinite data", { ...spiked, target: "sign", loss: "logistic", sampleRatio: Infinity }, ["widthRatio"]],
  [
    "regression on covariates",
    { ...covariates, teacher: "regression", target: "x", loss: "absolute", labelNoise: 0.3, intercept: true },
    ["samples", "labelNoise"],
  ],
  [
    "signs on covariates",
    { ...covariates, teacher: "probit", teacherShift: 0.4, loss: "logistic", labelNoise: 0.3, intercept: true },
    ["samples", "labelNoise"],
  ],
];

/** f′ to sixth order on the scale ln p. */
function sixthOrder(at: (p: number) => ReadonlyMap<string, { readonly value: number }>, p: number, h: number) {
  const values = [1, -1, 2, -2, 3, -3].map((j) => at(p * Math.exp(j * h)));
  return (name: string): number => {
    const [a, A, b, B, c, C] = values.map((numbers) => numbers.get(name)!.value);
    return (45 * (a! - A!) - 9 * (b! - B!) + (c! - C!)) / (60 * h * p);
  };
}

describe("derivatives of losses by the implicit function theorem", () => {
  test.each(cases)("are differences of solutions: %s", (_name, description, names) => {
    const exact = exactDerivatives(description as EveryDescription);
    const solveRow = rowSolver();
    const at = (name: string) => (value: number) =>
      numbersOf(solveRow({ ...(description as EveryDescription), [name]: value }));
    let compared = 0;
    for (const name of names) {
      const found = exact(name)!;
      const parameter = (description as Readonly<Record<string, unknown>>)[name] as number;
      const sizes = at(name)(parameter);
      const difference = sixthOrder(at(name), parameter, 0.01);
      expect(Object.keys(found).sort()).toEqual([...sizes.keys()].sort());
      for (const [number, { value, error, method }] of Object.entries(found)) {
        expect(method, number).not.toBe("difference");
        const scale = Math.abs(value) + Math.abs(sizes.get(number)!.value) / parameter + 1e-4;
        // Classification errors of solutions are known less well than the rest.
        const allowed = number.endsWith("ClassificationError") ? 1e-5 : 1e-7;
        expect(error, `${number} by ${name}`).toBeLessThan(0.1 * allowed * scale);
        expect(Math.abs(value - difference(number)), `${number} by ${name}`).toBeLessThan(allowed * scale);
        compared++;
      }
    }
    expect(compared).toBeGreaterThan(7 * names.length);
  });

  const square: readonly (readonly [string, object])[] = [
    ["spiked", { ...spiked, readoutValues: [1, -0.5] }],
    ["a trained network", network],
    ["neither ridge nor noise", { ...spiked, ridge: 0, sampleRatio: 3, labelNoise: 0 }],
    ["infinite width", { ...spiked, widthRatio: Infinity }],
  ];
  test.each(square)(
    "Huber's loss of a threshold out of reach has those of ridge regression: %s",
    (_name, description) => {
      const ridge = exactDerivatives(description as EveryDescription);
      const huber = exactDerivatives({ ...description, loss: { huber: 1e3 } } as EveryDescription);
      let compared = 0;
      for (const name of ALL) {
        if ((description as { widthRatio: number }).widthRatio === Infinity && name === "widthRatio") continue;
        const [expected, found] = [ridge(name), huber(name)];
        expect(found === undefined).toBe(expected === undefined);
        if (!expected || !found) continue;
        // Of the square losses one counts ½(y − f)², the other that as its error.
        for (const number of ["testError", "excessRisk", "trainError", "Q2", "Q2[1]", "V1", "V2", "theta", "psi"]) {
          if (!expected[number] || !found[number]) continue;
          const gap = Math.abs(found[number].value - expected[number].value);
          expect(gap, `${number} by ${name}`).toBeLessThan(
            found[number].error + expected[number].error + 1e-9 * Math.abs(expected[number].value) + 1e-12,
          );
          compared++;
        }
      }
      expect(compared).toBeGreaterThan(15);
    },
  );

  test("d objective/dλ = (β/2α) Σ Q2", () => {
    const description = { ...spiked, target: "sign", loss: "logistic" } as const;
    const { value } = exactDerivatives(description)("ridge")!["objective"]!;
    const { value: Q2 } = numbersOf(rowSolver()(description)).get("Q2")!;
    expect(Math.abs(value - (0.8 / 2.8) * Q2)).toBeLessThan(1e-11 * value);
  });

  test("there are none by λ where λ → 0 is a limit of its own, and by what enters the step", () => {
    expect(exactDerivatives({ ...spiked, loss: { huber: 0.5 }, ridge: 0, sampleRatio: 0.4 })("ridge")).toBeUndefined();
    expect(exactDerivatives({ ...network, loss: { huber: 0.5 } } as EveryDescription)("labelNoise")).toBeUndefined();
  });
});
