import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { FIGURES } from "../../src/figures/index.ts";
import { type Browser, hasChromium, launchBrowser } from "./chromium.ts";
import { deadLinks, deadReferences } from "./links.ts";
import { serve, type Served } from "./serve.ts";

const SITE = "docs/.vitepress/dist";
const REFERENCE = "docs/api";
/** Kilobytes, gzipped, of everything that the explorer loads before it is used. */
const BUDGET = 600;

beforeAll(async () => {
  await promisify(execFile)("npm", ["run", "docs"], { env: { ...process.env, DOCS_WITHOUT_API: "1" } });
}, 600_000);

test("no link, heading or picture of the site is missing, and no page that the reference leads to", () => {
  expect(deadLinks(SITE, REFERENCE)).toEqual([]);
  const { dead, checked } = deadReferences(REFERENCE, SITE);
  expect(checked).toBeGreaterThan(500);
  expect(dead).toEqual([]);
});

test("the gallery has every figure of the papers", () => {
  const gallery = readFileSync(join(SITE, "gallery.html"), "utf8");
  const names = FIGURES.map(({ name }) => name).filter((name) => existsSync(`docs/figures/${name}.svg`));
  expect(names.length).toBeGreaterThan(9);
  expect(names.filter((name) => !gallery.includes(`figures/${name}.svg`))).toEqual([]);
});

