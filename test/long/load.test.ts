import { execFile } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";
import { type Built, builtLibrary } from "../built.ts";

let built: Built;
beforeAll(async () => {
  built = await builtLibrary();
});

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

const MODEL = `
const model = {
  model: "spikedRandomFeatures", student: "tanh", target: "tanh", spikeStrength: 0.65, alignment: 0.56,
  sampleRatio: 1, widthRatio: 1, ridge: 0.1,
};
const options = { dimension: 6, testSamples: 20, backend: "wasm" };
`;

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

  it("a hundred thousand tiny trials in one run keep their results and nothing else", async () => {
    const { trials, kilobytesPerTrial, resident } = await measure(
      "simulation/index.js",
      400,
      `
      ${MODEL}
      const at = [];
      const onProgress = ({ completed, elapsedSeconds }) => {
        if (completed % 2e4 !== 0 || completed === 0) return;
        gc();
        const { heapUsed, rss } = process.memoryUsage();
        at.push({ heapUsed, rss, elapsedSeconds });
      };
      const { trials } = await library.simulate(model, { ...options, trials: 1e5, seed: 1, workers: 1, onProgress });
      const [first, last] = [at[0], at.at(-1)];
      const kilobytesPerTrial = (last.heapUsed - first.heapUsed) / 8e4 / 1e3;
      const resident = (last.rss - first.rss) / 1e6;
      const seconds = last.elapsedSeconds;
      console.log(JSON.stringify({ trials: trials.length, kilobytesPerTrial, resident, seconds }));
      `,
    );
    expect(trials).toBe(1e5);
    expect(kilobytesPerTrial).toBeLessThan(3);
    expect(resident).toBeLessThan(200);
  });

  it("simulation after simulation leaves nothing behind", async () => {
    const { early, late, residentEarly, residentLate } = await measure(
      "simulation/index.js",
      128,
      `
      ${MODEL}
      const memory = () => { gc(); return process.memoryUsage(); };
      let first;
      for (let seed = 0; seed < 300; seed++) {
        await library.simulate(model, { ...options, trials: 20, seed, workers: 0 });
        if (seed === 99) first = memory();
      }
      const last = memory();
      const [early, late] = [first.heapUsed / 1e6, last.heapUsed / 1e6];
      const [residentEarly, residentLate] = [first.rss / 1e6, last.rss / 1e6];
      console.log(JSON.stringify({ early, late, residentEarly, residentLate }));
      `,
    );
    expect(late! - early!).toBeLessThan(2);
    expect(residentLate! - residentEarly!).toBeLessThan(40);
  });
});
