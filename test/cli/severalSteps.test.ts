import { describe, expect, test } from "vitest";
import { curve, exponents, gradientSteps, solve, type SteppedNetwork } from "../../src/index.ts";
import { runCli } from "./runCli.ts";

const STEPS = [
  { learningRate: 1.5, stepSampleRatio: Infinity },
  { learningRate: 2, stepSampleRatio: Infinity },
] as const;
const MODEL = {
  ...({ model: "trainedNetwork", student: "tanh", target: "x1 + x1*x2", steps: STEPS } as const),
  ...{ widthRatio: 1, ridge: 0.1 },
};
const OPTIONS = ["--student", "tanh", "--target", "x1 + x1*x2", "--width-ratio", "1", "--ridge", "0.1"];
const JSON_STEPS = '[{"learningRate": 1.5, "stepSampleRatio": "inf"}, {"learningRate": 2, "stepSampleRatio": "inf"}]';

// Exactness: the command line gives the library's numbers.
describe("several steps on the command line", () => {
  test("solve prints a point, without coordinates the spikes", async () => {
    const point = await runCli(["solve", ...OPTIONS, "--steps", JSON_STEPS, "--sample-ratio", "2"]);
    const { testError } = solve({ ...MODEL, sampleRatio: 2 } as SteppedNetwork);
    expect(point.out).toContain(`test error                ${Number(testError.toPrecision(10))}`);
    const spikes = await runCli(["solve", ...OPTIONS.slice(0, 4), "--steps", JSON_STEPS]);
    const { spikeAlongTarget } = gradientSteps({ ...MODEL, target: MODEL.target });
    expect(spikes.out).toContain(String(Number(spikeAlongTarget[0]![1]!.toPrecision(10))));
    expect([point.code, spikes.code, point.err]).toEqual([0, 0, ""]);
  });

  test("curve sweeps a step's number as the library does", async () => {
    const swept = JSON_STEPS.replace("2,", "[0, 2],");
    const { out, err, code } = await runCli(["curve", ...OPTIONS, "--steps", swept, "--sample-ratio", "1,2"]);
    const rows = curve(MODEL, { sweep: { "steps[1].learningRate": [0, 2], sampleRatio: [1, 2] } });
    const lines = out.trim().split("\n");
    const columns = lines[0]!.split(",");
    expect(code).toBe(0);
    expect(columns.slice(0, 3)).toEqual(["theory", "steps[1].learningRate", "sampleRatio"]);
    const errors = lines.slice(1).map((line) => Number(line.split(",")[columns.indexOf("testError")]));
    expect(rows).toHaveLength(4);
    expect(errors).toEqual(rows.map((row) => (row.status === "converged" ? row.testError : NaN)));
    expect(err).toContain("step 2 has learningRate = 0: it does nothing");
  });

  test("exponents prints the staircase, and reads JSON", async () => {
    const { out } = await runCli(["exponents", "--target", "x1 + x2 + x1*x2"]);
    expect(out).toContain("leap                  2");
    const json = await runCli(["exponents", "--json"], '{"target": "x1^3 - 3*x1", "id": 7}');
    expect(JSON.parse(json.out)).toEqual({ id: 7, status: "converged", ...exponents("x1^3 - 3*x1") });
  });

  test.each([
    [["--steps", '[{"learningRate": 1}]'], "steps[0].stepSampleRatio"],
    [["--steps", "1,2"], "steps"],
    [["--steps", JSON_STEPS, "--learning-rate", "1"], "learningRate"],
    [["--steps", JSON_STEPS, "--loss", "logistic"], "loss"],
  ])("%j is refused by name", async (options, name) => {
    const { code, err } = await runCli(["solve", ...OPTIONS, "--sample-ratio", "2", ...options]);
    expect([code, err.split("\n").length, err.includes(name)]).toEqual([2, 2, true]);
  });

  test("a sweep of a step that is not there is refused", () => {
    expect(() => curve(MODEL, { sweep: { "steps[2].learningRate": [1] } })).toThrow(/steps\[0\] to steps\[1\]/);
  });
});
