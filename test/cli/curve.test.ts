import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { type CurveRow, curve } from "../../src/index.ts";
import { runCli } from "./runCli.ts";

const scratch = mkdtempSync(join(tmpdir(), "replica-theory-"));
afterAll(() => rmSync(scratch, { recursive: true }));
const at = (name: string) => join(scratch, name);
const MODEL = ["curve", "--model", "randomFeatures", "--student", "tanh", "--target", "sin"];
const RANGE = [...MODEL, "--sample-ratio", "0.5:2:4", "--width-ratio", "1", "--ridge", "0.1,1"];
const description = { model: "randomFeatures", student: "tanh", target: "sin", widthRatio: 1 } as const;
const sweep = { ridge: [0.1, 1], sampleRatio: [0.5, 1, 1.5, 2] };

describe("curve", () => {
  test("writes the rows of the library, as CSV on standard output by default", async () => {
    const { code, out } = await runCli(RANGE);
    expect(code).toBe(0);
    const [header, ...lines] = out
      .trimEnd()
      .split("\n")
      .map((line) => line.split(","));
    const column = header!.indexOf("testError");
    const rows = curve(description, { sweep }) as (CurveRow & { testError: number })[];
    expect(lines.map((line) => Number(line[column]))).toEqual(rows.map((row) => row.testError));
  });

  test("writes every format that is asked for", async () => {
    const files = ["a.svg", "a.png", "a.vl.json", "a.csv", "a.json"].map(at);
    const { code, err } = await runCli([...RANGE, "--out", ...files]);
    expect([code, err]).toEqual([0, files.map((file) => `wrote ${file}\n`).join("")]);
    expect(readFileSync(files[0]!, "utf8")).toMatch(/^<svg/);
    expect(readFileSync(files[1]!).subarray(1, 4).toString()).toBe("PNG");
    expect(JSON.parse(readFileSync(files[2]!, "utf8"))).toHaveProperty("layer");
    expect(readFileSync(files[3]!, "utf8").trimEnd().split("\n")).toHaveLength(9);
    expect(JSON.parse(readFileSync(files[4]!, "utf8"))).toHaveLength(8);
  });

  test("takes its options from a file; the command line overrides them", async () => {
    const config = { ...description, ridge: [0.1, 5], sampleRatio: "0.5:2:4", out: at("config.json"), logX: true };
    writeFileSync(at("curve.json"), JSON.stringify(config));
    const { code } = await runCli(["curve", "--config", at("curve.json"), "--ridge", "0.1,1"]);
    expect(code).toBe(0);
    const rows = JSON.parse(readFileSync(at("config.json"), "utf8")) as CurveRow[];
    expect(rows.map(({ ridge, sampleRatio }) => [ridge, sampleRatio])).toEqual(
      sweep.ridge.flatMap((ridge) => sweep.sampleRatio.map((alpha) => [ridge, alpha])),
    );
  });

  test("a failed point is exit code 1, named on standard error, and a row of the table", async () => {
    const { code, out, err } = await runCli([
      ...MODEL,
      "--sample-ratio",
      "0.5,1,2",
      "--width-ratio",
      "1",
      "--ridge",
      "0",
    ]);
    expect(code).toBe(1);
    expect(out.trimEnd().split("\n")).toHaveLength(4);
    expect(err).toBe(
      "error: at sampleRatio = 1: ridgeless interpolation threshold: the error diverges at α = 1\n1 of 3 points failed\n",
    );
  });

  test("ranges are linear or logarithmic, and bulk variances in a list belong to the groups", async () => {
    const log = await runCli([...MODEL, "--sample-ratio", "1", "--width-ratio", "1", "--ridge", "1e-3:10:5:log"]);
    expect(
      log.out
        .split("\n")
        .slice(1, -1)
        .map((line) => line.split(",")[0]),
    ).toEqual(["0.001", "0.01", "0.1", "1", "10"]);
    const spiked = [
      "curve",
      "--model",
      "spikedRandomFeatures",
      "--student",
      "tanh",
      "--target",
      "sin",
      "--width-ratio",
      "1",
    ];
    const groups = ["--spike-strength", "1", "--alignment", "1", "--ridge", "1", "--sample-ratio", "1,2"];
    const readout = ["--readout-values", "1,-1", "--bulk-variance", "1,1.5"];
    const { code, out } = await runCli([...spiked, ...groups, ...readout]);
    expect([code, out.trimEnd().split("\n").length]).toEqual([0, 3]);
  });

  test("both theories of a trained network", async () => {
    const network = [
      "curve",
      "--student",
      "tanh",
      "--target",
      "sin",
      "--learning-rate",
      "1",
      "--step-sample-ratio",
      "1",
    ];
    const point = ["--sample-ratio", "1,2", "--width-ratio", "1", "--ridge", "0.1", "--theory", "both"];
    const { out } = await runCli([...network, ...point]);
    expect(
      out
        .split("\n")
        .slice(1, -1)
        .map((line) => line.split(",")[0]),
    ).toEqual(["network", "network", "srf", "srf"]);
  });
});

