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
