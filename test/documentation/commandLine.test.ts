import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { runCli } from "../cli/runCli.ts";
import { ROOT } from "./sources.ts";

const page = readFileSync(join(ROOT, "docs/guide/command-line.md"), "utf8");
/** The text of the page by heading. */
const sections = new Map(page.split(/^## /m).map((text) => [text.split("\n")[0]!, text] as const));

const help = async (...command: string[]): Promise<string> => (await runCli([...command, "--help"])).out;
const flagsOf = (text: string): string[] => text.match(/--[a-z][a-z-]*/g) ?? [];
const OF_ALL = ["Conventions", "Options of the model"].map((name) => sections.get(name)!);

describe("the page of the command line", async () => {
  const commands = [...(await help()).matchAll(/^ {2}([a-z]+) .*\[options\]|^ {2}([a-z]+) \[options\]/gm)].map(
    ([, first, second]) => (first ?? second)!,
  );

  test("has a section for every command", () => {
    expect(commands.length).toBeGreaterThan(10);
    expect([...sections.keys()]).toEqual(expect.arrayContaining(commands));
  });

  test.each(commands)("names every option of %s", async (command) => {
    const documented = flagsOf([...OF_ALL, sections.get(command)!].join("\n"));
    const options = flagsOf((await help(command)).split(/^Examples:/m)[0]!);
    expect(options.filter((flag) => !documented.includes(flag) && flag !== "--help")).toEqual([]);
  });
});
