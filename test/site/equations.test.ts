import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { layOut } from "../../docs/explorer/chart.ts";
import { branchChart, type BranchPicture } from "../../docs/explorer/equations/branchPicture.ts";
import { calculate, type EquationsMessage } from "../../docs/explorer/equations/calculate.ts";
import { catalogueOf } from "../../docs/explorer/equations/catalogue.ts";
import { commandOf, pythonOf, rowsCsv, typescriptOf } from "../../docs/explorer/equations/equationsExports.ts";
import {
  EMPTY_STATE,
  type EquationsRequest,
  type EquationsState,
  fromHash,
  readEquations,
  toHash,
} from "../../docs/explorer/equations/equationsState.ts";
import { placeOf } from "../../docs/explorer/equations/placeOf.ts";
import { readProblem, withNumber } from "../../docs/explorer/equations/problemText.ts";
import * as equations from "../../src/equations/index.ts";
import { runExample } from "../documentation/runExample.ts";

const DIRECTORY = "docs/equations/catalogue";
const files = Object.fromEntries(
  readdirSync(DIRECTORY).map((file) => [`./${file}`, readFileSync(join(DIRECTORY, file), "utf8")]),
);
const CATALOGUE = catalogueOf(files);
const textOf = (file: string): string => CATALOGUE.find((entry) => entry.file === file)!.text;

const CODE = `// from a program
const weiss = saddlePoint({
  unknowns: { m: { start: 0.9, min: -1, max: +1 } },
  parameters: { beta: 1.5, h: .3 }, // inverse temperature, field
  where: { 'field': \`beta*(m + h)\` },
  equations: { m: "tanh(field)" },
  branch: { over: "h", from: 0.3, to: -0.3, },
});`;

function requestOf(state: Partial<EquationsState>): EquationsRequest {
  const { request, error } = readEquations({ ...EMPTY_STATE, ...state });
  if (!request) throw new Error(error?.message);
  return request;
}

function answersTo(request: EquationsRequest): EquationsMessage[] {
  return [...calculate(request)].filter((message) => message !== undefined);
}

function pictureOf(request: EquationsRequest): BranchPicture {
  const picture = answersTo(request).findLast(({ kind }) => kind === "picture");
  if (picture?.kind !== "picture") throw new Error("no picture");
  return { request, ...picture };
}

/** The message and the marked text of what is wrong with a problem. */
function wrong(text: string): { message: string; marked: string | undefined } {
  const { problem, request, error } = readEquations({ ...EMPTY_STATE, text });
  if (error) return { message: error.message, marked: error.range && text.slice(error.range.start, error.range.end) };
  const answer = answersTo(request!).find(({ kind }) => kind === "error");
  if (answer?.kind !== "error") return { message: "", marked: undefined };
  const range = placeOf(problem!, answer.blame);
  return { message: answer.message, marked: range && text.slice(range.start, range.end) };
}

describe("problems are read as they are typed", () => {
  test("every problem of the catalogue, and its branch", () => {
    expect(CATALOGUE.length).toBeGreaterThan(15);
    for (const { file, text } of CATALOGUE) {
      const { branch, ...description } = JSON.parse(files[`./${file}.json`]!) as Record<string, unknown>;
      const request = requestOf({ text });
      expect(request.description, file).toEqual(description);
      if (branch) expect(branch, file).toMatchObject({ over: request.over, from: request.from, to: request.to });
      expect(JSON.parse(text), file).toEqual(JSON.parse(files[`./${file}.json`]!));
    }
  });

  test("as code, with names without quotes, comments, any quotes and trailing commas", () => {
    const request = requestOf({ text: CODE });
    expect(request).toMatchObject({ task: "branch", over: "h", from: 0.3, to: -0.3 });
    expect(request.description).toEqual({
      unknowns: { m: { start: 0.9, min: -1, max: 1 } },
      parameters: { beta: 1.5, h: 0.3 },
      where: { field: "beta*(m + h)" },
      equations: { m: "tanh(field)" },
    });
  });

  test("a number is changed where it stands", () => {
    const read = readProblem(CODE);
    if ("error" in read) throw new Error(read.error.message);
    const changed = withNumber(read.problem, "parameters.h", -0.125);
    expect(changed).toBe(CODE.replace("h: .3", "h: -0.125"));
    expect(withNumber(read.problem, "parameters.unknown", 1)).toBe(CODE);
  });

  test("what the page says goes before what the problem says", () => {
    const text = textOf("hopfield");
    expect(requestOf({ text, task: "curve", from: "0.01", to: "0.1" })).toMatchObject({ task: "curve", from: 0.01 });
    expect(requestOf({ text, over: "T" })).toMatchObject({ over: "T", from: 0.05, to: 0.4 });
    expect(readEquations({ ...EMPTY_STATE, text, from: "a" }).error).toMatchObject({ field: "from" });
    expect(readEquations({ ...EMPTY_STATE, text, from: "1", to: "1" }).error).toMatchObject({ field: "to" });
  });

  test("law: whatever is typed is read or has one message, with a place in the text", () => {
    const piece = fc.constantFrom(
      "{",
      "}",
      '"m"',
      ":",
      ",",
      "unknowns",
      "'",
      "\\",
      "[",
      "1",
      "-",
      " ",
      "`",
      "//",
      "=>",
      "(",
    );
    const text = fc.oneof(
      fc.string(),
      fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join("")),
    );
    let refused = 0;
    fc.assert(
      fc.property(text, (value) => {
        const read = readProblem(value);
        if (!("error" in read)) return;
        refused++;
        expect(read.error.message).not.toMatch(/\n/);
        expect(read.error.message.length).toBeGreaterThan(3);
        expect(read.error.start).toBeGreaterThanOrEqual(0);
        expect(read.error.end).toBeLessThanOrEqual(Math.max(1, value.length));
      }),
      { numRuns: 300 },
    );
    expect(refused).toBeGreaterThan(100);
  });
});

