import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { builtLibrary } from "../built.ts";
import { codeBlocks } from "../documentation/markdown.ts";
import { type Browser, hasChromium, launchBrowser } from "./chromium.ts";
import { serve, type Served } from "./serve.ts";

const PAGE = "docs/guide/embedding.md";
const block = (language: string, index = 0): string => codeBlocks(PAGE, language, "all")[index]!.code.trim();

describe.skipIf(!hasChromium)("the page on embedding, in Chromium", () => {
  let directory: string;
  let server: Served;
  let browser: Browser;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "embedding-"));
    const built = await builtLibrary();
    const entry = "node_modules/replica-theory/dist/index.js";
    const bundling = codeBlocks(PAGE, "sh", "all").find(({ code }) => code.includes("rolldown"))!;
    const command = bundling.code.trim().replace(entry, join(built.directory, "index.js"));
    expect(command).toMatch(/^npx rolldown .*replica-theory\.js$/);
    const bundle = command.replace("--file replica-theory.js", `--file ${directory}/replica-theory.js`);
    await promisify(execFile)("bash", ["-c", bundle]);
    await writeFile(join(directory, "index.html"), `<!doctype html>\n${block("html")}\n`);
    server = await serve(directory);
    browser = await launchBrowser();
  });

  afterAll(async () => {
    await browser.close();
    await server.close();
    await rm(directory, { recursive: true });
  });

  test("the module in a page prints what it says", async () => {
    const page = await browser.context.newPage();
    const printed = page.waitForEvent("console");
    await page.goto(`${server.origin}/`);
    const [, promised] = /console\.log.*\/\/ (\S+)$/m.exec(block("html"))!;
    expect((await printed).text()).toBe(promised);
  });

  test("the cells of the notebook give a curve", async () => {
    const page = await browser.context.newPage();
    await page.goto(`${server.origin}/`);
    const [first, second] = [block("js"), block("js", 1)].map((cell) => cell.replace(/;$/, ""));
    // A notebook waits for what a cell gives before the next one reads it.
    const notebook = `(async () => {
      const FileAttachment = (name) => ({ url: async () => "/" + name });
      const rt = await (${first!.replace(/^rt = /, "")});
      return (${second!}).map(({ status, testError }) => [status, testError]);
    })()`;
    const rows = await page.evaluate<[string, number][]>(notebook);
    expect(rows).toHaveLength(80);
    expect(rows.every(([status, error]) => status === "converged" && error > 0)).toBe(true);
  });
});
