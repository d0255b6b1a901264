import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runCli } from "../cli/runCli.ts";
import { ROOT } from "./sources.ts";

const page = readFileSync(join(ROOT, "docs/guide/validation.md"), "utf8");
const section = page.split(/^## /m).find((text) => text.startsWith("Every model"))!;
const commands = [...section.matchAll(/^replica-theory validate (.*) \$sizes$/gm)].map(([, text]) =>
  text!.match(/"[^"]*"|\S+/g)!.map((word) => word.replaceAll('"', "")),
);
const rows = [...section.matchAll(/^\|[^|]*\| *([\d.]+) *\| *([\d.]+) *\|/gm)].map(([, alpha, theory]) => {
  return { alpha: Number(alpha), theory: theory! };
});

test.each(commands.map((words, i) => [words.join(" "), words, rows.slice(3 * i, 3 * i + 3)] as const))(
  "the table of every model has the theory of %s",
  async (_name, words, expected) => {
    const { out } = await runCli(["curve", ...words, "--sample-ratio", "0.5,1,2"]);
    const [head, ...lines] = out.trim().split("\n");
    const column = (line: string, name: string) => Number(line.split(",")[head!.split(",").indexOf(name)]);
    expect(lines.map((line) => column(line, "sampleRatio"))).toEqual(expected.map(({ alpha }) => alpha));
    expect(lines.map((line) => column(line, "testError").toFixed(4))).toEqual(expected.map(({ theory }) => theory));
  },
);

test("the table and its commands are complete", () => {
  expect(rows).toHaveLength(3 * commands.length);
  expect(commands.length).toBeGreaterThan(5);
});
