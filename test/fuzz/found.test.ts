import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { activation, ExpressionError, map, type ModelDescription, ParameterError, solve } from "../../src/index.ts";
import { mergeTrials, shardTrials, simulate, summarize, TrialError } from "../../src/simulation/index.ts";
import { Workspace } from "../../src/simulation/workspace.ts";
import { streamStateLength, trialStreams } from "../../src/simulation/randomStreams.ts";
import { decodeArrays } from "../../src/cli/serve/arrays.ts";
import { figureMethod } from "../../src/cli/serve/figureMethod.ts";
import { parseNpy } from "../../src/data/index.ts";
import { runCli } from "../cli/runCli.ts";

const scratch = mkdtempSync(join(tmpdir(), "found-"));
afterAll(() => rmSync(scratch, { recursive: true }));
const model: ModelDescription = {
  model: "randomFeatures",
  student: "tanh",
  target: "sin",
  sampleRatio: 1,
  widthRatio: 1,
  ridge: 0.1,
};
const nested = (levels: number) => "[".repeat(levels) + "]".repeat(levels);

/** What fuzzing found once. */
describe("regression: formulas", () => {
  it("any error of the parser is one of the formula", () => {
    expect(() => activation("f(x, x) = x")).toThrow(ExpressionError);
    expect(() => activation("(min(x,x) = 2)")).toThrow(ExpressionError);
  });

  it("chains within chains, which double at every level, are refused at once", () => {
    const bomb = (levels: number): string => (levels === 0 ? "x" : `0<(${bomb(levels - 1)})<1`);
    expect(activation(bomb(3)).value(0.5)).toBe(0);
    for (const levels of [12, 100]) expect(() => activation(bomb(levels))).toThrow(/chains within chains/);
  });
});

describe("regression: values that have no JSON are named all the same", () => {
  const circle: { self?: unknown } = {};
  circle.self = circle;
  const thrower = { toJSON: () => circle.self };
  it.each([
    ["10", 10n],
    ["Symbol(x)", Symbol("x")],
    ["[object Object]", circle],
    ["[object Object]", thrower],
  ])("%s", (shown, value) => {
    for (const name of ["ridge", "student", "model", "loss"]) {
      const run = () => solve({ ...model, [name]: value } as unknown as ModelDescription);
      expect(run).toThrow(ParameterError);
      expect(run).toThrow(`${name} = ${shown} is not legal`);
    }
  });
});

describe("regression: JSON that is nested too deeply to be written again", () => {
  it.each(["solve", "bounds", "spectrum"])("%s", async (command) => {
    for (const field of ["id", "ridge", "student"]) {
      const { code, err } = await runCli(
        [command, "--json"],
        `{"model": "randomFeatures", "${field}": ${nested(1e5)}}`,
      );
      expect([code, err]).toEqual([2, "error: standard input is nested in more than 50 levels\n"]);
    }
  });

  it("a line of it does not spoil the others", async () => {
    const { code, out } = await runCli(["solve", "--json"], `${JSON.stringify(model)}\n{"id": ${nested(1e5)}}\n`);
    expect(code).toBe(1);
    expect(out.split("\n")[0]).toContain('"converged"');
    expect(out.split("\n")[1]).toContain("line 2 of standard input is nested in more than 50 levels");
  });
});

describe("regression: arrays whose shape has no numbers but many rows", () => {
  it("are refused at once", () => {
    const header = "{'descr': '<f8', 'fortran_order': False, 'shape': (999999999999999, 0), }".padEnd(117) + "\n";
    const bytes = Uint8Array.of(
      147,
      ...new TextEncoder().encode("NUMPY"),
      1,
      0,
      118,
      0,
      ...new TextEncoder().encode(header),
    );
    expect(() => parseNpy(bytes)).toThrow(/not empty/);
    const features = { float64: "", shape: [4294967295, 0] };
    expect(() => decodeArrays("", { features })).toThrow(/features.shape/);
  });
});

describe("regression: lines of a map that are no list", () => {
  it.each(["levels", "boundaries"] as const)("%s", (name) => {
    const axes = { x: { sampleRatio: [0.5, 2] }, y: { widthRatio: [0.5, 2] } };
    expect(() => map(model, { ...axes, [name]: { ridge: 1 } })).toThrow(new RegExp(`^${name} = .* a list`));
  });
});

