import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { codeOf, commandOf } from "../../docs/explorer/exports.ts";
import {
  DEFAULT_STATE,
  type ExplorerState,
  fromHash,
  readState,
  type Request,
  toHash,
} from "../../docs/explorer/state.ts";
import { emptyCache, explore, type ExplorerRow, THEORIES, type TheoryName } from "../../docs/explorer/theory.ts";
import fc from "fast-check";
import * as library from "../../src/index.ts";
import { runCli } from "../cli/runCli.ts";
import { runExample } from "../documentation/runExample.ts";

function requestOf(changes: Partial<ExplorerState>): Request {
  const read = readState({ ...DEFAULT_STATE, ...changes });
  if ("errors" in read) throw new Error(JSON.stringify(read.errors));
  return read.request;
}

/** The arguments that a shell makes of a command. */
function argumentsOf(command: string): string[] {
  const script = `replica-theory() { printf '%s\\0' "$@"; }\n${command}`;
  return execFileSync("bash", ["-c", script], { encoding: "utf8" }).split("\0").slice(0, -1);
}

/** Test errors of the table on standard output. */
async function tableOf(command: string): Promise<string[]> {
  const parsed = argumentsOf(command);
  const { code, out, err } = await runCli(parsed.slice(0, parsed.indexOf("--out")));
  expect(code).toBe(0);
  // Notices of weak mean channels may come; an error may not.
  expect(err).not.toMatch(/^error:/m);
  const [head, ...rows] = out
    .trim()
    .split("\n")
    .map((line) => line.split(","));
  return rows.map((row) => Number(row[head!.indexOf("testError")]).toPrecision(9));
}

/** Test errors at both ends of the drawn curves, theory by theory. */
function drawnEnds(request: Request): string[] {
  const rows = new Map<TheoryName, readonly ExplorerRow[]>();
  for (const message of explore(request, emptyCache())) {
    if (message?.kind === "curve") rows.set(message.theory, message.rows);
  }
  return THEORIES.flatMap((theory) =>
    [0, -1].map((end) => {
      const row = rows.get(theory)!.at(end)!;
      return row.status === "converged" ? row.testError.toPrecision(9) : row.message;
    }),
  );
}

function step(learningRate: string, stepSampleRatio: string, reuseBatch = false) {
  return { learningRate, stepSampleRatio, reuseBatch };
}

const STATES: readonly Partial<ExplorerState>[] = [
  {},
  { student: "relu(x) - 0.2*x^2", target: "x + cos(3*x)", readoutValues: "-1, 0.5", readoutFractions: "0.25, 0.75" },
  { axis: "ridge", stepSampleRatio: "inf", learningRate: "-1.5" },
  { axis: "labelNoise", stepSampleRatio: "0.5" },
  { axis: "learningRate", learningRate: "-0.5" },
  { axis: "ridge", target: "x1 + x1*x2", stepSampleRatio: "inf", steps: [step("2", "inf")] },
];

describe("code and command are equivalent to the picture", () => {
  test.each(STATES)("%o", async (state) => {
    const request = requestOf(state);
    const fromCommand = await tableOf(commandOf(request, undefined));
    expect(fromCommand).toHaveLength(120);
    const probe = `rows.map((row) => (row.status === "converged" ? row.testError.toPrecision(9) : "")).join(" ");`;
    const [shown] = await runExample(`${codeOf(request)}${probe} // -`, { "replica-theory": library }, {});
    const fromCode = shown!.got.replaceAll('"', "");
    expect(fromCode).toBe(fromCommand.join(""));
    expect([0, 59, 60, 119].map((i) => fromCommand[i])).toEqual(drawnEnds(request));
  });

  test("a number of a step is swept by its own name", () => {
    const steps = [step("2", "inf"), step("1", "3", true)];
    const request = requestOf({ axis: "steps[1].learningRate", target: "x1 + x2", steps });
    const parsed = argumentsOf(commandOf(request, undefined));
    expect(JSON.parse(parsed[parsed.indexOf("--steps") + 1]!)).toEqual([
      { learningRate: 3, stepSampleRatio: 2 },
      { learningRate: "0:5:60", stepSampleRatio: "inf" },
      { learningRate: 1, stepSampleRatio: 3, reuseBatch: true },
    ]);
    expect(parsed).not.toContain("--learning-rate");
    expect(codeOf(request)).toContain('sweep: { "steps[1].learningRate": values }');
  });

  test("a simulation is in the command", () => {
    const parsed = argumentsOf(commandOf(requestOf({}), { dimension: 50, trials: 3, seed: 7 }));
    expect(parsed.join(" ")).toContain("--simulate network --dimension 50 --trials 3 --seed 7");
  });

  test("a formula with quotes reaches the command unharmed", () => {
    const parsed = argumentsOf(commandOf(requestOf({ target: `x + '"$(true)" \\ ; x` }), undefined));
    expect(parsed[parsed.indexOf("--target") + 1]).toBe(`x + '"$(true)" \\ ; x`);
  });
});

describe("the address", () => {
  test("law: holds the whole state, whatever is typed", () => {
    const text = fc.string();
    const state = fc.record({
      ...Object.fromEntries(Object.keys(DEFAULT_STATE).map((name) => [name, text])),
      axis: fc.constantFrom("ridge", "sampleRatio", "labelNoise", "steps[1].learningRate"),
      steps: fc.array(fc.record({ learningRate: text, stepSampleRatio: text, reuseBatch: fc.boolean() }), {
        maxLength: 3,
      }),
      mapQuantity: fc.constantFrom("testError", "variance"),
      mapAxis: fc.constantFrom("ridge", "widthRatio"),
      view: fc.constantFrom("curve", "map"),
      quantity: fc.constantFrom("errors", "decomposition"),
      logErrors: fc.boolean(),
      bayes: fc.boolean(),
    }) as unknown as fc.Arbitrary<ExplorerState>;
    fc.assert(
      fc.property(state, (value) => {
        expect(fromHash(`#${toHash(value)}`)).toEqual({ ...value });
      }),
    );
  });

  test("of another page, or none, gives the default", () => {
    for (const hash of ["", "#", "#section", "#axis=nothing&unknown=1&__proto__=2"])
      expect(fromHash(hash)).toEqual(DEFAULT_STATE);
  });
});
