import { describe, expect, test } from "vitest";
import { compare, type CompareOptions, finiteModel } from "../../src/compare/index.ts";
import { csvEncoder, occasionalColumns } from "../../src/curve/csv.ts";
import { curve } from "../../src/index.ts";
import { runCli } from "../cli/runCli.ts";

const NETWORK = { model: "trainedNetwork", student: "tanh", target: "sin", learningRate: 1, widthRatio: 1 } as const;
const ENGINE = { dimension: 20, trials: 2, seed: 3, testSamples: 100, backend: "wasm", workers: 0 } as const;
const COMMAND = ["curve", "--student", "tanh", "--target", "sin", "--learning-rate", "1", "--width-ratio", "1"]
  .concat("--dimension", "20", "--trials", "2", "--seed", "3", "--test-samples", "100")
  .concat("--backend", "wasm", "--workers", "0");

describe("compare", () => {
  test("gives the rows that curve --simulate prints: both theories, one set of networks", async () => {
    const command = [...COMMAND, "--theory", "both", "--step-sample-ratio", "0.5,inf", "--ridge", "0.1,1"];
    const { code, out } = await runCli([...command, "--sample-ratio", "1,inf", "--simulate", "network"]);
    expect(code).toBe(0);
    const notices: string[] = [];
    const sweep = { stepSampleRatio: [0.5, Infinity], ridge: [0.1, 1], sampleRatio: [1, Infinity] };
    const rows = await compare(
      { ...NETWORK, theory: "both" },
      { ...ENGINE, sweep, simulate: "network", onNotice: (text) => notices.push(text) },
    );
    expect(rows).toHaveLength(16);
    const table = csvEncoder(occasionalColumns(NETWORK));
    expect(rows.map((row) => table.push(row)).join("") + table.end()).toBe(out);
    const simulated = rows.filter(({ simulation }) => simulation !== undefined);
    expect(simulated.map(({ stepSampleRatio, sampleRatio }) => [stepSampleRatio, sampleRatio])).toEqual(
      Array.from({ length: 4 }, () => [0.5, 1]),
    );
    expect(simulated[0]!.simulation!.testError!.mean).toBe(simulated[2]!.simulation!.testError!.mean);
    expect(notices).toEqual([expect.stringContaining("infinite batch")]);
  });

  test("theory is of the networks' size, or the limit", async () => {
    const description = { ...NETWORK, student: "relu", stepSampleRatio: 1, ridge: 0.1 } as const;
    const sweep = { sampleRatio: [1] };
    const own = await compare(description, { ...ENGINE, sweep });
    const limit = await compare(description, { ...ENGINE, sweep, finiteSize: false });
    expect(own[0]).toMatchObject(curve({ ...description, finiteDimension: 20 }, { sweep })[0]!);
    expect(limit[0]).toMatchObject(curve(description, { sweep })[0]!);
    expect(own[0]!.simulation!.testError!.mean).toBe(limit[0]!.simulation!.testError!.mean);
    expect(own[0]).not.toMatchObject({ testError: (limit[0] as { testError?: number }).testError });
  });

  test("z is the distance from theory in standard errors; progress counts every trial", async () => {
    const seen: number[] = [];
    const rows = await compare(
      { ...NETWORK, stepSampleRatio: 1, ridge: 0.1 },
      {
        ...ENGINE,
        ...{ sweep: { learningRate: [0.5, 2], sampleRatio: [1, 2] }, simulate: "srf" },
        onProgress: ({ completed, total }) => seen.push(completed / total),
      },
    );
    const checked = rows.map((row) => {
      const { mean, standardError, z } = row.simulation!.testError!;
      const theory = row.status === "converged" ? (row as { testError?: number }).testError! : NaN;
      expect(z).toBeCloseTo((mean - theory) / standardError, 12);
      return z;
    });
    expect(new Set(checked).size).toBe(4);
    expect(seen.at(-1)).toBe(1);
  });

  test.each<[RegExp, Partial<Record<keyof CompareOptions, unknown>>]>([
    [/dimension/, { dimension: undefined }],
    [/simulate = "networks"/, { simulate: "networks" }],
    [/trails = 3 is not legal: no option; did you mean trials/, { trails: 3 } as object],
    [/spikeStrength/, { sweep: { spikeStrength: [1] } }],
    [/trials = 0/, { trials: 0 }],
  ])("refuses %s", async (message, wrong) => {
    const options = { ...ENGINE, sweep: { sampleRatio: [1] }, ...wrong } as CompareOptions;
    await expect(compare({ ...NETWORK, stepSampleRatio: 1, ridge: 0.1 }, options)).rejects.toThrow(message);
  });

  test("a run that is stopped is rejected", async () => {
    const options = { ...ENGINE, sweep: { sampleRatio: [1] }, signal: AbortSignal.abort(new Error("enough")) };
    await expect(compare({ ...NETWORK, stepSampleRatio: 1, ridge: 0.1 }, options)).rejects.toThrow("enough");
  });
});

test("the surrogate of a trained network keeps its loss and its readout", () => {
  const network = { ...NETWORK, stepSampleRatio: 2, sampleRatio: 1, ridge: 0.1, readoutValues: [1, -0.5] };
  const surrogate = finiteModel({ ...network, target: "sign", loss: "logistic", labelFlips: 0.1 }, "srf");
  expect(surrogate).toMatchObject({ model: "spikedRandomFeatures", loss: "logistic", labelFlips: 0.1 });
  expect(surrogate).toHaveProperty("readoutFractions", [0.5, 0.5]);
  expect(finiteModel(network, "network")).toBe(network);
  expect(() => finiteModel({ ...network, model: "randomFeatures" } as never, "network")).toThrow(
    /simulate = "network"/,
  );
});
