import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { decodeArrays, encodeArray } from "../../src/cli/serve/arrays.ts";
import { METHODS } from "../../src/cli/serve/methods.ts";
import { curve, solve } from "../../src/index.ts";
import { type Built, builtLibrary } from "../built.ts";
import { ended, LineClient, startCli } from "./serveClient.ts";

const POINT = { model: "randomFeatures", student: "tanh", target: "sin", widthRatio: 1, ridge: 0.1 } as const;
const CASE = { ...POINT, sampleRatio: 2 } as const;
/** A map that takes minutes, of which each part is too short to ask whether it is still wanted. */
const LONG = {
  ...{ model: "trainedNetwork", theory: "srf", student: "tanh", target: "sin", stepSampleRatio: 1, widthRatio: 1 },
  ...{ ridge: 0.1, x: { sampleRatio: grid(2000) }, y: { learningRate: grid(2000) } },
} as const;
function grid(count: number): number[] {
  return Array.from({ length: count }, (_, i) => 1 + i / count);
}

let built: Built;
beforeAll(async () => {
  built = await builtLibrary();
});

const started: ChildProcessWithoutNullStreams[] = [];
afterEach(() => {
  for (const child of started.splice(0)) child.kill("SIGKILL");
});
function start(...argv: string[]) {
  const child = startCli(built.directory, argv);
  started.push(child);
  return { child, client: new LineClient(child.stdout, child.stdin) };
}

test("solve --json answers a line before its input ends", async () => {
  const { child, client } = start("solve", "--json");
  for (const sampleRatio of [2, 3]) {
    client.send({ ...POINT, sampleRatio });
    expect(JSON.parse(await client.read())).toMatchObject({ testError: solve({ ...POINT, sampleRatio }).testError });
  }
  child.stdin.end();
  expect(await ended(child)).toBe(0);
});

describe("serve on standard streams", () => {
  test("requests, malformed lines and errors are answered in order, one line each", async () => {
    const { child, client } = start("serve");
    expect(await client.call({ id: "a", method: "solve", params: CASE })).toMatchObject({
      id: "a",
      result: { status: "converged", testError: solve(CASE).testError },
    });
    expect(await client.call({ id: 0, method: "solve", params: [CASE, { ...CASE, ridge: -1 }] })).toMatchObject({
      result: [{ status: "converged" }, { status: "error", error: { parameter: "ridge" } }],
    });
    expect(await client.call({ id: 1, method: "version" })).toMatchObject({
      result: { protocol: 1, methods: METHODS },
    });
    const refused: [string, string | undefined][] = [
      ["{", undefined],
      ["7", "request"],
      ['{"method": "solve"}', "id"],
      ['{"id": {}, "method": "solve"}', "id"],
      ['{"id": 1}', "method"],
      ['{"id": 1, "method": "nonsense"}', "method"],
      ['{"id": 1, "method": "toString"}', "method"],
      ['{"id": 1, "method": "solve", "parms": {}}', "parms"],
      ['{"id": 1, "method": "solve", "params": 7}', "case"],
      ['{"id": 1, "method": "curve", "params": [1]}', "params"],
      ['{"id": 1, "method": "curve", "params": {"out": "x.csv"}}', "out"],
      ['{"id": 1, "method": "simulate", "params": {"config": "/etc/passwd"}}', "config"],
      [JSON.stringify({ id: 1, method: "solve", params: { ...CASE, ridge: "x" } }), "ridge"],
      [JSON.stringify({ id: 1, method: "solve", params: { ...CASE, ridge: { float64: "?" } } }), "ridge.float64"],
    ];
    for (const [line, parameter] of refused) {
      client.write(`${line}\n\n`);
      const { error, result } = await client.receive();
      expect([result, error?.["parameter"]], line).toEqual([undefined, parameter]);
    }
    child.stdin.end();
    expect(await ended(child)).toBe(0);
  });

  test("what has been asked for when the input ends is answered", async () => {
    const { child, client } = start("serve");
    for (const id of [1, 2, 3]) client.send({ id, method: "solve", params: CASE });
    child.stdin.end();
    expect([(await client.receive()).id, (await client.receive()).id, (await client.receive()).id]).toEqual([1, 2, 3]);
    expect(await ended(child)).toBe(0);
  });

  test("a curve comes in binary columns, and makes a figure", async () => {
    const { client } = start("serve");
    const sampleRatio = [0.5, 1, 2];
    const { result } = await client.call({
      id: 1,
      method: "curve",
      params: { ...POINT, sampleRatio: encodeArray(sampleRatio) },
    });
    const columns = decodeArrays("", result!["columns"]) as Record<string, number[]>;
    const rows = curve(POINT, { sweep: { sampleRatio } });
    expect(columns["testError"]).toEqual(rows.map((row) => row.status === "converged" && row.testError));
    expect(columns["status"]).toEqual(rows.map(({ status }) => status));
    const figure = await client.call({ id: 2, method: "figure", params: { columns, x: "sampleRatio", logY: true } });
    expect((figure.result as unknown as { data: { values: { x: number }[] } }).data.values.map(({ x }) => x)).toEqual(
      sampleRatio,
    );
  });

  test("simulations report progress, and theory has them beside it", async () => {
    const { client } = start("serve");
    const params = { ...POINT, sampleRatio: [1, 2], dimension: 40, trials: 400, testSamples: 500, workers: 0, seed: 1 };
    client.send({ id: 1, method: "simulate", params, progress: true });
    let last = await client.receive();
    const seen: number[] = [];
    for (; last.progress; last = await client.receive()) seen.push(last.progress.completed);
    expect(last.result).toMatchObject({ trials: 400, points: [{ sampleRatio: 1 }, { sampleRatio: 2 }] });
    expect(seen.length).toBeGreaterThan(0);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    const compared = await client.call({ id: 2, method: "curve", params: { ...params, trials: 4, simulate: "model" } });
    const columns = decodeArrays("", compared.result!["columns"]) as Record<string, number[]>;
    expect(columns["simulation.testError.z"]?.every((z) => Math.abs(z) < 6)).toBe(true);
  });

  test("cancelling ends a simulation, a waiting request, and what cannot be interrupted; the process stays", async () => {
    const { client } = start("serve");
    const simulation = { ...CASE, dimension: 40, trials: 1e6, workers: 0 };
    client.send({ id: 1, method: "simulate", params: simulation, progress: true });
    expect(await client.receive()).toHaveProperty("progress");
    client.send({ id: 2, method: "map", params: LONG });
    client.send({ id: 3, method: "solve", params: CASE });
    client.send({ id: 4, method: "cancel", params: { id: 3 } });
    client.send({ id: 5, method: "cancel", params: { id: 1 } });
    client.send({ id: 6, method: "cancel", params: { id: "unknown" } });
    const answers = [];
    while (answers.length < 5) {
      const answer = await client.receive();
      if (!answer.progress) answers.push([answer.id, answer.error?.name ?? answer.result?.["cancelled"]]);
    }
    expect(answers.sort()).toEqual([
      [1, "CancelledError"],
      [3, "CancelledError"],
      [4, true],
      [5, true],
      [6, false],
    ]);
    expect(await client.call({ id: 7, method: "cancel", params: { id: 2 } })).toMatchObject({
      result: { cancelled: true },
    });
    expect(await client.receive()).toMatchObject({ id: 2, error: { name: "CancelledError" } });
    expect(await client.call({ id: 8, method: "solve", params: CASE })).toMatchObject({
      result: { status: "converged" },
    });
  });
});