describe("errors are at their place", () => {
  const hopfield = (from: string, to: string): string => {
    const text = textOf("hopfield");
    expect(text).toContain(from);
    return text.replace(from, to);
  };
  test.each([
    ["an unknown symbol", hopfield("alpha*r", "alpha*rr"), /unknown symbol "rr"/, "rr"],
    ["an end too early", hopfield("E(z, t^2)", "E(z, t^"), /the formula ends/, "^"],
    ["a variable used outside", hopfield('"E(z, t)"', '"E(z, t) + z"'), /z/, "z"],
    ["a circle", hopfield('"1/T"', '"beta + 1"'), /beta/, "beta"],
    [
      "an average that does not exist",
      hopfield('"E(z, t)", "q": "E(z, t^2)"', '"m + E(z, exp(z^2))", "q": "q"'),
      /average/,
      "E(z, exp(z^2))",
    ],
    ["an equation without unknown", hopfield('"m": { "start": 0.95 },', ""), /without unknown/, "E"],
    ["an unknown without equation", hopfield('"m": "E(z, t)",', ""), /needs an equation/, '"equations"'],
    ["a start outside its range", hopfield('0.95, "min"', '1.5, "min"'), /within its range/, "1.5"],
    ["a field that does not exist", hopfield('"where"', '"were"'), /no such field/, "{"],
    ["a name of the language", hopfield('"alpha": 0.05', '"alpha": 0.05, "tanh": 1'), /no meaning/, '"tanh"'],
    ["no comma", hopfield('"T": 0.2 },', '"T": 0.2 }'), /comma/, "where"],
    ["no quotes", hopfield('"1/T"', "1/T"), /formula in quotes/, "1/T"],
    ["a name without quotes", hopfield('"1/T"', "beta0"), /in quotes/, "beta0"],
    ["a name twice", hopfield('"T": 0.2', '"T": 0.2, "T": 0.1'), /twice/, '"T"'],
    ["a function", hopfield('"E(z, t)"', "(z) => 1"), /functions/, "(z) => 1"],
    ["an open brace", textOf("hopfield").slice(0, -1), /ends too early/, "}"],
    ["no object", "tanh(x)", /should begin/, "t"],
    ["nothing", "", /no equations/, ""],
  ])("%s", (_name, text, message, marked) => {
    const found = wrong(text);
    expect(found.message).toMatch(message);
    expect(found.message).not.toMatch(/\n/);
    if (marked === "{") expect(found.marked).toBeDefined();
    else expect(found.marked).toContain(marked);
  });

  test("in a formula with escapes", () => {
    const text = String.raw`{ unknowns: { m: {} }, parameters: { a: 1 }, equations: { m: "m\u002B a\x2Ab" } }`;
    expect(wrong(text)).toMatchObject({ message: expect.stringContaining('"b"') as string, marked: "b" });
  });
});

