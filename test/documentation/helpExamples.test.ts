import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { afterAll, beforeAll, expect, test } from "vitest";
import { COMMANDS } from "../../src/cli/commands.ts";
import { runCli } from "../cli/runCli.ts";
import { ROOT } from "./sources.ts";

/** Of a server, a queue, or shards that another example makes; the full papers' figures. Their own tests run them. */
const ELSEWHERE = /--queue|--socket|--detach|^(worker|status|merge|figure) /;

/** Several seconds each: maps, searches, several steps and figures with simulated networks, whose like the pages' commands run. */
const LONG = /^map |--steps|^optimum --theory|--vocabulary|^curve --student|^function .*--simulate/;

/** Every example of the commands' help: what stands behind `replica-theory`, with its continued lines, and what is piped into it. */
async function examplesOf(command: string): Promise<{ readonly line: string; readonly input: string }[]> {
  const { out } = await runCli([command, "--help"]);
  const text = out.slice(out.search(/^Examples?:/m)).replaceAll(/\\\n\s*|(?<=,)\n\s*/g, " ");
  return [...text.matchAll(/^ .*?(?:echo '(.*)'\s+\|\s+)?replica-theory ([a-z].*)$/gm)].flatMap(
    ([, input = "", line]) => (ELSEWHERE.test(line!) ? [] : [{ line: line!.trim(), input }]),
  );
}

/** Words of a line as a shell reads them, with small networks and few points. */
const wordsOf = (line: string): string[] =>
  [...line.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(([, single, double, plain]) =>
    (single ?? double ?? plain!)
      .replace(/^([-.\de]+:[-.\de]+):\d+(:log)?$/, "$1:3$2")
      .replace(/^relu:1000$/, "relu:20"),
  );
const SMALL: Readonly<Record<string, string>> = {
  "--dimension": "24",
  "--dimensions": "16,24",
  "--trials": "2",
  "--samples": "20,30",
};
const small = (words: readonly string[]) => words.map((word, i) => SMALL[words[i - 1] ?? ""] ?? word);

const scratch = mkdtempSync(join(tmpdir(), "help-"));
const home = process.cwd();
beforeAll(() => {
  const network = { model: "randomFeatures", student: "tanh", target: "sin", widthRatio: 1, ridge: 0.1 };
  const write = (name: string, content: unknown) => writeFileSync(join(scratch, name), JSON.stringify(content));
  write("curve.json", { ...network, sampleRatio: [0.5, 1], simulate: "model", trials: 2 });
  write("run.json", { ...network, sampleRatio: 1, dimension: 16, trials: 8 });
  write("cases.json", [{ ...network, sampleRatio: 1 }]);
  const rows = Array.from({ length: 60 }, (_, i) => [Math.sin(i), Math.cos(3 * i), Math.sin(i * i)].join(","));
  writeFileSync(join(scratch, "table.csv"), ["a,b,y", ...rows].join("\n"));
  const hopfield = readFileSync(join(ROOT, "docs/equations/catalogue/hopfield.json"), "utf8");
  writeFileSync(join(scratch, "hopfield.json"), hopfield);
  process.chdir(scratch);
});
afterAll(() => {
  process.chdir(home);
  rmSync(scratch, { recursive: true });
});

const found = (await Promise.all(COMMANDS.map(({ name }) => examplesOf(name)))).flat();

test("most commands have examples", () => expect(found.length).toBeGreaterThan(25));

test.each(found.filter(({ line }) => !/\.npy|< /.test(line) && !LONG.test(line)))(
  "runs: $line",
  async ({ line, input }) => {
    const { code, err } = await runCli(small(wordsOf(line)), input);
    expect([0, 1], err).toContain(code);
    expect(err).not.toMatch(/^error: .*(is not legal|unknown option|cannot be read)/m);
  },
);
