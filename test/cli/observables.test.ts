import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { runCli } from "./runCli.ts";

const scratch = mkdtempSync(join(tmpdir(), "replica-theory-"));
afterAll(() => rmSync(scratch, { recursive: true }));
const at = (name: string) => join(scratch, name);

const SPIKED = ["--model", "spikedRandomFeatures", "--student", "tanh", "--target", "sin", "--alignment", "0.9"];
const POINT = ["--sample-ratio", "1.5", "--width-ratio", "1", "--ridge", "0.1"];
const cells = (out: string) =>
  out
    .trimEnd()
    .split("\n")
    .map((line) => line.split(","));

describe.each([
  ["bounds", [...SPIKED, "--spike-strength", "1,2"], 2],
  ["function", [...SPIKED, ...POINT, "--spike-strength", "1,2", "--t", "-1:1:5"], 10],
  ["weights", [...SPIKED, "--spike-strength", "1,2", "--width-ratio", "1"], 2],
  [
    "spectrum",
    [...SPIKED.slice(0, 4), "--sample-ratio", "2", "--width-ratio", "1", "--spike-strength", "1,2", "--grid", "0.5,1"],
    4,
  ],
])("%s", (name, options, count) => {
  test("prints a table", async () => {
    const { code, out } = await runCli([name, ...options]);
    const [header, ...lines] = cells(out);
    expect([code, header![0], lines.length]).toEqual([0, "spikeStrength", count]);
    const numbers = lines.flat().filter((cell) => cell !== "" && cell !== "converged");
    expect(numbers.every((cell) => !Number.isNaN(Number(cell.replace("inf", "Infinity"))))).toBe(true);
  });

  test("draws a figure and writes its table", async () => {
    const { code } = await runCli([name, ...options, "--out", at(`${name}.svg`), at(`${name}.csv`), "--title", "Here"]);
    expect(code).toBe(0);
    expect(readFileSync(at(`${name}.svg`), "utf8")).toContain("Here");
    expect(cells(readFileSync(at(`${name}.csv`), "utf8")).length).toBeGreaterThanOrEqual(count);
  });

  test("takes JSON", async () => {
    const model = { model: "smallRate", student: "tanh", target: "sin", alignment: 1, spikeStrength: 1, id: 7 };
    const cases = [{ ...model, sampleRatio: 1, widthRatio: 1, ridge: 1 }, { model: "none" }];
    const { code, out } = await runCli([name, "--json"], JSON.stringify(cases));
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject([
      { id: 7, status: "converged" },
      { status: "error", error: { parameter: "model" } },
    ]);
  });

  test.each([
    ["student", ["--student", "tanh(y)"]],
    ["spikeStrength", ["--spike-strength", "a"]],
    ["out", ["--out", at("none/a.svg")]],
  ])("bad usage names %s", async (parameter, extra) => {
    const { code, err, out } = await runCli([name, ...options, ...extra]);
    expect([code, out]).toEqual([2, ""]);
    expect(err).toMatch(new RegExp(`error: ${parameter} = .*\n$`));
  });
});

describe("function", () => {
  const network = ["--student", "tanh(x+1)", "--target", "sin", "--learning-rate", "1", "--step-sample-ratio", "2"];

  test("a curve for each size of the vocabulary", async () => {
    const { out } = await runCli([
      "function",
      ...network,
      ...POINT,
      "--vocabulary",
      "1,2",
      "--t",
      "0,1",
      "--theory",
      "srf",
    ]);
    const [header, ...lines] = cells(out);
    expect(header!.slice(0, 5)).toEqual(["theory", "readoutCount", "t", "learned", "target"]);
    expect(lines.map((line) => line[1])).toEqual(["1", "1", "2", "2"]);
  });

  test("an even target is said to teach the step nothing", async () => {
    const { err } = await runCli(["function", ...network, "--target", "He2", ...POINT, "--t", "0"]);
    expect(err).not.toBe("");
  });
});

describe("weights of several steps", () => {
  const steps = (second: object) => JSON.stringify([{ learningRate: 1, stepSampleRatio: "inf" }, second]);
  const rates = steps({ learningRate: [0.5, 1], stepSampleRatio: "inf" });
  const network = ["weights", "--student", "tanh", "--target", "x1 + (x1^2 - 1)*x2", "--steps"];

  test("are rows of spikes, and a figure of them", async () => {
    const [header, ...rows] = cells((await runCli([...network, rates])).out);
    expect(header!.slice(0, 4)).toEqual(["theory", "steps[1].learningRate", "status", "spikeAlongTarget[0][0]"]);
    expect(rows.map((row) => row[1])).toEqual(["0.5", "1"]);
    const { code } = await runCli([...network, rates, "--out", at("spikes.svg")]);
    expect([code, readFileSync(at("spikes.svg"), "utf8").includes("spike along the target")]).toEqual([0, true]);
  });

  test.each([
    [["--quantity", "density"], "quantity"],
    [["--simulate", "network", "--dimension", "60"], "simulate"],
    [["--out", "spikes.svg"], "out"],
  ])("have no spectrum: %j", async (options, parameter) => {
    const fixed = steps({ learningRate: 1, stepSampleRatio: "inf" });
    const { code, err } = await runCli([...network, fixed, ...options]);
    expect([code, err]).toEqual([2, expect.stringContaining(`${parameter} = `)]);
  });
});

