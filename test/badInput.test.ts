import { describe, expect, test } from "vitest";
import {
  ExpressionError,
  type ModelDescription,
  ParameterError,
  QuadratureError,
  solve,
  trySolve,
} from "../src/index.ts";

const common = { student: "tanh", target: "sin", sampleRatio: 1, widthRatio: 1, ridge: 0.1 } as const;
const good = { ...common, model: "spikedRandomFeatures", spikeStrength: 1, alignment: 0.5 } as const;
const network = { ...common, model: "trainedNetwork", learningRate: 1, stepSampleRatio: 1 } as const;

describe("the library names the parameter of bad input before any work", () => {
  test.each<[string, object]>([
    ["sampleRatio", { sampleRatio: 0 }],
    ["sampleRatio", { sampleRatio: -Infinity }],
    ["sampleRatio", { sampleRatio: undefined }],
    ["widthRatio", { widthRatio: -1 }],
    ["widthRatio", { widthRatio: Infinity, sampleRatio: Infinity }],
    ["ridge", { ridge: NaN }],
    ["ridge", { ridge: "0.1" }],
    ["labelNoise", { labelNoise: -1 }],
    ["alignment", { alignment: 1.2 }],
    ["spikeStrength", { spikeStrength: Infinity }],
    ["bulkVariance", { bulkVariance: 0 }],
    ["bulkVariance", { bulkVariance: [1, 2] }],
    ["bulkVariance[1]", { bulkVariance: [1, -2], readoutValues: [1, 2] }],
    ["readoutFractions", { readoutValues: [1, 2], readoutFractions: [0.5, 0.6] }],
    ["readoutFractions", { readoutValues: [1, 2], readoutFractions: [0.5, 0.3, 0.2] }],
    ["readoutFractions[0]", { readoutValues: [1, 2], readoutFractions: [0, 1] }],
    ["readoutValues", { readoutValues: [] }],
    ["readoutValues[1]", { readoutValues: [1, NaN] }],
    ["finiteDimension", { finiteDimension: 0 }],
    ["rows", { rows: "square" }],
    ["model", { model: "perceptron" }],
    ["student", { student: 3 }],
    ["target", { target: { value: 1 } }],
    ["sampleratio", { sampleratio: 2 }],
    ["learningRate", { learningRate: 1 }],
    ["labelFlips", { labelFlips: 0.5 }],
  ])("%s: %j", (parameter, change) => {
    const description = { ...good, ...change } as unknown as ModelDescription;
    for (const run of [solve, trySolve]) {
      expect(() => run(description)).toThrow(ParameterError);
      expect(() => run(description)).toThrow(expect.objectContaining({ parameter }) as Error);
    }
  });

  test.each<[string, object]>([
    ["learningRate", { learningRate: NaN }],
    ["stepSampleRatio", { stepSampleRatio: -1 }],
    ["student", { student: "sign" }],
    ["student", { student: Math.sign }],
  ])("of a gradient step, %s: %j", (parameter, change) => {
    const description = { ...network, ...change } as ModelDescription;
    expect(() => solve(description)).toThrow(expect.objectContaining({ name: "ParameterError", parameter }) as Error);
  });

  test.each(["tanh(y)", "tanh(", "import('fs')", "x = 3", "constructor"])(
    "an expression that is not legal: %s",
    (text) => {
      expect(() => solve({ ...good, target: text })).toThrow(ExpressionError);
      expect(() => solve({ ...good, target: text })).toThrow(/^target = /);
    },
  );

  test.each([
    ["NaN somewhere on the grid", "sqrt(x+3)", "student"],
    ["NaN everywhere beyond a point", "log(x)", "target"],
    ["a moment that does not exist", "exp(x^2)", "target"],
    ["a pole", "1/x", "target"],
  ])("%s: %s", (_what, text, parameter) => {
    const description = { ...good, [parameter]: text } as ModelDescription;
    expect(() => solve(description)).toThrow(QuadratureError);
    expect(() => solve(description)).toThrow(parameter);
  });
});