describe("curve with simulated networks", () => {
  const network = [
    "curve",
    "--student",
    "tanh",
    "--target",
    "tanh",
    "--learning-rate",
    "1",
    "--step-sample-ratio",
    "0,1",
  ];
  const rest = ["--sample-ratio", "0.5,1.5", "--width-ratio", "1", "--ridge", "0.1"];
  const finite = ["--dimension", "60", "--trials", "4", "--test-samples", "500", "--seed", "3"];
  const simulated = (out: string) => {
    const [header, ...lines] = out
      .trimEnd()
      .split("\n")
      .map((line) => line.split(","));
    return lines.map((line) => Number(line[header!.indexOf("simulation.testError.mean")]));
  };

  test.each(["network", "srf"])("%s: sets means, standard errors and z beside every row", async (what) => {
    const { code, out, err } = await runCli([...network, ...rest, ...finite, "--simulate", what]);
    expect(code).toBe(0);
    expect(simulated(out).every((mean) => mean > 0.02 && mean < 0.6)).toBe(true);
    expect(err).toMatch(/test error: \d of 4 points within 3 standard errors/);
  });

  test("the same seed gives the same numbers, and both theories share the trials", async () => {
    const both = await runCli([...network, ...rest, ...finite, "--simulate", "network", "--theory", "both"]);
    const means = simulated(both.out);
    expect(means.slice(0, 4)).toEqual(means.slice(4));
    const again = await runCli([...network, ...rest, ...finite, "--simulate", "network"]);
    expect(simulated(again.out)).toEqual(means.slice(0, 4));
  });

  test.each([
    ["logistic", "sign", ["--label-flips", "0.1"], "testClassificationError", "test classification error"],
    ["huber:0.5", "sin", ["--label-noise", "0.1"], "testError", "test error"],
  ])("%s: simulates what theory has of the loss", async (loss, target, labels, quantity, title) => {
    const model = ["--loss", loss, "--target", target, ...labels, "--step-sample-ratio", "1"];
    const { code, out, err } = await runCli([...network, ...model, ...rest, ...finite, "--simulate", "network"]);
    const [header, ...lines] = out
      .trimEnd()
      .split("\n")
      .map((line) => line.split(","));
    expect(code).toBe(0);
    expect(err).toContain(`${title}: 2 of 2 points within 3 standard errors`);
    for (const name of [quantity, "testLoss", "trainLoss", "objective"]) {
      for (const line of lines) {
        const value = (column: string) => Number(line[header!.indexOf(column)]);
        const difference = value(`simulation.${name}.mean`) - value(name);
        const error = value(`simulation.${name}.standardError`);
        expect(Math.abs(difference)).toBeLessThan(4 * error + 0.1 * value(name));
        expect(value(`simulation.${name}.z`)).toBeCloseTo(difference / error, 8);
      }
    }
  });

  test("an infinite batch is not simulated, and said so", async () => {
    const { code, err, out } = await runCli([
      ...network,
      "--step-sample-ratio",
      "1,inf",
      ...rest,
      ...finite,
      "--simulate",
      "network",
      "--theory",
      "srf",
    ]);
    expect([code, err.split("\n")[0]]).toEqual([
      0,
      "stepSampleRatio = inf is not simulated: an infinite batch cannot be drawn",
    ]);
    expect(simulated(out).map((mean) => mean > 0)).toEqual([true, true, false, false]);
  });

  test.each([
    ["dimension", ["--simulate", "network"]],
    ["dimension", ["--simulate", "network", ...finite, "--dimension", "1.5"]],
    ["trials", ["--simulate", "network", ...finite, "--trials", "many"]],
    ["simulate", ["--simulate", "brain", ...finite]],
    ["seed", ["--simulate", "network", ...finite, "--seed", "-1"]],
  ])("bad usage names %s: %j", async (parameter, extra) => {
    const { code, err, out } = await runCli([...network, ...rest, ...extra]);
    expect([code, out]).toEqual([2, ""]);
    expect(err).toMatch(new RegExp(`^error: ${parameter} = .*\n$`));
  });
});

describe("bad usage of curve is one line, exit code 2, and nothing is written", () => {
  const file = (name: string, text: string) => {
    writeFileSync(at(name), text);
    return at(name);
  };
  test.each([
    ["widthRatio", ["--width-ratio", "-1"]],
    ["student", ["--student", "tanh(y)"]],
    ["target", ["--target", "exp(x^2)"]],
    ["ridge", ["--ridge", "1:2"]],
    ["ridge", ["--ridge", "1:2:1"]],
    ["ridge", ["--ridge", "0:2:5:log"]],
    ["ridge", ["--ridge", "NaN"]],
    ["x", ["--x", "learningRate"]],
    ["quantity", ["--quantity", "beauty"]],
    ["out", ["--out", at("no/such/directory.svg")]],
    ["out", ["--out", at("figure.eps")]],
    ["config", ["--config", at("missing.json")]],
    ["config", ["--config", file("half.json", '{"ridge": ')]],
    ["config", ["--config", file("list.json", "[1]")]],
    ["rigde", ["--config", file("typo.json", '{"rigde": 1}')]],
    ["trials", ["--config", file("trials.json", '{"trials": "ten"}')]],
    ["sampleRatio", ["--config", file("empty.json", '{"ridge": 1}'), "--sample-ratio", "1,x"]],
  ])("%s: %j", async (parameter, extra) => {
    const { code, err, out } = await runCli([...RANGE, "--out", at("never.csv"), ...extra]);
    expect(err).toMatch(/^error: .*\n$/);
    expect(err).toContain(parameter);
    expect([code, out, existsSync(at("never.csv"))]).toEqual([2, "", false]);
  });
});
