import { describe, expect, test } from "vitest";
import { toCsv } from "../../src/curve/csv.ts";
import { curve, type CurveRow, curveRows, type SolvedRow } from "../../src/index.ts";
import { ParameterError, QuadratureError } from "../../src/errors.ts";
import { toJson } from "../../src/json/encode.ts";
import { solve } from "../../src/solve/solve.ts";

const features = { model: "randomFeatures", student: "tanh", target: "sin", widthRatio: 1, ridge: 0.1 } as const;
const network = {
  model: "trainedNetwork",
  theory: "srf",
  student: "relu",
  target: "He1",
  learningRate: 1,
  widthRatio: 0.8,
  ridge: 0.01,
} as const;

describe("curve", () => {
  // Exactness: warm starts and shared statistics change nothing beyond rounding.
  test("every point equals its own cold solution", () => {
    const sweep = { sampleRatio: [0.3, 0.8, 2, Infinity], stepSampleRatio: [0, 0.5, Infinity] };
    const rows = curve(network, { sweep });
    expect(rows).toHaveLength(12);
    for (const row of rows) {
      const { stepSampleRatio, sampleRatio } = row;
      const cold = solve({ ...network, stepSampleRatio: stepSampleRatio!, sampleRatio: sampleRatio! });
      expect((row as SolvedRow).testError / cold.testError).toBeCloseTo(1, 10);
    }
  });

  test("parameters of the model vary slowest, whatever their place in the sweep", () => {
    const rows = curve(network, { sweep: { sampleRatio: [1, 2], stepSampleRatio: [3, 4] } });
    expect(rows.map(({ stepSampleRatio, sampleRatio }) => [stepSampleRatio, sampleRatio])).toEqual([
      [3, 1],
      [3, 2],
      [4, 1],
      [4, 2],
    ]);
  });

  test.each([
    [features, { sampleRatio: [1], widthRatio: [0.5, 2] }],
    [features, { sampleRatio: [2], ridge: [0, 1e-3, 1] }],
    [
      { ...features, sampleRatio: 2 },
      { labelNoise: [0, 0.1], bulkVariance: [1, 2] },
    ],
    [{ ...network, sampleRatio: 2, stepSampleRatio: 1 }, { learningRate: [0, 1, 2] }],
    [
      { ...features, model: "smallRate", sampleRatio: 2 },
      { spikeStrength: [0, 2], alignment: [0.1, 0.9] },
    ],
  ] as const)("%j over %j", (description, sweep) => {
    const rows = curve(description, { sweep });
    expect(rows.map(({ status }) => status)).toEqual(rows.map(() => "converged"));
    const errors = rows.map((row) => (row as SolvedRow).testError);
    expect(new Set(errors).size).toBe(errors.length);
  });

  test("a failed point is a row, and the rest of the curve is there", () => {
    const rows = curve({ ...features, ridge: 0 }, { sweep: { sampleRatio: [0.5, 1, 0, 2] } });
    expect(rows.map(({ status }) => status)).toEqual(["converged", "diverged", "error", "converged"]);
    expect(rows[1]).toMatchObject({
      sampleRatio: 1,
      message: "ridgeless interpolation threshold: the error diverges at α = 1",
    });
    expect(rows[2]).toMatchObject({
      sampleRatio: 0,
      message: new ParameterError("sampleRatio", 0, "a number > 0, or Infinity").message,
    });
  });

  test("a moment that fails at some values of a model parameter only fails there", () => {
    const description = {
      ...features,
      model: "spikedRandomFeatures",
      student: "exp(x^2/8)",
      alignment: 1,
      sampleRatio: 1,
    } as const;
    const rows = curve({ ...description, spikeStrength: 0 }, { sweep: { bulkVariance: [1, 9] } });
    expect(rows.map(({ status }) => status)).toEqual(["converged", "error"]);
  });

  test("what is wrong at every point is thrown", () => {
    const sweep = { sampleRatio: [1, 2] };
    expect(() => curve({ ...features, ridge: -1 }, { sweep })).toThrow(ParameterError);
    expect(() => curve({ ...features, target: "exp(x^2)" }, { sweep })).toThrow(QuadratureError);
    expect(() => curve(features, { sweep: { stepSampleRatio: [1] } })).toThrow(
      "parameters of the model randomFeatures",
    );
    expect(() => curve(features, { sweep: { alpha: [1] } as never })).toThrow('sweep = "alpha"');
    expect(() => curve(features, { sweep, statistic: true } as never)).toThrow("statistic = true");
  });

  test("the generator computes no further than it is asked", () => {
    let drawn = 0;
    const endless = function* () {
      for (;;) yield ++drawn;
    };
    const rows = curveRows(features, { sweep: { sampleRatio: endless() } });
    const [first, second] = [rows.next().value, rows.next().value] as CurveRow[];
    expect([first?.sampleRatio, second?.sampleRatio, drawn]).toEqual([1, 2, 2]);
  });
});

describe("tables", () => {
  const rows = curve({ ...features, ridge: 0 }, { sweep: { sampleRatio: [1, 0.5, Infinity] } });

  test("CSV has a header, a line for each row, and as many cells in each", () => {
    const lines = toCsv(rows).trimEnd().split("\n");
    const cells = lines.map((line) => line.split(","));
    expect(new Set(cells.map((line) => line.length)).size).toBe(1);
    const column = (name: string) => cells.slice(2).map((line) => line[cells[0]!.indexOf(name)]);
    expect(column("sampleRatio")).toEqual(["0.5", "inf"]);
    expect(column("testError").map(Number)).toEqual(rows.slice(1).map((row) => (row as SolvedRow).testError));
    expect(lines[1]).toContain("ridgeless interpolation threshold: the error diverges at α = 1");
  });

  test("CSV quotes text with commas and quotes", () => {
    expect(toCsv([{ status: "error", message: 'a, "b"' }])).toBe('status,message\nerror,"a, ""b"""\n');
  });

  test("CSV of a curve without a solved point still has its rows", () => {
    expect(toCsv(rows.slice(0, 1)).trimEnd().split("\n")).toHaveLength(2);
    expect(toCsv([])).toBe("");
  });

  test("CSV numbers the groups of a readout", () => {
    const groups = { ...network, stepSampleRatio: 1, sampleRatio: 1, readoutValues: [1, -1] };
    const [header] = toCsv(curve(groups, { sweep: { ridge: [1] } })).split("\n");
    expect(header).toContain(",theta[0],theta[1],psi[0],psi[1],Q1[0][0],Q1[0][1],");
  });

  test("JSON can be read back", () => {
    const read = JSON.parse(toJson(rows)) as unknown[];
    expect(read[0]).toEqual(rows[0]);
    expect(read[2]).toMatchObject({ sampleRatio: "inf" });
  });
});
