import { describe, expect, it } from "vitest";
import type { ModelDescription } from "../../src/model/description.ts";
import { gradientStepMap } from "../../src/model/gradientStep.ts";
import { activation } from "../../src/activation/activation.ts";
import { solve } from "../../src/solve/solve.ts";
import { referenceCases, worstDifference } from "../fixtures/reference.ts";

const TOLERANCE = 1e-8;

/** Numbers per group of a single group stand for themselves. */
const scalarOf = (values: readonly number[]) => values[0];

describe("exactness: independent values", () => {
  it.each(referenceCases("srf").map((item) => [JSON.stringify(item), item]))("%s", (_, { expected, ...item }) => {
    const { overlaps, ...solution } = solve(item as unknown as ModelDescription);
    const actual = {
      ...solution,
      m: overlaps.m.filter((value) => value !== 0),
      theta: scalarOf(overlaps.theta),
      psi: scalarOf(overlaps.psi),
      q1: overlaps.Q1[0]![0],
      q2: overlaps.Q2[0],
      V1: overlaps.V1[0]![0],
      V2: overlaps.V2[0],
    };
    expect(worstDifference(actual, expected)).toBeLessThan(TOLERANCE);
    expect(solution.iterations).toBeLessThanOrEqual(60);
    expect(solution.residual).toBeLessThan(1e-11);
  });

  it.each(referenceCases("finiteSupport").map((item) => [JSON.stringify(item), item]))(
    "%s",
    (_, { expected, ...item }) => {
      const { overlaps, ...solution } = solve(item as unknown as ModelDescription);
      expect(worstDifference({ ...solution, ...overlaps }, expected)).toBeLessThan(TOLERANCE);
      expect(solution.iterations).toBeLessThanOrEqual(60);
    },
  );

  it.each(referenceCases("gradientStep").map((item) => [JSON.stringify(item), item]))("%s", (_, item) => {
    const map = gradientStepMap({
      student: activation(item["student"] as string),
      target: activation(item["target"] as string),
      learningRate: item["learningRate"] as number,
      stepSampleRatio: item["stepSampleRatio"] as number,
      labelNoise: item["labelNoise"] as number,
      readoutValues: [1],
    });
    const actual = { ...map, bulkVariance: map.bulkVariance[0] };
    expect(worstDifference(actual, item.expected)).toBeLessThan(TOLERANCE);
  });
});

describe("exactness: hard points", () => {
  const peak = {
    model: "spikedRandomFeatures",
    student: "tanh",
    target: "sin",
    spikeStrength: 1,
    bulkVariance: 1,
    alignment: 0.8,
    labelNoise: 0.05,
    sampleRatio: 1,
    widthRatio: 1,
  } as const;

  it("the interpolation peak at λ = 1e-12 converges, and scales as λ^(-1/2)", () => {
    // At r = 1 frozen features still change the amplitude at these ridges; at r = 0.3 it has settled.
    expect(solve({ ...peak, ridge: 1e-12 }).iterations).toBeLessThanOrEqual(60);
    const at = (ridge: number) => solve({ ...peak, spikeStrength: 0.3, ridge });
    const [small, smaller] = [at(1e-10), at(1e-12)];
    expect(Math.abs(smaller.testError / small.testError / 10 - 1)).toBeLessThan(1e-3);
    expect(smaller.testError).toBeGreaterThan(1e4);
  });

  it("a sign target is right without any option, aligned or not", () => {
    const sign = { ...peak, student: "sin", target: "sign", labelNoise: 0, sampleRatio: 2, ridge: 0.1 } as const;
    expect(relativeTo(solve({ ...sign, alignment: 1 }).testError, 0.324043645762)).toBeLessThan(1e-8);
    expect(relativeTo(solve({ ...sign, alignment: 0.7 }).testError, 0.751409478505)).toBeLessThan(1e-8);
  });

  const relativeTo = (value: number, truth: number) => Math.abs(value / truth - 1);
});
