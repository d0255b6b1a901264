import { describe, expect, test } from "vitest";
import { optimum } from "../../src/index.ts";
import { runCli } from "./runCli.ts";

const MODEL = ["validate", "--model", "randomFeatures", "--student", "tanh", "--target", "sin", "--width-ratio", "1"];
const FINITE = ["--dimensions", "40,80", "--trials", "8", "--test-samples", "1000", "--seed", "5"];

describe("validate", () => {
  test("accepts theory, and prints a line for every point", async () => {
    const { code, out } = await runCli([...MODEL, "--sample-ratio", "0.5,2", "--ridge", "0.1", ...FINITE]);
    const lines = out.trimEnd().split("\n");
    expect(lines[0]).toMatch(/^sampleRatio +ridge +theory +F = d = 40 +simulated +F = d = 80 +simulated +d → ∞ +z$/);
    expect(lines.slice(1, 3).map((line) => /\baccepted$/.test(line))).toEqual([true, true]);
    expect([code, lines[3]]).toEqual([0, "theory is accepted"]);
  });

  test("at the ridge of least test error, which every number of samples has of its own", async () => {
    const tuned = [...MODEL, "--label-noise", "0.1", "--ridge", "optimal"];
    const small = ["--dimensions", "20,40", "--trials", "4", "--test-samples", "200", "--seed", "5"];
    const { out } = await runCli([...tuned, "--sample-ratio", "0.5,1", ...small]);
    const lines = out.trimEnd().split("\n");
    expect(lines).toHaveLength(4);
    for (const [i, sampleRatio] of [0.5, 1].entries()) {
      const best = optimum(
        { model: "randomFeatures", student: "tanh", target: "sin", widthRatio: 1, labelNoise: 0.1, sampleRatio },
        { over: ["ridge"] },
      );
      const [ratio, ridge, theory] = lines[i + 1]!.split(/ +/).map(Number);
      expect([ratio, ridge]).toEqual([sampleRatio, Number(best.at.ridge!.toPrecision(6))]);
      expect(theory).toBe(Number(best.value.toPrecision(6)));
    }
    const several = await runCli([
      ...MODEL,
      "--width-ratio",
      "optimal",
      "--ridge",
      "1",
      "--sample-ratio",
      "0.5,1",
      ...small,
    ]);
    expect([several.code, several.err]).toEqual([2, expect.stringContaining('widthRatio = "optimal"')]);
  });

  const CLASSIFICATION = [...MODEL, "--target", "sign", "--label-flips", "0.1", "--loss", "logistic"];

  test("of a margin loss: the classification error, or what is asked for", async () => {
    const point = ["--sample-ratio", "1", "--ridge", "0.1"];
    const byDefault = await runCli([...CLASSIFICATION, ...point, ...FINITE]);
    expect([byDefault.code, byDefault.out.split("\n")[0]]).toEqual([0, "test classification error"]);
    const loss = await runCli([...CLASSIFICATION, ...point, ...FINITE, "--quantity", "testLoss"]);
    expect([loss.code, loss.out.split("\n")[0]]).toEqual([0, "test loss"]);
    const theory = (out: string) => Number(out.split("\n").at(-3)!.split(/ +/)[2]);
    expect(theory(loss.out)).toBeGreaterThan(theory(byDefault.out));
    const square = await runCli([...CLASSIFICATION, ...point, ...FINITE, "--quantity", "testError"]);
    expect([square.code, square.out]).toEqual([2, ""]);
    expect(square.err).toMatch(/^error: quantity = /);
  });

  const WEAK = [
    "validate",
    "--student",
    "sin(2*x)",
    "--target",
    "sin",
    "--learning-rate",
    "1",
    "--step-sample-ratio",
    "0.5",
  ];
  const AT = ["--sample-ratio", "0.7", "--width-ratio", "1", "--ridge", "0.001"];

  test("each size is compared with the theory of its own: where a mean channel is weak, only that is accepted", async () => {
    const sizes = ["--dimensions", "60,120", "--trials", "80", "--test-samples", "500", "--seed", "1"];
    const own = await runCli([...WEAK, ...AT, ...sizes]);
    expect([own.code, own.out.trimEnd().split("\n").at(-1)]).toEqual([0, "theory is accepted"]);
    const limit = await runCli([...WEAK, ...AT, ...sizes, "--no-finite-size"]);
    expect([limit.code, limit.out.trimEnd().split("\n").at(-1)]).toEqual([1, "theory is rejected"]);
  });

  test("rejects beyond the threshold, with exit code 1", async () => {
    const point = ["--sample-ratio", "0.5", "--ridge", "0.1"];
    const { code, out } = await runCli([...MODEL, ...point, ...FINITE, "--threshold", "1e-9"]);
    expect([code, out.trimEnd().split("\n").at(-1)]).toEqual([1, "theory is rejected"]);
  });

  test.each([
    ["dimensions", ["--sample-ratio", "1", "--ridge", "1"]],
    ["dimensions", ["--sample-ratio", "1", "--ridge", "1", "--dimensions", "100"]],
    ["widthRatio", ["--sample-ratio", "1", "--ridge", "1", ...FINITE, "--width-ratio", "1,2"]],
    ["sampleRatio", ["--sample-ratio", "1,inf", "--ridge", "1", ...FINITE]],
    ["threshold", ["--sample-ratio", "1", "--ridge", "1", ...FINITE, "--threshold", "0"]],
  ])("bad usage names %s: %j", async (parameter, extra) => {
    const { code, err, out } = await runCli([...MODEL, ...extra]);
    expect([code, out]).toEqual([2, ""]);
    expect(err).toMatch(new RegExp(`^error: ${parameter} = .*\n$`));
  });
});
