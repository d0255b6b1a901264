import { describe, expect, test } from "vitest";
import { activation } from "../../src/activation/activation.ts";
import { stepNumbers } from "../../src/activation/stepNumbers.ts";
import { ParameterError } from "../../src/errors.ts";
import { gaussianReadout } from "../../src/model/gaussianReadout.ts";
import { differentiable, gradientStepMap } from "../../src/model/gradientStep.ts";
import { finiteSizeStep, intermediateRate, spikeCount } from "../../src/model/intermediateRate.ts";
import { slopeMoments } from "../../src/model/rowNorms.ts";
import { ba22LargeRate, ba22SmallRate, ridgeFromPapers } from "../../src/model/smallRate.ts";
import { stepRule } from "../../src/model/stepRule.ts";
import { featureModel } from "../../src/model/featureModel.ts";
import { strengthAt } from "../../src/problem/problem.ts";
import type { ModelParameters } from "../../src/parameters/description.ts";
import { noticesOf, requireAlignedSpike, stepNotices } from "../../src/model/stepHypotheses.ts";
import { check, checkReadout, RANGES } from "../../src/model/validation.ts";
import { gaussHermite } from "../../src/numerics/gaussHermite.ts";

const activations = { student: "tanh", target: "sin" } as const;
const spiked = { ...activations, model: "spikedRandomFeatures", spikeStrength: 1, alignment: 1 } as const;
const power = { ...activations, model: "powerChannels", alignment: 1 } as const;
const network = { ...activations, model: "trainedNetwork", learningRate: 1, stepSampleRatio: 1 } as const;
const messageOf = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(ParameterError);
    return (error as Error).message;
  }
  return "legal";
};