describe("regression: a figure's columns", () => {
  it.each([
    ["of an object's prototype", { "__proto__.polluted": [1], testError: [1] }, "without __proto__"],
    ["within another column", { a: [1], "a.b": [1] }, "no name within a"],
  ])("%s are refused", async (_what, columns, message) => {
    const task = { report: () => undefined, signal: new AbortController().signal };
    const params = JSON.parse(JSON.stringify({ columns, x: "sampleRatio" })) as unknown;
    await expect(figureMethod(params, task)).rejects.toThrow(message);
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });
});

describe("regression: simulation", () => {
  const options = { dimension: 8, trials: 2, testSamples: 20, workers: 0, backend: "wasm" } as const;

  it.each([
    ["squares of the features that overflow", { student: "1e200*x" }],
    ["a student that is not defined everywhere", { student: "sqrt(x)" }],
    ["a target that overflows", { target: "exp(exp(x^2+7))" }],
  ])("%s make no result of 0 or NaN", async (_what, change) => {
    await expect(simulate({ ...model, ...change }, options)).rejects.toThrow(TrialError);
    const line = ["--model", "randomFeatures", "--width-ratio", "1", "--sample-ratio", "0.5,2", "--ridge", "0.1"];
    const { student, target } = { ...model, ...change } as { student: string; target: string };
    const run = ["simulate", ...line, "--student", student, "--target", target, "--dimension", "8", "--workers", "0"];
    const { code, out, err } = await runCli(run);
    expect([code, out]).toEqual([1, ""]);
    expect(err).toMatch(/^error: trial 0: .*\n$/);
  });

  it("sizes beyond any machine are refused before any work", async () => {
    await expect(simulate(model, { ...options, trials: 1e15 })).rejects.toThrow(/^trials = 1000000000000000 /);
    await expect(simulate(model, { ...options, dimension: 1e6 })).rejects.toThrow(/^dimension = 1000000 .* 4 GiB/);
    expect(shardTrials({ index: 3, count: 1_000_000 }, 1e7)).toHaveLength(10);
  });

  it("a trial's streams do not depend on the trials before it", async () => {
    const drawn = async (trials: readonly number[]) => {
      const workspace = await Workspace.create(4096);
      const states = workspace.allocate(streamStateLength);
      const last = trials.map((trial) => trialStreams(workspace, states, 5, trial)).at(-1)!;
      return Object.values(last).map((stream) => stream.normal());
    };
    const expected = await drawn([7]);
    for (const before of [[3], [7], [9], [0, 2, 8]]) expect(await drawn([...before, 7])).toEqual(expected);
  });
});

describe("regression: a file of trials with damaged results", () => {
  it.each([
    ["null", (points: unknown[]) => [null, ...points.slice(1)]],
    ["too few", (points: unknown[]) => points.slice(1)],
    ["no number", ([first, ...rest]: unknown[]) => [{ ...(first as object), testError: "1" }, ...rest]],
    ["NaN", ([first, ...rest]: unknown[]) => [{ ...(first as object), objective: null }, ...rest]],
    ["no overlaps", ([first, ...rest]: unknown[]) => [{ ...(first as object), overlaps: {} }, ...rest]],
    ["losses of ridge regression", ([first, ...rest]: unknown[]) => [{ ...(first as object), losses: "inf" }, ...rest]],
    ["another ridge", ([first, ...rest]: unknown[]) => [{ ...(first as object), ridge: 3 }, ...rest]],
  ])("%s", async (_what, damage) => {
    const file = join(scratch, "trials.jsonl");
    rmSync(file, { force: true });
    const run = () => simulate(model, { dimension: 8, trials: 2, testSamples: 20, workers: 0, file, ridges: [0.1, 1] });
    await run();
    const lines = readFileSync(file, "utf8").split("\n");
    expect(summarize(mergeTrials([file], 2).records)).toHaveLength(2);
    const record = JSON.parse(lines[1]!) as { points: unknown[] };
    lines[1] = JSON.stringify({ ...record, points: damage(record.points) });
    writeFileSync(file, lines.join("\n"));
    await expect(run()).rejects.toThrow(/line 2 is damaged/);
    expect(() => mergeTrials([file], 2)).toThrow(/line 2 is damaged/);
  });
});
