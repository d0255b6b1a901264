import { describe, expect, test } from "vitest";
import { runCli } from "./runCli.ts";

const MODEL = [
  "--model",
  "randomFeatures",
  "--student",
  "tanh",
  "--target",
  "tanh",
  "--width-ratio",
  "1",
  "--ridge",
  "0.1",
];

describe("curve --bayes", () => {
  test("is the error of bayesOptimal, which the row is not below", async () => {
    const { code, out } = await runCli(["curve", ...MODEL, "--label-noise", "0.1", "--sample-ratio", "1", "--bayes"]);
    expect(code).toBe(0);
    const [header, row] = out.split("\n").map((text) => text.split(","));
    const column = (name: string) => Number(row![header!.indexOf(name)]);
    // From an independent calculation, to its digits.
    expect(Math.abs(column("bayesTestError") - 0.28038395437)).toBeLessThan(1e-6);
    expect(column("bayesTestError")).toBeLessThan(column("testError"));
  });

  test.each([
    ["labels without noise", MODEL, "labelNoise = 0"],
    [
      "a spike that knows the target",
      ["--model", "spikedRandomFeatures", "--spike-strength", "1", "--alignment", "1", ...MODEL.slice(2)],
      "baselines =",
    ],
  ])("refuses %s", async (_name, model, message) => {
    const { code, err } = await runCli(["curve", ...model, "--sample-ratio", "1", "--bayes"]);
    expect(code).toBe(2);
    expect(err).toContain(message);
  });
});