describe.skipIf(!hasChromium)("the explorer in Chromium", () => {
  let server: Served;
  let browser: Browser;
  let page: Page;
  /** Whatever went wrong in the page since it was opened. */
  let problems: string[];

  beforeAll(async () => {
    server = await serve(SITE);
    browser = await launchBrowser();
  });

  afterAll(async () => {
    await browser.close();
    await server.close();
  });

  /** Opens the page with a state, and waits for the complete picture. */
  async function open(hash = "", size = { width: 1280, height: 900 }, name = "explorer"): Promise<void> {
    for (const old of browser.context.pages().slice(1)) await old.close();
    page = await browser.context.newPage();
    await page.setViewportSize(size);
    problems = [];
    server.sent.clear();
    page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
    page.on("pageerror", (error) => problems.push(error.message));
    page.on("response", (response) => {
      if (!response.ok()) problems.push(`${response.status()} ${response.url()}`);
    });
    await page.goto(`${server.origin}/${name}.html${hash}`);
    await complete();
  }

  const complete = () => page.waitForSelector(`.explorer[data-complete="true"]`);
  /** Waits until nothing was asked for during a second: what a page loads ahead comes after its picture. */
  async function settled(): Promise<void> {
    let before: number;
    do {
      before = server.sent.size;
      await page.waitForTimeout(1000);
    } while (server.sent.size !== before);
  }

  const line = (label: string) => page.locator(`.main [data-series="${label}"]`);
  const path = async (label: string) => (await line(label).getAttribute("d")) ?? "";
  const changed = (label: string, from: string) => expect.poll(() => path(label)).not.toBe(from);
  const TEST = "test, trained network";

  async function exported(name: string): Promise<string> {
    const download = page.waitForEvent("download");
    await page.click(`[data-export="${name}"]`);
    return readFile(await (await download).path(), "utf8");
  }

  test("loads without an error, within its budget, and draws", async () => {
    await open();
    expect(await path(TEST)).toMatch(/^M[\d.]+,[\d.]+C/);
    expect(await path("test, srf")).toMatch(/^M/);
    await settled();
    const kilobytes = [...server.sent.values()].reduce((sum, body) => sum + gzipSync(body).length, 0) / 1000;
    console.info(`explorer: first load ${kilobytes.toFixed(0)} kB gzipped`);
    expect([...server.sent.keys()].filter((name) => name.includes("theoryWorker"))).toHaveLength(1);
    expect(kilobytes).toBeLessThan(BUDGET);
    expect(problems).toEqual([]);
  });

  test("a slider changes the curve, by mouse and by keyboard", async () => {
    await open();
    const before = await path(TEST);
    await page.locator(`[data-slider="learningRate"]`).fill("60");
    await changed(TEST, before);
    await complete();
    const between = await path(TEST);
    expect(await page.inputValue("#field-learningRate")).toBe("1.8");
    await page.locator(`[data-slider="learningRate"]`).focus();
    await page.keyboard.press("ArrowRight");
    await changed(TEST, between);
    expect(await page.inputValue("#field-learningRate")).toBe("1.83");
    await complete();
    console.info(`explorer: ${await page.getAttribute(".explorer", "data-latency")} ms from slider to picture`);
    expect(problems).toEqual([]);
  });

  test("what is wrong with a field is said there, once, and the curve stays", async () => {
    await open();
    const before = await path(TEST);
    const wrong = [
      ["student", "tanh(y)", 'unknown symbol "y"'],
      ["target", "sin(", "the formula ends where"],
      ["target", "exp(x^2)", "average of target"],
      ["ridge", "-1", "must be"],
      ["ridge", "a", "not a number"],
      ["readoutFractions", "0.5, 0.5", "must be"],
    ] as const;
    for (const [field, text, message] of wrong) {
      const good = await page.inputValue(`#field-${field}`);
      await page.fill(`#field-${field}`, text);
      const error = page.locator(`#error-${field}`);
      await error.waitFor();
      expect(await error.textContent()).toContain(message);
      expect(await page.locator("[role=alert]:visible").count()).toBe(1);
      expect(await page.getAttribute(`#field-${field}`, "aria-invalid")).toBe("true");
      expect(await path(TEST)).toBe(before);
      await page.fill(`#field-${field}`, good);
      await error.waitFor({ state: "detached" });
      expect(await path(TEST)).toBe(before);
    }
    expect(problems).toEqual([]);
  });

  test("draws the spectra of both theories, and not an old one beside a new one", async () => {
    await open("#student=relu");
    const spectrum = (label: string) => page.locator(`[data-series="${label}"]`).last();
    const before = (await spectrum("trained network").getAttribute("d"))!;
    expect(before).toMatch(/^M/);
    expect(before).not.toBe(await spectrum("srf").getAttribute("d"));
    await page.locator(`[data-slider="stepSampleRatio"]`).fill("30");
    await page.getByText("trained network: being computed").waitFor();
    await complete();
    expect(await spectrum("trained network").getAttribute("d")).not.toBe(before);
    expect(await exported("spectrum.csv")).toContain("trained network,");
    expect(problems).toEqual([]);
  });

  test("the Bayes-optimal error is drawn where it is wanted, below all others", async () => {
    await open("#bayes=true&labelNoise=0.1&target=tanh");
    await line("Bayes-optimal").waitFor();
    const lowest = (d: string) => Math.max(...[...d.matchAll(/,([\d.]+)/g)].map(([, y]) => Number(y)));
    // Down is up in a picture.
    await expect.poll(async () => lowest(await path("Bayes-optimal"))).toBeGreaterThan(lowest(await path(TEST)));
    await page.fill("#field-labelNoise", "0");
    await page.getByText(/^Bayes-optimal: labelNoise = 0 is not legal/).waitFor();
    expect(problems).toEqual([]);
  });

  test("simulates, and stops", async () => {
    await open("#dimension=30&trials=3&seed=1");
    await page.click("[data-simulate]");
    await page.getByText("3 of 3 finished").waitFor();
    expect((await path("test, simulated")).match(/M/g)!.length).toBeGreaterThanOrEqual(16);

    await open("#dimension=300&trials=1000");
    await page.click("[data-simulate]");
    await line("test, simulated").waitFor({ state: "attached" });
    await page.click("[data-stop]");
    await page.getByText(/\d+ of 1000 stopped/).waitFor();
    const stopped = await path("test, simulated");
    expect(stopped).toMatch(/^M/);
    await page.waitForTimeout(300);
    expect(await path("test, simulated")).toBe(stopped);

    // The points belong to a model: they go with it.
    await page.locator(`[data-slider="widthRatio"]`).fill("150");
    await line("test, simulated").waitFor({ state: "detached" });
    expect(problems).toEqual([]);
  });

  test("the address restores the state", async () => {
    await open();
    await page.fill("#field-student", "relu(x) - x/4");
    await page.fill("#field-readoutValues", "1, -0.5");
    await page.fill("#field-stepSampleRatio", "inf");
    await page.selectOption("[data-axis]", "ridge");
    await expect.poll(() => page.url()).toContain("axis=ridge");
    await expect.poll(() => page.url()).toContain("stepSampleRatio=inf");
    await complete();
    const before = await path(TEST);
    await open(new URL(page.url()).hash);
    expect(await page.inputValue("#field-student")).toBe("relu(x) - x/4");
    expect(await page.inputValue("#field-readoutValues")).toBe("1, -0.5");
    expect(await page.inputValue("[data-axis]")).toBe("ridge");
    await expect.poll(() => path(TEST)).toBe(before);
    expect(problems).toEqual([]);
  });

  test("exports contain what is drawn", async () => {
    await open("#dimension=20&trials=2&seed=3");
    await page.click("[data-simulate]");
    await page.getByText("2 of 2 finished").waitFor();
    const svg = await exported("errors.svg");
    for (const label of [TEST, "training, srf", "test, simulated"]) expect(svg).toContain(`d="${await path(label)}"`);
    expect(svg).toContain("samples α = n/d");
    const [head, ...rows] = (await exported("errors.csv")).trim().split("\n");
    const column = (row: string, name: string) => row.split(",")[head!.split(",").indexOf(name)]!;
    const points = (await path("test, srf")).split("C").length;
    expect(rows.filter((row) => column(row, "theory") === "srf")).toHaveLength(points);
    const simulated = rows.filter((row) => column(row, "theory") === "simulation");
    expect(simulated).toHaveLength(8);
    for (const row of simulated) {
      expect(Number(column(row, "testErrorStandardError"))).toBeGreaterThan(0);
      expect(["dimension", "trials", "seed"].map((name) => column(row, name))).toEqual(["20", "2", "3"]);
    }
    expect(await path("training, simulated")).toContain("a3.5");
    expect((await exported("function.csv")).split("\n").length).toBeGreaterThan(300);
    expect(await exported("function.svg")).toContain("Learned function");
    expect(problems).toEqual([]);
  });

  test("fits a phone", async () => {
    await open("", { width: 390, height: 844 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    expect(await path(TEST)).toMatch(/^M/);
    expect(problems).toEqual([]);
  });

  test("tunes a parameter, and draws a map that gets finer", async () => {
    await open();
    await page.click("[data-tune=ridge]");
    await page.locator("[data-found=ridge]").waitFor();
    expect(await page.inputValue("#field-ridge")).toBe("0.174476");
    await page.click("[data-view=map]");
    await page.getByText("17 × 17 points").or(page.getByText("33 × 33 points")).waitFor();
    expect(await page.locator(".map .contour").count()).toBeGreaterThan(2);
    await page.locator(".map svg.pickable").click({ position: { x: 300, y: 100 } });
    expect(await page.inputValue("#field-ridge")).not.toBe("0.174476");
    expect(new URL(page.url()).hash).not.toBe("");
    expect(problems).toEqual([]);
  });

  test("equations: a keystroke redraws the curve, an error is marked where it is, the address has the problem", async () => {
    await open("", undefined, "explorer/equations");
    expect(await path("m")).toMatch(/^M/);
    expect(await page.getAttribute(".explorer", "data-points")).toBe("78");
    await page.selectOption("[data-task]", "curve");
    await complete();
    const before = await path("m");
    expect(await page.getAttribute(".explorer", "data-points")).toBe("100");
    const text = await page.inputValue("#field-problem");
    await page.fill("#field-problem", text.replace("alpha*r", "alpha*rr"));
    await page.locator("#error-problem").waitFor();
    expect(await page.textContent("#error-problem")).toMatch(/^\s*Line 12, column 37:\s+unknown symbol "rr"/);
    expect(await page.textContent(".editor mark")).toBe("rr");
    expect(await page.locator("[role=alert]:visible").count()).toBe(1);
    expect(await path("m")).toBe(before);
    await page.fill("#field-problem", text.replace('"T": 0.2', '"T": 0.15'));
    await changed("m", before);
    await complete();
    console.info(`equations: ${await page.getAttribute(".explorer", "data-latency")} ms from keystroke to curve`);
    await expect.poll(() => decodeURIComponent(page.url())).toContain('"T":+0.15');
    const [hash, after] = [new URL(page.url()).hash, await path("m")];
    await open(hash, { width: 390, height: 844 }, "explorer/equations");
    expect(await page.inputValue("[data-task]")).toBe("curve");
    expect(await path("m")).not.toBe("");
    expect(after).not.toBe(before);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    expect(problems).toEqual([]);
  });

  test("the live notebook draws with the module beside it, and a slider draws anew", async () => {
    page = await browser.context.newPage();
    problems = [];
    page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
    page.on("pageerror", (error) => problems.push(error.message));
    await page.goto(`${server.origin}/notebooks/live.html`);
    const figure = page.locator(".value svg");
    const drawn = () => figure.locator(".mark-line path").first().getAttribute("d");
    await figure.waitFor();
    expect(await page.locator("pre").count()).toBe(7);
    const before = await drawn();
    await page.locator('input[type="range"]').first().fill("0");
    await expect.poll(drawn).not.toBe(before);
    await expect.poll(() => page.locator(".value.text").last().textContent()).toMatch(/^\{"ridge":\d+\.\d+\}$/);
    expect(problems).toEqual([]);
  });

  test("data: a pasted table gives its curve, and nothing is uploaded", async () => {
    await open("", undefined, "explorer/data");
    const sent: string[] = [];
    page.on("request", (request) => request.method() !== "GET" && sent.push(request.url()));
    const rows = Array.from(
      { length: 30 },
      (_, i) => `${Math.sin(i)},${Math.cos(3 * i)},${Math.sin(i) + 0.1 * Math.cos(7 * i)}`,
    );
    await page.evaluate(
      (text) => {
        const data = new DataTransfer();
        data.setData("text", text);
        document
          .querySelector("#field-table")!
          .dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, cancelable: true }));
      },
      ["a,b,y", ...rows].join("\n"),
    );
    await line("best ridge").waitFor({ state: "attached" });
    expect(await page.textContent("[data-summary]")).toContain("30 samples, 2 features");
    const before = await page.textContent(".numbers");
    await page.locator("[data-slider=samples]").fill("3");
    expect(await page.textContent(".numbers")).not.toBe(before);
    expect(sent).toEqual([]);
    expect(problems).toEqual([]);
  });
});