describe("legal ranges", () => {
  const values = [-Infinity, -2, -1, -0.5, 0, 1e-300, 1, 1.5, Infinity, NaN];
  test.each([
    ["positive", [1e-300, 1, 1.5], "a finite number > 0"],
    ["positiveOrInfinite", [1e-300, 1, 1.5, Infinity], "a number > 0, or Infinity"],
    ["nonNegative", [0, 1e-300, 1, 1.5], "a finite number >= 0"],
    ["nonNegativeOrInfinite", [0, 1e-300, 1, 1.5, Infinity], "a number >= 0, or Infinity"],
    ["finite", [-2, -1, -0.5, 0, 1e-300, 1, 1.5], "a finite number"],
    ["cosine", [-1, -0.5, 0, 1e-300, 1], "a number in [-1, 1]"],
  ] as const)("%s", (name, legal, words) => {
    expect(values.filter((x) => messageOf(() => check("x", x, RANGES[name])) === "legal")).toEqual(legal);
    expect(messageOf(() => check("x", "1", RANGES[name]))).toContain(words);
    expect(check("x", 1, RANGES[name])).toBe(1);
  });

  test("readouts: one value, equal fractions, or as given and scaled to sum to 1", () => {
    expect(checkReadout(undefined, undefined)).toEqual({ values: [1], fractions: [1] });
    expect(checkReadout([1, -1, 2, 0], undefined).fractions).toEqual([0.25, 0.25, 0.25, 0.25]);
    const { fractions } = checkReadout([1, 2], [0.3, 0.7 + 5e-10]);
    expect(fractions[0]! + fractions[1]!).toBeCloseTo(1, 15);
    expect(messageOf(() => checkReadout([1, 2], [0.3, 0.7 + 2e-9]))).toMatch(
      /readoutFractions.*sum to 1 \(they sum to 1.0/,
    );
    expect(messageOf(() => checkReadout([1, 2], [1]))).toMatch(
      /readoutFractions.*as many entries as readoutValues \(2\)/,
    );
    expect(messageOf(() => checkReadout([], undefined))).toMatch(/readoutValues.*a list of numbers/);
    expect(messageOf(() => checkReadout(3, undefined))).toMatch(/readoutValues.*a list of numbers/);
    expect(messageOf(() => checkReadout([1, Infinity], undefined))).toMatch(/readoutValues\[1\].*a finite number/);
  });

  test.each<[object, RegExp]>([
    [
      { model: "forest" },
      /model.*one of randomFeatures, spikedRandomFeatures, trainedNetwork, smallRate, powerChannels/,
    ],
    [{ ...spiked, rows: "odd" }, /rows.*"equal" or "gaussian"/],
    [{ ...spiked, bulkVariance: [1, 2] }, /bulkVariance.*one number, or one per readout value \(1\)/],
    [{ ...spiked, bulkVariance: [0] }, /bulkVariance\[0\]/],
    [{ ...network, theory: "mean field" }, /theory.*"network" or "srf"/],
    [{ ...network, rowNorms: 1 }, /rowNorms.*true or false/],
    [{ ...network, stepSampleRatio: NaN }, /stepSampleRatio/],
    [{ ...network, student: "sign" }, /student.*a continuous activation \(it jumps\)/],
    [
      { ...network, student: { value: (x: number) => x, derivative: () => 2 } },
      /student.*at x = \S+ it is 1.00000, not 2/,
    ],
    [{ ...network, student: { value: Math.sign } }, /student.*differences do not give its derivative/],
    [{ ...spiked, model: "smallRate", spikeStrength: -1 }, /spikeStrength/],
    [{ ...spiked, model: "smallRate", alignment: 2 }, /alignment/],
    [{ ...activations, model: "randomFeatures", bulkVariance: 0 }, /^bulkVariance/],
    [{ ...spiked, spikestrenght: 1 }, /^spikestrenght = 1 .*no field of model .*did you mean spikeStrength\?/],
    [{ ...network, alignment: 1 }, /^alignment = 1 .*it belongs to spikedRandomFeatures, smallRate, powerChannels/],
    [{ model: "trainedNetwork", student: "tanh" }, /^target.*also missing: stepSampleRatio \(.*\), learningRate \(/],
    [{ ...activations, model: "SpikedRandomFeature" }, /did you mean spikedRandomFeatures\?/],
    ...[[1, 1], [0], [21], [1.5], 3, undefined].map((powerChannels): [object, RegExp] => [
      { ...power, powerChannels },
      /powerChannels.*a list of distinct whole numbers from 1 to 20/,
    ]),
  ])("%j", (model, words) => {
    expect(messageOf(() => featureModel(model as ModelParameters))).toMatch(words);
  });

  test("a power whose Hermite coefficient vanishes is no channel, however high it is", () => {
    const powers = (student: string, powerChannels: number[]) =>
      featureModel({ ...power, student, powerChannels }).problem.channels.length - 2;
    const [odd, even] = [1, 0].map((first) => Array.from({ length: 10 }, (_, k) => 2 * k + 2 - first)) as [
      number[],
      number[],
    ];
    for (const student of ["tanh", "erf", "sin"]) {
      expect(powers(student, even)).toBe(0);
      expect(powers(student, odd)).toBe(10);
    }
    // The constant of cos is a channel, too. In which units the features are measured does not matter.
    for (const units of ["", "1e8*", "1e-8*"]) {
      expect(powers(`${units}cos(x)`, odd)).toBe(1);
      expect(powers(`${units}cos(x)`, even)).toBe(11);
    }
  });

  test("the ends of the ranges are legal", () => {
    const powers = { ...power, powerChannels: [1, 20], alignment: -1 } as const;
    expect(featureModel(powers).problem.channels.map(({ kind }) => kind)).toEqual([
      "power",
      "spikeDirection",
      "targetDirection",
    ]);
    const rows = featureModel({ ...spiked, rows: "gaussian", bulkVariance: 3, finiteDimension: 50 });
    expect(rows.problem.channels.map(({ kind, strength }) => [kind, strengthAt(strength, 1)])).toEqual([
      ["mean", 50],
      ["spikeDirection", 3],
      ["rowNorm", 18],
      ["targetDirection", 3],
    ]);
    const equal = featureModel({ ...spiked, rows: "equal", spikeStrength: 0 });
    expect(equal.problem.channels.map(({ kind, strength }) => [kind, strengthAt(strength, 1)])).toEqual([
      ["mean", Infinity],
      ["spikeDirection", 1],
      ["targetDirection", 1],
    ]);
  });
});

describe("what a step cannot do", () => {
  const [even, odd] = [activation("He2"), activation("sin")];

  test("is said in a sentence for each activation", () => {
    expect(stepNotices(odd, odd)).toEqual([]);
    expect(stepNotices(even, odd)).toEqual(["student He2 has h1 = E[zσ(z)] = 0: the gradient step makes no spike"]);
    expect(stepNotices(odd, even)).toEqual([
      "target He2 has h1* = E[zσ*(z)] = 0: the step learns nothing about it in this limit",
    ]);
    expect(messageOf(() => requireAlignedSpike(even, odd))).toMatch(/student.*makes no spike/);
    expect(messageOf(() => requireAlignedSpike(odd, even))).toMatch(/target.*learns nothing/);
    expect(messageOf(() => requireAlignedSpike(odd, odd))).toBe("legal");
  });

  test("concerns trained networks whose step does something", () => {
    const still = { ...network, student: "He2" };
    expect(noticesOf(still)).toHaveLength(1);
    expect(noticesOf({ ...still, learningRate: 0 })).toEqual([]);
    expect(noticesOf({ ...still, stepSampleRatio: 0 })).toEqual([]);
    expect(noticesOf({ ...still, model: "smallRate" })).toEqual([]);
  });
});

describe("exactness: the gradient step as spiked random features", () => {
  const step = {
    ...{ student: activation("x^2 - 3*x"), target: activation("2*x + (x^2-1)"), labelNoise: 0.5 },
    ...{ learningRate: 1.5, stepSampleRatio: 4, readoutValues: [1, -2] },
  };

  test("of a quadratic student, by hand", () => {
    // h1 = −3, Var σ′ = 4, h1* = 2, h2* = 4 + 2.
    const noise = (6 + 0.5) / 4;
    const norm = Math.sqrt(4 + noise);
    const map = gradientStepMap(step);
    expect(map.spikeStrength).toBeCloseTo(1.5 * 3 * norm, 11);
    expect(map.alignment).toBeCloseTo(2 / norm, 12);
    expect(map.readoutSign).toBe(-1);
    map.bulkVariance.forEach((c, k) => expect(c).toBeCloseTo(1 + 2.25 * [1, 4][k]! * 4 * noise, 10));
    expect(gradientStepMap({ ...step, student: activation("x") }).readoutSign).toBe(1);
  });

  test("no rate, no samples, or nothing to learn leaves the weights alone", () => {
    const none = { spikeStrength: 0, bulkVariance: [1, 1], alignment: 0, readoutSign: 1 };
    expect(gradientStepMap({ ...step, learningRate: 0 })).toEqual(none);
    expect(gradientStepMap({ ...step, stepSampleRatio: 0 })).toEqual(none);
    expect(gradientStepMap({ ...step, stepSampleRatio: Infinity, target: activation("1 + 0*x") })).toEqual(none);
  });

  test("a target without value somewhere is named with the place", () => {
    expect(() => stepRule(activation("log(x)"), 0.1, 0, 1)).toThrow(/target in the gradient step: .* at z = -?\d/);
  });

  test("moments of the slope are averages over the normal law", () => {
    for (const name of ["x^3 + x^4/4", "tanh(x) + x^3/10", "x^3"]) {
      const student = differentiable(activation(name));
      const numbers = stepNumbers(student, "student");
      const { nodes, weights } = gaussHermite(90);
      const average = (f: (e: number, z: number) => number) =>
        nodes.reduce((sum, z, i) => {
          return sum + weights[i]! * f(student.derivative(z) - numbers.h1 - numbers.curvature * z, z);
        }, 0);
      const moments = slopeMoments(student, numbers);
      const expected = {
        second: average((e) => e ** 2),
        third: average((e) => e ** 3),
        fourth: average((e) => e ** 4),
        linearHe2: average((e, z) => e * (z * z - 1)),
        linearCube: average((e, z) => e * z ** 3),
        squareZ: average((e, z) => e * e * z),
        squareZ2: average((e, z) => e * e * z * z),
        cubeZ: average((e, z) => e ** 3 * z),
      };
      for (const [key, value] of Object.entries(expected)) {
        expect(Math.abs(moments[key as keyof typeof moments] - value), key).toBeLessThan(1e-7 * (1 + Math.abs(value)));
      }
    }
    const quadratic = differentiable(activation("x^2/2 - 3*x"));
    const none = slopeMoments(quadratic, stepNumbers(quadratic, "student"));
    expect(new Set(Object.values(none))).toEqual(new Set([0]));
    expect(Object.keys(none)).toHaveLength(8);
  });
});

describe("parameters of the papers", () => {
  test("Ba22's: α, β, λ, Δ and the rate", () => {
    expect(ridgeFromPapers(0.4, 5, 2)).toBe(1);
    expect(messageOf(() => ridgeFromPapers(-1, 5, 2))).toMatch(/ridge/);
    const parameters = { student: "tanh", target: "He2", psi1: 3, psi2: 2, learningRate: 0.7, ridge: 0.2 };
    expect(ba22LargeRate({ ...parameters, noise: 3, stepSampleRatio: Infinity })).toEqual({
      ...{ model: "trainedNetwork", theory: "srf", student: "tanh", target: "He2", labelNoise: 9, learningRate: 0.7 },
      ...{ sampleRatio: 3, widthRatio: 2, ridge: expect.closeTo(0.3, 15) as unknown, stepSampleRatio: Infinity },
      ...gaussianReadout(9),
    });
    expect(() => ba22SmallRate({ ...parameters, student: "tanh(" })).toThrow(/^student = /);
    expect(() => ba22SmallRate({ ...parameters, target: "tanh(" })).toThrow(/^target = /);
    const { model, notices } = ba22SmallRate(parameters);
    expect(model).toMatchObject({ model: "smallRate", labelNoise: 0, alignment: expect.closeTo(0, 12) as unknown });
    expect(notices).toHaveLength(1);
    for (const [name, value] of Object.entries({ psi1: Infinity, psi2: 0, stepSampleRatio: 0, learningRate: NaN })) {
      expect(messageOf(() => ba22LargeRate({ ...parameters, [name]: value }))).toContain(name);
    }
  });

  test("Moniri24's: channels from the exponent, the alignment of a step of as many samples", () => {
    const step = { student: "relu", target: "x + (x^2-1)/2", sampleRatio: 2, widthRatio: 1, ridge: 0.1 };
    const model = intermediateRate({ ...step, rateExponent: 0.4 + 1e-6, labelNoise: 0.5 });
    expect(model).toEqual({
      ...{ ...step, model: "powerChannels", labelNoise: 0.5, powerChannels: [1, 2, 3, 4, 5] },
      alignment: expect.closeTo(1 / Math.sqrt(1 + (1.5 + 0.5) / 2), 12) as unknown,
    });
    expect(intermediateRate({ ...step, rateExponent: 0.1 })).toMatchObject({ powerChannels: [1], labelNoise: 0 });
    expect(messageOf(() => spikeCount(1 / 3))).toMatch(/rateExponent.*boundary 2\/6, where a spike is about to appear/);
    expect(messageOf(() => spikeCount(0.5))).toMatch(/a number in \(0, 1\/2\)/);
    expect(intermediateRate({ ...step, rateExponent: 0.476 }).powerChannels).toHaveLength(20);
    expect(messageOf(() => intermediateRate({ ...step, rateExponent: 0.477 }))).toMatch(
      /at most 20 spikes \(this one has 21\)/,
    );
    expect(messageOf(() => intermediateRate({ ...step, rateExponent: 0.3, stepSampleRatio: 0 }))).toMatch(
      /stepSampleRatio/,
    );
    expect(messageOf(() => intermediateRate({ ...step, rateExponent: 0.3, labelNoise: -1 }))).toMatch(/labelNoise/);
  });

  test("a network of definite size", () => {
    const sizes = {
      student: "tanh",
      target: "sin",
      samples: 300,
      dimension: 100,
      width: 400,
      learningRate: 5,
      ridge: 1,
    };
    expect(finiteSizeStep(sizes)).toEqual({
      ...{ model: "trainedNetwork", theory: "srf", student: "tanh", target: "sin", labelNoise: 0, ridge: 1 },
      ...{ sampleRatio: 3, widthRatio: 4, learningRate: 0.25, stepSampleRatio: 3, finiteDimension: 100 },
      ...gaussianReadout(11),
    });
    expect(finiteSizeStep({ ...sizes, stepSamples: 50, readoutNodes: 2, labelNoise: 2 })).toMatchObject({
      ...{
        stepSampleRatio: 0.5,
        labelNoise: 2,
        readoutFractions: [0.5, 0.5].map(() => expect.closeTo(0.5, 14) as unknown),
      },
    });
    for (const name of ["samples", "dimension", "width", "stepSamples"]) {
      expect(messageOf(() => finiteSizeStep({ ...sizes, [name]: 0 }))).toMatch(
        new RegExp(`${name} = 0.*a whole number >= 1`),
      );
      expect(messageOf(() => finiteSizeStep({ ...sizes, [name]: 2.5 }))).toContain(name);
    }
    expect(messageOf(() => finiteSizeStep({ ...sizes, learningRate: -1 }))).toMatch(/learningRate/);
    for (const readoutNodes of [1, 26, 2.5]) {
      expect(messageOf(() => finiteSizeStep({ ...sizes, readoutNodes }))).toMatch(/readoutNodes.*from 2 to 25/);
    }
    expect(gaussianReadout(25).readoutValues).toHaveLength(25);
  });
});

test("labels without bound give the bulk of a trained network a long tail", () => {
  const tail = (target: string, labelNoise = 0) =>
    featureModel({ ...network, target, labelNoise }).stepModel?.().longTail ?? false;
  for (const target of ["sin", "erf", "x*exp(-x^2)", "sign"]) {
    expect(tail(target)).toBe(false);
    expect(tail(target, 0.1)).toBe(true);
  }
  for (const target of ["x", "relu", "x - x^2", "-softplus(x)"]) expect(tail(target)).toBe(true);
});
