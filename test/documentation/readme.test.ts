import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import * as library from "../../src/index.ts";
import * as simulation from "../../src/simulation/index.ts";
import { runCli } from "../cli/runCli.ts";
import { runExample } from "./runExample.ts";
import { ROOT } from "./sources.ts";

const README = readFileSync(join(ROOT, "README.md"), "utf8");
const blocks = (language: string): string[] =>
  [...README.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, "gms"))].map((match) => match[1]!);

describe("README", () => {
  test.each(blocks("ts"))("the code prints what it says: %#", async (code) => {
    const shown = await runExample(code, { "replica-theory": library, "replica-theory/simulation": simulation }, {});
    expect(shown).toHaveLength(1);
    expect(shown[0]!.got).toBe(shown[0]!.promised);
  });

  const commands = blocks("sh").flatMap((block) => block.split(/\n(?=replica-theory|echo)/));
  const own = commands.filter((command) => command.startsWith("replica-theory"));
  test.each(own)("%s", async (command) => {
    const { code, err } = await runCli(command.trim().split(" ").slice(1));
    expect([code, err]).toEqual([0, ""]);
  });

  test("the JSON example gives a result and an error, in order", async () => {
    const [, input] = /^echo '(.*)' \| replica-theory solve --json$/ms.exec(commands.at(-1)!.trim())!;
    const { code, out } = await runCli(["solve", "--json"], input);
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject([
      { status: "converged" },
      { status: "error", error: { parameter: "sampleRatio", value: 0 } },
    ]);
  });

  test("the first command's configuration is legal, and its figure is there", async () => {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { scripts: { demo: string } };
    const config = /--config (\S+)/.exec(scripts.demo)![1]!;
    // Everything but the work: a missing directory is found before it.
    const { code, err } = await runCli(["curve", "--config", join(ROOT, config), "--out", "/no/such/directory/a.svg"]);
    expect([code, err]).toEqual([2, expect.stringContaining("out = ")]);
    for (const [, path] of README.matchAll(/\((docs\/[^)]*)\)/g))
      expect(existsSync(join(ROOT, path!)), path).toBe(true);
  });
});