describe("serve on a socket", () => {
  const scratch = mkdtempSync(join(tmpdir(), "replica-theory-serve-"));
  afterAll(() => rmSync(scratch, { recursive: true }));
  const path = join(scratch, "socket");
  const ready = async (child: ChildProcessWithoutNullStreams): Promise<string> => {
    for await (const text of child.stderr.setEncoding("utf8")) return text as string;
    return "";
  };

  test("two clients at once; one that goes takes its work along; the owner's alone; nothing is left", async () => {
    const { child } = start("serve", "--socket", path);
    expect(await ready(child)).toContain(path);
    expect(statSync(path).mode & 0o077).toBe(0);
    const [first, second] = [connect(path), connect(path)];
    const [one, two] = [new LineClient(first, first), new LineClient(second, second)];
    one.send({ id: 1, method: "map", params: LONG });
    expect(await two.call({ id: 1, method: "solve", params: CASE })).toMatchObject({ result: { status: "converged" } });
    first.destroy();
    expect(await two.call({ id: 2, method: "solve", params: CASE })).toMatchObject({ id: 2 });
    const other = start("serve", "--socket", path);
    expect([await ready(other.child), await ended(other.child)]).toEqual([
      expect.stringContaining("another process"),
      2,
    ]);
    child.kill("SIGTERM");
    await expect(two.receive()).rejects.toThrow();
    expect([await ended(child), existsSync(path)]).toEqual([0, false]);
  });

  test("the socket of a killed process is taken over, a file is not", async () => {
    const killed = start("serve", "--socket", path).child;
    await ready(killed);
    killed.kill("SIGKILL");
    expect([await ended(killed), existsSync(path)]).toEqual(["SIGKILL", true]);
    const { child } = start("serve", "--socket", path);
    expect(await ready(child)).toContain("serving");
    child.kill("SIGTERM");
    await ended(child);
    const file = join(scratch, "file");
    writeFileSync(file, "");
    const refused = start("serve", "--socket", file).child;
    expect([await ready(refused), await ended(refused)]).toEqual([expect.stringContaining("no socket"), 2]);
  });
});

describe("arrays in binary", () => {
  test.each([[[1, -0, Infinity, NaN, 5e-324]], [[]]])("%j comes back", (values) => {
    expect(decodeArrays("x", encodeArray(values))).toEqual(values);
  });

  test("a matrix comes as rows, or where it is kept as a table", () => {
    const matrix = { ...encodeArray([1, 2, 3, 4, 5, 6]), shape: [2, 3] };
    expect(decodeArrays("", { a: [matrix] })).toEqual({
      a: [
        [
          [1, 2, 3],
          [4, 5, 6],
        ],
      ],
    });
    expect(decodeArrays("", { a: matrix }, ["a"])).toEqual({
      a: { data: Float64Array.of(1, 2, 3, 4, 5, 6), rows: 2, columns: 3 },
    });
  });

  test.each([
    { float64: 7 },
    { float64: "AAAA" },
    { float64: "§" },
    { ...encodeArray([1]), shape: [2] },
    { ...encodeArray([1]), shape: [1, 1, 1] },
  ])("%j is refused", (value) => {
    expect(() => decodeArrays("x", value)).toThrow(/^x\.(float64|shape) = /);
  });
});
