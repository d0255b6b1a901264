import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { figureMethod } from "../../src/cli/serve/figureMethod.ts";
import { runCli } from "./runCli.ts";

const directory = mkdtempSync(join(tmpdir(), "statistics-"));
const at = (name: string) => join(directory, name);
const MODEL = [
  ...["--model", "randomFeatures", "--student", "tanh", "--target", "sin", "--label-noise", "0.1"],
  ...["--width-ratio", "1", "--ridge", "0.1"],
];
const SMALL = ["--trials", "3", "--test-samples", "60", "--seed", "2", "--workers", "0", "--backend", "wasm"];

describe("curve", () => {
  test("draws several quantities, and says how the simulation of each agrees", async () => {
    const asked = ["--quantity", "testError,bias,ensembles.freshBoth", "--ensemble", "2,inf"];
    const simulated = ["--simulate", "model", "--dimension", "20", ...SMALL];
    const out = ["--out", at("several.svg"), at("several.csv")];
    const { code, err } = await runCli(["curve", ...MODEL, "--sample-ratio", "1", ...asked, ...simulated, ...out]);
    expect(code).toBe(0);
    const names = ["test error", "M = 2, both fresh", "M = ∞, both fresh", "squared bias"];
    const svg = readFileSync(at("several.svg"), "utf8");
    for (const name of names) {
      expect(svg).toContain(`>${name}<`);
      expect(err).toMatch(new RegExp(`^${name}: \\d of 1 points within 3 standard errors`, "m"));
    }
    const [header, ...lines] = readFileSync(at("several.csv"), "utf8").trimEnd().split("\n");
    const column = (name: string) => lines.map((line) => Number(line.split(",")[header!.split(",").indexOf(name)]));
    for (const name of ["biasSquared", "variance", "ensembles.freshBoth[1].testError"]) {
      const [theory, mean, error, z] = ["", ".mean", ".standardError", ".z"].map((of) =>
        column(of === "" ? name : `simulation.${name}${of}`),
      );
      z!.forEach((value, i) => expect(value).toBeCloseTo((mean![i]! - theory![i]!) / error![i]!, 6));
    }
  });

  test("stacks the parts of one curve, and refuses what it cannot show", async () => {
    const stacked = ["curve", ...MODEL, "--stacked", "--out", at("stacked.svg")];
    expect((await runCli([...stacked, "--sample-ratio", "1"])).code).toBe(0);
    expect(readFileSync(at("stacked.svg"), "utf8")).toContain(">label noise<");
    const refused: readonly [string, readonly string[]][] = [
      ["logY = true", ["--log-y"]],
      ["quantity =", ["--quantity", "bias"]],
      ["stacked = true is not legal: for one curve: ridge make several", ["--ridge", "0.1,1"]],
      ["statistics = true", ["--loss", "huber:1"]],
    ];
    for (const [message, extra] of refused) {
      const { code, err } = await runCli([...stacked, "--sample-ratio", "0.5,1,2", ...extra]);
      expect([code, err]).toEqual([2, expect.stringContaining(message)]);
    }
  });
});

test("error rates that are not simulated, or have no theory, are refused before any work", async () => {
  const refused: readonly [string, readonly string[]][] = [
    ['quantity = "trainClassificationError"', ["--quantity", "trainClassificationError"]],
    [
      'quantity = "ensembles.freshBoth[0].classificationError"',
      [
        "--quantity",
        "ensembles.freshBoth[0].classificationError",
        "--ensemble",
        "4",
        "--simulate",
        "model",
        "--dimension",
        "20",
      ],
    ],
  ];
  for (const [message, extra] of refused) {
    const { code, err } = await runCli(["curve", ...MODEL, "--sample-ratio", "1", ...extra]);
    expect([code, err]).toEqual([2, expect.stringContaining(message)]);
  }
});

test("figures from columns keep the crosses of ensembles", async () => {
  const task = { report: () => undefined, signal: new AbortController().signal };
  const named = ["ensembleOfTwo.freshBoth.testError", "ensembles.freshBoth[0].testError", "biasSquared"];
  for (const quantity of named) {
    const estimate = { [`simulation.${quantity}.mean`]: [0.42], [`simulation.${quantity}.standardError`]: [0.01] };
    const theory = { status: ["converged"], sampleRatio: [1], testError: [0.5], [quantity]: [0.4] };
    const figure = await figureMethod({ columns: { ...theory, ...estimate }, x: "sampleRatio", quantity }, task);
    expect(JSON.stringify(figure)).toContain("0.42");
  }
});

test("validate puts a part of the variance to the test, and names what theory has not", async () => {
  const sizes = ["--sample-ratio", "1", "--dimensions", "16,24", ...SMALL];
  const { out, err } = await runCli(["validate", ...MODEL, ...sizes, "--quantity", "varianceWeightsInputs,bias"]);
  const titles = out.split("\n").filter((line) => /^[a-z]/.test(line) && !/^(sampleRatio|theory)/.test(line));
  expect([titles, err]).toEqual([["variance: weights, inputs", "squared bias"], ""]);
  const step = await runCli(["validate", ...MODEL, ...sizes, "--quantity", "freshStep"]);
  expect([step.code, step.err]).toEqual([2, expect.stringContaining('quantity = "freshStep"')]);
});

test("simulate has columns of pairs, and of as many networks as a file asks for", async () => {
  writeFileSync(at("run.json"), JSON.stringify({ ensemble: [3], trials: 2, testSamples: 60, workers: 0, seed: 2 }));
  const { out } = await runCli([
    ...["simulate", ...MODEL, "--sample-ratio", "1", "--dimension", "20", "--config", at("run.json")],
  ]);
  const columns = out.split("\n")[0]!.split(",");
  for (const name of ["biasSquared", "freshSpike", "ensembles.freshBoth[0].testError"])
    expect(columns).toContain(`${name}.mean`);
});
