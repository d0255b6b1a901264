import { execFile } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Built, buildLibrary } from "../built.ts";

let built: Built;
beforeAll(async () => {
  built = await buildLibrary();
});
afterAll(() => built.remove());

/** What a program prints as JSON, in a process of its own with a bounded heap. */
async function measure(module: string, heapMegabytes: number, program: string): Promise<Record<string, number>> {
  const from = pathToFileURL(join(built.directory, module)).href;
  const flags = [`--max-old-space-size=${heapMegabytes}`, "--expose-gc", "--input-type=module", "--eval"];
  const code = `import * as library from ${JSON.stringify(from)};\n${program}`;
  const { stdout } = await promisify(execFile)(process.execPath, [...flags, code]);
  const result = JSON.parse(stdout) as Record<string, number>;
  console.log(module, result);
  return result;
}

describe("memory", () => {
  it("a sweep of a million points takes constant memory, a heap of 48 MB included", async () => {
    const { points, failed, early, late } = await measure(
      "index.js",
      48,
      `
      const alphas = function* () { for (let i = 0; i < 1e6; i++) yield 0.2 + 2.8e-6 * i; };
      const model = { model: "spikedRandomFeatures", student: "tanh", target: "tanh", spikeStrength: 0.65, alignment: 0.56 };
      const heap = () => { gc(); return process.memoryUsage().heapUsed / 1e6; };
      let [points, failed, early] = [0, 0, 0];
      const start = performance.now();
      for (const row of library.curveRows({ ...model, widthRatio: 1, ridge: 0.01 }, { sweep: { sampleRatio: alphas() } })) {
        if (row.status !== "converged") failed++;
        if (++points === 1e5) early = heap();
      }
      const seconds = (performance.now() - start) / 1000;
      const resident = process.resourceUsage().maxRSS / 1e3;
      console.log(JSON.stringify({ points, failed, early, late: heap(), resident, seconds }));
      `,
    );
    expect({ points, failed }).toEqual({ points: 1e6, failed: 0 });
    expect(late! - early!).toBeLessThan(1);
  });

  it("a hundred thousand tiny trials, a thousand to a simulation, leave nothing behind", async () => {
    const { trials, early, late, residentEarly, residentLate } = await measure(
      "simulation/index.js",
      128,
      `
      const model = { model: "spikedRandomFeatures", student: "tanh", target: "tanh", spikeStrength: 0.65, alignment: 0.56 };
      const memory = () => { gc(); return process.memoryUsage(); };
      let [trials, first] = [0, undefined];
      const start = performance.now();
      for (let seed = 0; seed < 100; seed++) {
        const options = { dimension: 6, trials: 1000, testSamples: 20, seed, workers: 0, backend: "wasm" };
        const description = { ...model, sampleRatio: 1, widthRatio: 1, ridge: 0.1 };
        trials += (await library.simulate(description, options)).trials.length;
        if (seed === 19) first = memory();
      }
      const last = memory();
      const seconds = (performance.now() - start) / 1000;
      const [early, late] = [first.heapUsed / 1e6, last.heapUsed / 1e6];
      const [residentEarly, residentLate] = [first.rss / 1e6, last.rss / 1e6];
      console.log(JSON.stringify({ trials, early, late, residentEarly, residentLate, seconds }));
      `,
    );
    expect(trials).toBe(1e5);
    expect(late! - early!).toBeLessThan(2);
    expect(residentLate! - residentEarly!).toBeLessThan(40);
  });
});
