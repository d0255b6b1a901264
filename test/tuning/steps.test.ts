import { describe, expect, test } from "vitest";
import { curve, derivatives, map, optimum, solve, type SteppedNetwork } from "../../src/index.ts";
import { mapCases, readTuned } from "../../src/json/tuning.ts";
import { searchOver } from "../../src/tuning/axes.ts";
import { tunedDescription, tunedNames } from "../../src/tuning/tuner.ts";
import { runCli } from "../cli/runCli.ts";

/** Two steps of one group on infinite batches. */
const STEP = { learningRate: 2, stepSampleRatio: Infinity };
const MODEL = {
  ...({ model: "trainedNetwork", theory: "srf", student: "erf", target: "x + x^2/2", steps: [STEP, STEP] } as const),
  ...{ sampleRatio: 2, widthRatio: 1, ridge: 0.1, labelNoise: 1 },
} satisfies SteppedNetwork;
const SECOND = "steps[1].learningRate";

const at = (learningRate: number, changes: object = {}): number =>
  solve({ ...MODEL, ...changes, steps: [STEP, { ...STEP, learningRate }] } as SteppedNetwork).testError;
const close = (value: number): number => expect.closeTo(value, 10) as number;

describe("numbers of a step, by their own names", () => {
  test("a map over one has the values of solve, and contours at their level", () => {
    const corners = [at(0.5, { sampleRatio: 3 }), at(2, { sampleRatio: 3 })] as const;
    const { x, cells, lines } = map(MODEL, {
      ...{ x: { [SECOND]: [0.5, 2] }, y: { sampleRatio: [1, 3] } },
      levels: [0.5 * (corners[0] + corners[1])],
    });
    expect(x).toEqual({ name: SECOND, values: [0.5, 2] });
    const values = cells.map((row) => row.map((cell) => (cell.status === "converged" ? cell.value : NaN)));
    expect(values).toEqual([[at(0.5, { sampleRatio: 1 }), at(2, { sampleRatio: 1 })].map(close), corners.map(close)]);
    expect(lines[0]!.lines.flat().length).toBeGreaterThan(0);
    expect(lines[0]!.residual).toBeLessThan(1e-8);
  });

  test("the derivative by one is the difference of two points", () => {
    const { value, error } = derivatives(MODEL, [SECOND])[SECOND]!["testError"]!;
    const [far, near] = [2e-3, 1e-3].map((h) => (at(2 + h) - at(2 - h)) / (2 * h)) as [number, number];
    expect(Math.abs(value - (4 * near - far) / 3)).toBeLessThan(error + 1e-8);
  });

  test("the best one of a range may be its end", () => {
    const { at: best, value, ends } = optimum(MODEL, { over: { [SECOND]: [2, 4] } });
    expect([best, ends]).toEqual([{ [SECOND]: 4 }, { [SECOND]: "range" }]);
    expect(value).toEqual(close(at(4)));
  });

  test("a rate that diverges is a place of a curve without a value", () => {
    const rows = curve({ ...MODEL, student: "relu" }, { sweep: { "steps[0].learningRate": [1, 1e5] } });
    expect(rows.map(({ status }) => status)).toEqual(["converged", "error"]);
    expect(rows[1]).toMatchObject({ message: expect.stringContaining("step 1 does not diverge") as string });
  });

  test("a budget is divided among all steps and the readout", () => {
    const { names, parametersAt } = searchOver(MODEL, ["steps[1].stepSampleRatio"], 6);
    expect(names).toEqual(["steps[0].stepSampleRatio", "steps[1].stepSampleRatio", "sampleRatio"]);
    const parts = parametersAt([0.5, 0.25]);
    expect(parts).toEqual({ "steps[0].stepSampleRatio": 3, "steps[1].stepSampleRatio": 0.75, sampleRatio: 2.25 });
  });

  test("what is not there is refused by name", () => {
    expect(() => optimum(MODEL, { over: ["steps[2].learningRate"] })).toThrow(/over = .*steps\[0\] to steps\[1\]/);
    expect(() => optimum(MODEL, { over: ["learningRate"] })).toThrow(/over = .*steps\[0\]\.learningRate or/);
    const one = { model: "trainedNetwork", student: "tanh", target: "sin" } as const;
    const point = { learningRate: 1, stepSampleRatio: 1, sampleRatio: 1, widthRatio: 1, ridge: 0.1 };
    expect(() => derivatives({ ...one, ...point }, ["steps[0].learningRate"])).toThrow(/which has no steps/);
    expect(() => map(MODEL, { x: { "steps[0].learningRat": [1, 2] } as never, y: { ridge: [1, 2] } })).toThrow(
      /x = "steps\[0\]\.learningRat"/,
    );
  });
});

test("a number of a step may be optimal, or left out where an axis has it", () => {
  const tuned = readTuned({ ...MODEL, steps: [STEP, { ...STEP, learningRate: "optimal" }] }, []);
  expect(tunedNames(tuned)).toEqual([SECOND]);
  const found = tunedDescription(tuned, () => ({ [SECOND]: 3 }));
  expect(found).toMatchObject({ steps: [STEP, { ...STEP, learningRate: 3 }] });
  const plane = {
    ...MODEL,
    steps: [STEP, { stepSampleRatio: "inf" }],
    x: { [SECOND]: [1, 2] },
    y: { ridge: [0.1, 1] },
  };
  expect([...mapCases([{ data: plane }])][0]).toMatchObject({ values: [[at(1), at(2)].map(close), expect.anything()] });
});

test("the command line has the library's map", async () => {
  const steps = '[{"learningRate": 2, "stepSampleRatio": "inf"}, {"learningRate": [1, 2], "stepSampleRatio": "inf"}]';
  const { out, code } = await runCli([
    ...["map", "--theory", "srf", "--student", "erf", "--target", "x + x^2/2", "--label-noise", "1"],
    ...["--width-ratio", "1", "--sample-ratio", "2", "--ridge", "0.1,1", "--x", SECOND, "--steps", steps],
  ]);
  expect(code).toBe(0);
  const [head, first] = out.split("\n").map((line) => line.split(","));
  expect(head!.slice(0, 4)).toEqual([SECOND, "ridge", "status", "value"]);
  expect(Number(first![3])).toBeCloseTo(at(1), 10);
});

// A second step of this rate leaves a tenth of the bulk: V1 starts at its size.
test("steps that shrink the bulk are solved", () => {
  const found = [14, 20].map((rate) => at(rate));
  const [there] = curve(MODEL, { sweep: { [SECOND]: [14], ridge: [0.1] } });
  expect(there).toMatchObject({ status: "converged", testError: close(found[0]!) });
  expect(found[1]).toBeGreaterThan(found[0]!);
});
