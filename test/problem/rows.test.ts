import { describe, expect, test } from "vitest";
import { featureModelOf } from "../../src/model/featureModel.ts";
import { StreamMoments } from "../../src/model/streamMoments.ts";
import type { Problem, Row } from "../../src/problem/problem.ts";
import { Rows } from "../../src/problem/rows.ts";
import { tabulate } from "../../src/problem/table.ts";

/** Two groups, channels with and without slopes, and a line that knows every place but one. */
function problemOf(asked: string[]): Problem {
  const row = ([kappa]: Float64Array): Row => ({
    groups: [
      { mu0: kappa!, mu1: 2 + kappa!, mu2Squared: kappa! ** 2, mu2SquaredError: 1e-15 },
      { mu0: 1, mu1: Math.sin(kappa!), mu2Squared: 0.5 },
    ],
    target: { mean: Math.tanh(kappa!), slopes: [0.3 * kappa!], residual: 0.7, noise: 0.01 * kappa! ** 2 },
    error: 1e-13 * Math.abs(kappa!),
  });
  return {
    dimension: 1,
    groups: [
      { fraction: 0.25, bulkVariance: 1 },
      { fraction: 0.75, bulkVariance: 2 },
    ],
    channels: [
      { kind: "mean", group: 0, strength: Infinity, value: ({ groups }) => groups[0]!.mu0 },
      { kind: "targetDirection", group: 1, strength: 1, slopes: [({ groups }) => groups[1]!.mu1] },
      { kind: "spikeDirection", group: 1, strength: 2, value: ({ groups }, [kappa]) => kappa! * groups[1]!.mu1 },
    ],
    targetDirections: 1,
    labelNoise: 0.2,
    breakpoints: [],
    row: Object.assign(
      (kappa: Float64Array) => {
        asked.push(`${kappa[0]}`);
        return row(kappa);
      },
      {
        onLine: (places: readonly number[]) => {
          asked.push(`line of ${places.length}`);
          return places.map((kappa, i) => (i === 1 ? undefined : row(Float64Array.of(kappa))));
        },
      },
    ),
  };
}

describe("rows", () => {
  test("each is computed once, alone or on a line, and has its channels", () => {
    const asked: string[] = [];
    const rows = new Rows(problemOf(asked));
    rows.prepare([0.5, 1, 1.5, 2]);
    rows.prepare([0.5, 1.5, 2, 2.5]);
    const parts = rows.row(1.5);
    expect([rows.row(1), rows.row(1), rows.row(1.5)].map(({ target }) => target.mean)).toEqual(
      [1, 1, 1.5].map(Math.tanh),
    );
    expect(asked).toEqual(["line of 4", "1"]);
    expect(parts.groups).toEqual([
      { mu1: 3.5, mu2Squared: 2.25 },
      { mu1: Math.sin(1.5), mu2Squared: 0.5 },
    ]);
    expect(parts.target.slopes).toEqual([0.3 * 1.5]);
    expect(parts.values).toEqual([1.5, 0, 1.5 * Math.sin(1.5)]);
    expect(parts.slopes).toEqual([[0, Math.sin(1.5), 0]]);
    expect(rows.error).toBe(2e-13);
  });

  test("a table of any number of them has their columns, noise in the rest of the target", () => {
    const rows = new Rows(problemOf([]));
    const nodes = Float64Array.from({ length: 300 }, (_, i) => (i - 150) / 20);
    const { groups, channels, target, quadratureError } = tabulate(rows, {
      ...{ nodes, weights: nodes.map(() => 1 / 300), errorOf: () => 0 },
    });
    const column = (f: (kappa: number) => number) => nodes.map(f);
    expect(groups[0]!.mu1).toEqual(column((kappa) => 2 + kappa));
    expect(groups[0]!.mu2SquaredError[7]).toBe(1e-15);
    expect(groups[1]!.mu1).toEqual(column(Math.sin));
    expect(channels.map(({ parts }) => parts.map((part) => part !== undefined))).toEqual([
      [true, false],
      [false, true],
      [true, false],
    ]);
    expect(channels[2]!.parts[0]).toEqual(column((kappa) => kappa * Math.sin(kappa)));
    expect(target.parts).toEqual([column(Math.tanh), column((kappa) => 0.3 * kappa)]);
    expect(target.noise).toEqual(column((kappa) => 0.01 * kappa ** 2 + 0.2));
    expect(target.residual).toEqual(column((kappa) => 0.7 + (0.01 * kappa ** 2 + 0.2)));
    expect(quadratureError).toBe(1e-13 * 7.5);
  });
});

describe("rows of a stream of models", () => {
  const places = Array.from({ length: 61 }, (_, i) => (i - 30) * 0.3);
  const base = { model: "spikedRandomFeatures", student: "tanh", labelNoise: 0.1 } as const;

  // Law: what models have in common makes none of them another.
  test.each(["tanh", "sin", "relu", "x^2 - 1"])("are those of each model alone: target %s", (target) => {
    const moments = new StreamMoments();
    for (const alignment of [0.3, 0.8, 1]) {
      for (const spikeStrength of [0, 0.7, 1.3, 1.9]) {
        const description = { ...base, target, alignment, spikeStrength, bulkVariance: 1 + spikeStrength / 4 };
        const [shared, alone] = [featureModelOf(description, moments), featureModelOf(description)];
        const [rows, known] = [new Rows(shared.problem), new Rows(alone.problem)];
        rows.prepare(places);
        for (const kappa of places) {
          const [found, expected] = [rows.row(kappa), known.row(kappa)];
          const { mean, slopes, residual } = expected.target;
          const size = Math.sqrt(mean ** 2 + slopes[0]! ** 2 + residual);
          expect(Math.abs(found.target.mean - mean)).toBeLessThanOrEqual(2e-12 * size);
          expect(Math.abs(found.target.slopes[0]! - slopes[0]!)).toBeLessThanOrEqual(2e-12 * size);
          expect(Math.abs(found.target.residual - residual)).toBeLessThanOrEqual(2e-12 * size ** 2);
          found.values.forEach((value, c) => expect(Math.abs(value - expected.values[c]!)).toBeLessThan(1e-11));
        }
      }
    }
  });
});
