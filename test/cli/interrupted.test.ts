import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { Session } from "../../src/cli/serve/session.ts";
import { run } from "../../src/cli/program.ts";
import { map, type MapCell } from "../../src/index.ts";
import { runCli } from "./runCli.ts";

const scratch = mkdtempSync(join(tmpdir(), "interrupted-"));
afterAll(() => rmSync(scratch, { recursive: true }));

const model = ["--model", "randomFeatures", "--student", "tanh", "--target", "sin", "--ridge", "0.1"];
const axes = ["--sample-ratio", "0.5,1,inf", "--width-ratio", "0.5,2"];

// Law: whatever was written before the end of a process is whole, and what can go on from there does.
describe("map", () => {
  const file = join(scratch, "cells.jsonl");
  const line = ["map", ...model, ...axes, "--levels", "0.5", "--file", file];

  test("ended after any byte of its file, it goes on to what it would have given", async () => {
    const whole = await runCli(line);
    expect(whole.code).toBe(0);
    const text = readFileSync(file, "utf8");
    expect(text.split("\n")).toHaveLength(8);
    const header = text.indexOf("\n") + 1;
    const cuts = [0, 1, header - 1, header, header + 1, header + 40, text.length - 1];
    for (const cut of cuts) {
      writeFileSync(file, text.slice(0, cut));
      expect(await runCli(line)).toEqual(whole);
      expect(readFileSync(file, "utf8")).toBe(text);
    }
  });

  test("further values of an axis take what is there", async () => {
    await runCli(line);
    const before = readFileSync(file, "utf8");
    const { code } = await runCli([...line.slice(0, -2), "--width-ratio", "0.5,1,2", "--file", file]);
    const after = readFileSync(file, "utf8");
    expect([code, after.startsWith(before), after.split("\n").length]).toEqual([0, true, 11]);
  });

  test.each([
    ["of another map", (text: string) => text, ["--label-noise", "0.2"], "it holds another map"],
    ["of something else", () => "a,b\n1,2\n", [], "something else"],
    ["of something else without an end of line", () => "a,b", [], "something else"],
    ["with a damaged line", (text: string) => text.replace('"converged"', '"converge'), [], "line 2 is damaged"],
    ["with a number that is none", (text: string) => text.replace(/"value":[^,]+/, '"value":null'), [], "line 2 is"],
  ])("a file %s is refused and stays", async (_what, change, more, message) => {
    rmSync(file, { force: true });
    await runCli(line);
    const changed = change(readFileSync(file, "utf8"));
    writeFileSync(file, changed);
    const { code, err } = await runCli([...line, ...more]);
    expect([code, readFileSync(file, "utf8")]).toEqual([2, changed]);
    expect(err).toContain(message);
  });

  test("as a function: what was told of before an error is known afterwards, and only the rest is solved", () => {
    const cells = new Map<string, MapCell>();
    const options = { x: { sampleRatio: [0.5, 1, 2] }, y: { widthRatio: [0.5, 2] } };
    const description = { model: "randomFeatures", student: "tanh", target: "sin", ridge: 0.1 } as const;
    const told = (most: number) => (x: number, y: number, cell: MapCell) => {
      if (cells.size === most) throw new Error("interrupted");
      cells.set(`${x} ${y}`, cell);
    };
    expect(() => map(description, { ...options, onCell: told(4) })).toThrow("interrupted");
    const known = (x: number, y: number) => cells.get(`${x} ${y}`);
    const before = [...cells.values()];
    const { cells: rows } = map(description, { ...options, known, onCell: told(6) });
    expect(before).toHaveLength(4);
    for (const cell of before) expect(rows.flat()).toContain(cell);
    expect(cells.size).toBe(6);
  });
});

test("data --check has written its tables when it begins to retrain", async () => {
  const [table, out] = [join(scratch, "table.csv"), join(scratch, "curve.csv")];
  const rows = Array.from({ length: 12 }, (_, i) => `${Math.sin(i)},${Math.cos(3 * i)},${(i % 3) - 1}`);
  writeFileSync(table, `${rows.join("\n")}\n`);
  const line = ["data", table, "--labels", "3", "--samples", "4,8", "--ridge", "0.1", "--check", "6", "--out", out];
  let written: string | undefined;
  const io = {
    standardInput: () => {
      throw new Error("not read");
    },
    write: () => Promise.resolve(),
    log: (text: string) => {
      if (!text.includes("retrained")) return;
      written = existsSync(out) ? readFileSync(out, "utf8") : "";
      throw new Error("interrupted");
    },
    interactive: false,
    holdInterrupt: () => ({ signal: new AbortController().signal, release: () => undefined }),
  };
  // The one who interrupts is the log: its error ends the command as any other.
  await run(line, io).catch(() => undefined);
  expect(written?.trimEnd().split("\n")).toHaveLength(3);
  expect(readFileSync(out, "utf8")).toBe(written);
});

test("optimum gives the optimum of every case as it comes: an input that breaks loses none of them", async () => {
  const item = {
    model: "randomFeatures",
    student: "tanh",
    target: "sin",
    labelNoise: 0.1,
    sampleRatio: 2,
    over: ["ridge"],
  };
  const written: string[] = [];
  const result = await runCli(["optimum", "--json"], async function* (out) {
    for (const widthRatio of [0.5, 1]) {
      yield `${JSON.stringify({ id: widthRatio, ...item, widthRatio })}\n`;
      yield "\n";
      written.push(out());
    }
    yield '{"id": 3, "model": "rand';
    await Promise.resolve();
  });
  expect(written.map((text) => text.split("\n").length - 1)).toEqual([1, 2]);
  expect(result.code).toBe(1);
  const lines = result.out
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as { id?: number; status: string });
  expect(lines.map(({ id, status }) => [id, status])).toEqual([[0.5, "converged"], [1, "converged"], [undefined, "error"]]); // prettier-ignore
});

test("a session of the server that ends in the middle has written whole answers, and another gives the rest", async () => {
  const thread = new URL("../long/fuzz/echoThread.mjs", import.meta.url);
  const requests = Array.from({ length: 6 }, (_, id) => JSON.stringify({ id, method: "echo", params: { id } }));
  const answered = async (lines: readonly string[], most: number): Promise<string[]> => {
    const answers: string[] = [];
    await new Promise<void>((resolve) => {
      const session = new Session((line) => {
        answers.push(line);
        if (answers.length !== most) return;
        session.close();
        resolve();
      }, thread);
      lines.forEach((line) => session.take(line));
    });
    return answers;
  };
  const first = await answered(requests, 3);
  const rest = await answered(requests.slice(3), 3);
  const expected = requests.map((_, id) => `{"id":${id},"result":{"id":${id}}}\n`);
  expect([...first.slice(0, 3), ...rest.slice(0, 3)]).toEqual(expected);
});
