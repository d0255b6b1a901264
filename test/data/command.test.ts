import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runCli } from "../cli/runCli.ts";

let directory: string;
const file = (name: string): string => join(directory, name);
/** 40 samples of a plane with a little curvature, labels ±1. */
const rows = Array.from({ length: 40 }, (_, i) => {
  const [a, b] = [Math.sin(1.7 * i), Math.cos(2.9 * i + 1)];
  return [a, b, a * b, a + 0.3 * b > 0 ? 1 : -1];
});

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "data-"));
  const text = (delimiter: string) => rows.map((row) => row.join(delimiter)).join("\n");
  await writeFile(file("table.csv"), `a,b,"a b",y\n${text(",")}\n`);
  await writeFile(file("table.tsv"), text("\t"));
  await writeFile(file("missing.csv"), `a,b,y\n1,2,1\n3,,-1\n4,5,1\n`);
  await writeFile(file("ragged.csv"), `a,b,y\n1,2,1\n3,-1\n`);
  await writeFile(file("constant.csv"), `a,y\n1,1\n2,1\n3,1\n`);
  await writeFile(file("words.csv"), `a,y\n1,yes\n2,no\n3,no\n`);
  await writeFile(file("picture.npy"), "GIF89a and more bytes");
});
afterAll(() => rm(directory, { recursive: true }));

const grid = ["--samples", "10,20", "--ridge", "0.1,1"];

describe("data", () => {
  test("predicts every point of a table, by name or number of the label's column", async () => {
    const named = await runCli(["data", file("table.csv"), "--labels", "y", ...grid]);
    const numbered = await runCli(["data", file("table.tsv"), "--labels", "4", ...grid]);
    expect(named.code).toBe(0);
    expect(numbered.out).toBe(named.out);
    expect(named.out.trim().split("\n")).toHaveLength(5);
    expect(named.err.match(/^n = \d+: best ridge/gm)).toHaveLength(2);
  });

  test("agrees with retraining on subsamples", async () => {
    const { err } = await runCli(["data", file("table.csv"), "--labels", "y", ...grid, "--check", "20"]);
    const [predicted, measured] = ["best ridge", "retrained on"].map((words) =>
      Number(new RegExp(`n = 20: ${words}.*test error ([\\d.]+)`).exec(err)![1]),
    );
    expect(Math.abs(measured! / predicted! - 1)).toBeLessThan(0.2);
  });

  test("anchors, an intercept and random features", async () => {
    const conditional = await runCli(["data", file("table.csv"), "--labels", "y", ...grid, "--anchor", "conditional"]);
    expect(conditional.out).toContain("conditionalTestError");
    const features = ["--features", "relu:30", "--intercept", "--anchor", "gcv"];
    expect((await runCli(["data", file("table.csv"), "--labels", "y", ...grid, ...features])).code).toBe(0);
  });

  test.each([
    ["missing.csv", "y", "table, row 3, column b = "],
    ["ragged.csv", "y", "table, row 3 = "],
    ["constant.csv", "y", "labels = 1 is not legal: not all the same"],
    ["words.csv", "y", "table, row 2, column y = yes"],
    ["picture.npy", "1", "a NumPy .npy file"],
    ["table.csv", "z", "labels = z is not legal: a column number from 1 to 4 or a name of the header (a, b, a b, y)"],
    ["absent.csv", "y", "absent.csv"],
  ])("%s is refused in one line", async (name, labels, words) => {
    const { code, out, err } = await runCli(["data", file(name), "--labels", labels, ...grid]);
    expect([code, out]).toEqual([2, ""]);
    expect(err.trim().split("\n")).toHaveLength(1);
    expect(err.replaceAll('"', "")).toContain(words);
  });

  test("beyond the data where they say nothing: rows with the reason", async () => {
    const { code, err } = await runCli([
      "data",
      file("table.csv"),
      "--labels",
      "y",
      "--samples",
      "20,60",
      "--ridge",
      "1",
      "--features",
      "relu:100",
    ]);
    expect([code === 0 || code === 1, err.includes("unexpected")]).toEqual([true, false]);
  });
});