describe("what is drawn", () => {
  test("the branch of Hopfield through its fold: stable solid, unstable dotted, the fold marked and named", () => {
    const picture = pictureOf(requestOf({ text: textOf("hopfield") }));
    const chart = branchChart(picture, "", "Hopfield");
    expect(chart.series.map(({ label, style }) => [label, style])).toEqual([
      ["m", "solid"],
      ["m, unstable", "dotted"],
      ["q", "solid"],
      ["q, unstable", "dotted"],
    ]);
    const [stable, unstable] = chart.series.map(({ points }) => points.filter(({ y }) => Number.isFinite(y)));
    // They meet at the fold.
    const last = stable!.reduce((a, b) => (b.x > a.x ? b : a));
    expect(unstable).toContainEqual(last);
    expect(chart.marks!.map(({ label }) => label)).toEqual(["fold (spinodal), alpha = 0.122559", ""]);
    expect(chart.marks![0]!.x).toBeCloseTo(0.12255886062, 9);
    const scene = layOut(chart, 600, 400);
    expect(scene.marks).toHaveLength(2);
    for (const { path } of scene.shapes) expect(path).not.toContain("NaN");
    expect(scene.shapes[1]!.path).toContain("L");
    const csv = rowsCsv(picture).trim().split("\n");
    expect(csv[0]).toContain("alpha,T,m,q,status,stable");
    expect(csv).toHaveLength(picture.branches[0]!.length + 2);
    expect(csv.at(-1)).toMatch(/^0\.12255886.*event.*fold/);
  });

  test("a curve, the solution at the parameters, and the names of other quantities", () => {
    const request = requestOf({ text: CODE, task: "curve", from: "0.1", to: "0.4" });
    const picture = pictureOf(request);
    expect(picture.branches[0]).toHaveLength(100);
    const description = request.description as unknown as equations.SaddlePointDescription;
    const at = picture.branches[0]![33]!;
    const { values } = equations.saddlePoint(description).solve(at.parameters);
    expect(at.status === "converged" && at.values["m"]).toBeCloseTo(values["m"]!, 11);
    const solution = answersTo(request).find(({ kind }) => kind === "solution");
    expect(solution).toMatchObject({ kind: "solution", solution: { status: "converged", stable: true } });
    expect(branchChart(picture, "nothing", "").y.title).toBe("m");
  });

  test("names of neighbouring events do not overlap", () => {
    const picture = pictureOf(requestOf({ text: textOf("spiked-wigner-sparse") }));
    const { marks } = layOut(branchChart(picture, "q", ""), 620, 400);
    const named = marks.filter(({ label }) => label !== "");
    expect(named).toHaveLength(4);
    expect(new Set(named.map(({ y }) => y)).size).toBe(4);
    expect(marks.length).toBeGreaterThanOrEqual(4);
  });
});

describe("links and code", () => {
  test("law: the address holds the whole state", () => {
    const state = fc.record({
      text: fc.string(),
      task: fc.constantFrom("" as const, "curve" as const, "branch" as const),
      ...{ over: fc.string(), from: fc.string(), to: fc.string(), quantities: fc.string() },
      follow: fc.boolean(),
    });
    fc.assert(
      fc.property(state, (value) => {
        expect(fromHash(`#${toHash(value)}`)).toEqual(value);
      }),
    );
    expect(fromHash("#task=nothing&__proto__=1")).toEqual(EMPTY_STATE);
  });

  test.each(["branch", "curve"] as const)("TypeScript of a %s gives the drawn numbers", async (task) => {
    const request = requestOf({ text: textOf("curie-weiss"), task, from: "0.3", to: "-0.1" });
    const code = typescriptOf(request);
    const probe = `rows.map((row) => (row.status === "converged" ? row.values.m.toFixed(9) : "")).join(" "); // -`;
    const [shown] = await runExample(`${code}${probe}`, { "replica-theory/equations": { ...equations } }, {});
    const drawn = pictureOf(request).branches[0]!;
    const numbers = drawn.map((row) => (row.status === "converged" ? row.values["m"]!.toFixed(9) : ""));
    expect(numbers.length).toBeGreaterThan(30);
    expect(shown!.got.replaceAll('"', "").replaceAll("'", "")).toBe(numbers.join(""));
    expect(code).toContain("// Curie–Weiss");
  });

  test("Python and the command say the same", () => {
    const request = requestOf({ text: textOf("hopfield"), follow: true });
    const python = pythonOf(request);
    expect(python).toContain('branch={"over": "alpha", "from": 0.02, "to": 0.2, "follow": True}');
    const [, problem] = /^problem = ([^]*?)^result/m.exec(python)!;
    expect(JSON.parse(problem!.replaceAll(/,(?=\s*\})/g, ""))).toEqual(request.description);
    expect(commandOf(request)).toContain("--over alpha=0.02:0.2 --branch --follow");
    expect(commandOf({ ...request, task: "curve" })).toContain("--over alpha=0.02:0.2:100");
  });
});
