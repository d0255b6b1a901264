import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { solve } from "../../src/solve/solve.ts";
import { referenceCases } from "../fixtures/reference.ts";
import { runCli } from "./runCli.ts";

const scratch = mkdtempSync(join(tmpdir(), "replica-theory-"));
afterAll(() => rmSync(scratch, { recursive: true }));
const file = (name: string, text: string): string => {
  writeFileSync(join(scratch, name), text);
  return join(scratch, name);
};

const good = {
  model: "randomFeatures",
  student: "tanh",
  target: "sin",
  sampleRatio: 2,
  widthRatio: 1,
  ridge: 0.1,
} as const;
const OPTIONS = ["--model", "randomFeatures", "--student", "tanh", "--target", "sin"];
const POINT = ["--sample-ratio", "2", "--width-ratio", "1", "--ridge", "0.1"];

describe("solve --json", () => {
  test("an object gives an object, equal to the library's result", async () => {
    const { code, out } = await runCli(["solve", "--json"], JSON.stringify({ ...good, id: "a" }));
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ id: "a", status: "converged", testError: solve(good).testError });
  });

  test("an array gives an array, JSON Lines give JSON Lines, in order", async () => {
    const cases = [0.5, 1.5, "inf"].map((sampleRatio, id) => ({ ...good, sampleRatio, id }));
    const array = await runCli(["solve", "--json"], JSON.stringify(cases));
    const lines = await runCli(["solve", "--json"], cases.map((item) => JSON.stringify(item)).join("\n"));
    const results = JSON.parse(array.out) as { id: number }[];
    expect(results.map(({ id }) => id)).toEqual([0, 1, 2]);
    expect(
      lines.out
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as unknown),
    ).toEqual(results);
  });

  test("JSON Lines are answered line by line, while the input stays open", async () => {
    const lines = [1, 2, "inf"].map((sampleRatio, id) => JSON.stringify({ ...good, sampleRatio, id }));
    const answered: number[] = [];
    const { code, out } = await runCli(["solve", "--json"], async function* (written) {
      for (const line of lines) {
        // In two pieces: a line ends where it ends.
        yield line.slice(0, 20);
        yield `${line.slice(20)}\n`;
        // A macrotask is enough for an answer that does not wait for more.
        await new Promise((resolve) => setTimeout(resolve, 0));
        answered.push(written().split("\n").length - 1);
      }
    });
    expect(answered).toEqual([1, 2, 3]);
    expect([code, out.split("\n").length]).toEqual([0, 4]);
  });

  test("bad cases become errors in their places, the others are solved, the exit code is 1", async () => {
    const cases = [{ ...good, ridge: -1 }, good, { ...good, studnt: "tanh" }, 7, { ...good, target: "sin(y)" }];
    const { code, out } = await runCli(["solve", "--json"], JSON.stringify(cases));
    expect(code).toBe(1);
    const results = JSON.parse(out) as { status: string; error?: { name: string; parameter: string; legal: string } }[];
    expect(results.map(({ status, error }) => error?.parameter ?? status)).toEqual([
      "ridge",
      "converged",
      "studnt",
      "case",
      "target",
    ]);
    expect(results[0]!.error).toMatchObject({ name: "ParameterError", value: -1, legal: "a finite number >= 0" });
  });

  test("an unsolvable point is a result with its status", async () => {
    const { code, out } = await runCli(["solve", "--json"], JSON.stringify({ ...good, sampleRatio: 1, ridge: 0 }));
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ status: "diverged" });
    expect(out).toContain("interpolation threshold");
  });

  test("reads a file, and options override its fields", async () => {
    const path = file("case.json", JSON.stringify(good));
    const { out } = await runCli(["solve", "--json", "--config", path, "--ridge", "1"]);
    expect(JSON.parse(out)).toMatchObject({ testError: solve({ ...good, ridge: 1 }).testError });
  });

  test("a trained network without a point gives its gradient step", async () => {
    const item = referenceCases("gradientStep")[0]!;
    const { out } = await runCli(["solve", "--json"], JSON.stringify(item));
    expect(Object.keys(JSON.parse(out) as object)).toEqual(["status", "spikeStrength", "bulkVariance", "alignment"]);
  });
});

describe("solve by options", () => {
  test("prints the test error", async () => {
    const { code, out } = await runCli(["solve", ...OPTIONS, ...POINT]);
    expect(code).toBe(0);
    expect(out).toContain(`test error                ${Number(solve(good).testError.toPrecision(10))}`);
  });

  test("α may be inf", async () => {
    const { out } = await runCli(["solve", ...OPTIONS, ...POINT, "--sample-ratio", "inf"]);
    expect(out).toContain(String(Number(solve({ ...good, sampleRatio: Infinity }).testError.toPrecision(10))));
  });

  test("the interpolation threshold of a ridgeless model is exit code 1", async () => {
    const { code, err } = await runCli([
      "solve",
      ...OPTIONS,
      "--sample-ratio",
      "1",
      "--width-ratio",
      "1",
      "--ridge",
      "0",
    ]);
    expect([code, err.split("\n").length]).toEqual([1, 2]);
  });
});

describe("bad usage is one line that names the parameter, and exit code 2", () => {
  const spiked = ["--model", "spikedRandomFeatures", "--spike-strength", "1", "--alignment", "0.5"];
  test.each([
    ["sampleRatio", ["--sample-ratio", "0"]],
    ["widthRatio", ["--width-ratio", "-1"]],
    ["ridge", ["--ridge", "NaN"]],
    ["alignment", [...spiked, "--alignment", "1.2"]],
    ["readoutFractions", [...spiked, "--readout-values", "1,2", "--readout-fractions", "0.5,0.6"]],
    ["readoutFractions", [...spiked, "--readout-values", "1,2", "--readout-fractions", "0.5,0.3,0.2"]],
    ["student", ["--student", "tanh(y)"]],
    ["student", ["--student", "sqrt(x)"]],
    ["target", ["--target", "exp(x^2)"]],
    ["alignment", ["--alignment", "1"]],
    ["model", ["--model", "perceptron"]],
    ["config", ["--config", join(scratch, "missing.json")]],
    ["half.json", ["--config", file("half.json", '{"model": "randomFeatures", "student":')]],
    ["studnt", ["--config", file("wrong.json", '{"model": "randomFeatures", "studnt": "tanh"}')]],
    ["learning-rat", ["--learning-rat", "1"]],
  ])("%s: %j", async (parameter, extra) => {
    const { code, err, out } = await runCli(["solve", ...OPTIONS, ...POINT, ...extra]);
    expect(err).toContain(parameter);
    expect(err.trim().split("\n")).toHaveLength(1);
    expect([code, out]).toEqual([2, ""]);
  });
});