describe("a step without spike, or that learns nothing", () => {
  const point = ["--learning-rate", "1", "--step-sample-ratio", "2", ...POINT];
  test.each([
    ["He2", "sin", /student He2 has h1 .*no spike/],
    ["tanh", "He2", /target He2 has h1\* .*learns nothing/],
  ])("%s student, %s target: curve and function say so, solve and weights too", async (student, target, message) => {
    const pair = ["--student", student, "--target", target, ...point];
    for (const command of [["curve", "--sample-ratio", "1,2"], ["function", "--t", "0"], ["weights"]]) {
      const { err } = await runCli([command[0]!, ...pair, ...command.slice(1)]);
      expect(err).toMatch(message);
    }
    const model = { model: "trainedNetwork", student, target, learningRate: 1, stepSampleRatio: 2 };
    const { out } = await runCli(
      ["solve", "--json"],
      JSON.stringify([{ ...model, sampleRatio: 1, widthRatio: 1, ridge: 0.1 }]),
    );
    expect((JSON.parse(out) as { notices: string[] }[])[0]!.notices.join()).toMatch(message);
  });
});

describe("beside simulated networks", () => {
  const step = ["--target", "sin", "--learning-rate", "2", "--step-sample-ratio", "1", "--width-ratio", "0.8"];
  const network = ["--student", "tanh", ...step];
  const simulated = ["--simulate", "network", "--dimension", "60", "--trials", "3", "--seed", "2"];
  const table = async (command: string, options: readonly string[]) => {
    const { code, out, err } = await runCli([command, ...options]);
    expect([code, err]).toEqual([0, err]);
    const [header, ...lines] = cells(out);
    return lines.map((line) => Object.fromEntries(header!.map((name, i) => [name, line[i]!])));
  };

  test("spectrum: the histogram holds all eigenvalues but the outliers, and theory's bins all of its mass", async () => {
    const point = ["--sample-ratio", "2", "--theory", "both"];
    const rows = await table("spectrum", [...network, ...point, ...simulated]);
    for (const theory of ["network", "srf"]) {
      const bins = rows.filter((row) => row["theory"] === theory && row["simulated"] !== "");
      const width = Number(bins[1]!["x"]) - Number(bins[0]!["x"]);
      const mass = (column: string) => width * bins.reduce((sum, row) => sum + Number(row[column]), 0);
      expect(bins).toHaveLength(40);
      expect(mass("density")).toBeCloseTo(1, 2);
      expect(mass("simulated")).toBeGreaterThan(0.9);
      expect(mass("simulated")).toBeLessThan(1);
    }
  });

  test("weights: density over the histogram, with the spike outside", async () => {
    const options = [...network, "--quantity", "density", "--finite-dimension", "60", ...simulated];
    const rows = await table("weights", options);
    expect(rows.filter((row) => row["simulated"] !== "")).toHaveLength(40);
    const { code, err } = await runCli(["weights", ...options, "--out", at("weights.svg")]);
    expect(code).toBe(0);
    expect(err).toMatch(/outlier [\d.]+, simulated [\d.]+ ± [\d.]+/);
    expect(readFileSync(at("weights.svg"), "utf8")).toContain("singular value of W");
  });

  test("weights: the network's own bulk by default, the surrogate's for srf; simulated overlaps beside them", async () => {
    const rows = await table("weights", [...network, "--theory", "both", "--finite-dimension", "60", ...simulated]);
    const [own, surrogate] = rows as [Record<string, string>, Record<string, string>];
    expect(Number(own["bulkRight"])).toBeGreaterThan(Number(surrogate["bulkRight"]) + 0.01);
    expect(own["threshold"]).toBe("");
    expect(Number(own["simulatedInput"])).toBeGreaterThan(0.9);
    expect(own["simulatedOutlier"]).toBe(surrogate["simulatedOutlier"]);
    expect(Math.abs(Number(own["simulatedOutlier"]) / Number(own["outlier"]) - 1)).toBeLessThan(0.2);
  });

  test("function: simulated at no more than 25 places", async () => {
    const rows = await table("function", [...network, "--sample-ratio", "2", "--ridge", "0.1", ...simulated]);
    const places = rows.filter((row) => row["simulated"] !== "");
    expect(places).toHaveLength(25);
    for (const row of places) expect(Math.abs(Number(row["simulated"]) - Number(row["learned"]))).toBeLessThan(0.3);
  });

  test.each([
    ["dimension", ["--simulate", "network"]],
    ["simulate", ["--simulate", "twice", "--dimension", "50"]],
  ])("bad usage names %s", async (parameter, extra) => {
    const { code, err } = await runCli(["spectrum", ...network, "--sample-ratio", "2", ...extra]);
    expect(code).toBe(2);
    expect(err).toContain(`error: ${parameter} = `);
  });
});
