import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import type { ModelDescription } from "../../src/model/description.ts";
import { matrix, type Matrix } from "../../src/simulation/matrix.ts";
import { streamStateLength, trialStreams } from "../../src/simulation/randomStreams.ts";
import { specify } from "../../src/simulation/specification.ts";
import { drawWeights, fixedDirections } from "../../src/simulation/weights.ts";
import { Workspace } from "../../src/simulation/workspace.ts";

const [dimension, width] = [80, 200];
let workspace: Workspace;
beforeAll(async () => {
  workspace = await Workspace.create(8 * (dimension * width + streamStateLength) + 1024);
});

function draw(description: ModelDescription): Matrix {
  workspace.clear();
  const weights = matrix(workspace.allocate(dimension * width), width, dimension);
  const { weights: stream } = trialStreams(workspace, workspace.allocate(streamStateLength), 1, 0);
  drawWeights(weights, specify(description, { dimension }), stream);
  return weights;
}

const rows = ({ data }: Matrix): Float64Array[] =>
  Array.from({ length: width }, (_, j) => data.subarray(j * dimension, (j + 1) * dimension));
const norm = (x: Float64Array): number => x.reduce((sum, value) => sum + value * value, 0);

const spiked = {
  model: "spikedRandomFeatures",
  student: "tanh",
  target: "tanh",
  sampleRatio: 1,
  widthRatio: width / dimension,
  ridge: 1,
  spikeStrength: 3,
  alignment: 0.6,
  readoutValues: [1, -2],
  readoutFractions: [0.25, 0.75],
  bulkVariance: [0.5, 2],
} as const;

describe("exactness: weights", () => {
  it("rows of equal norm: the bulk of every row has norm √c_k", () => {
    rows(draw(spiked)).forEach((row, j) => {
      const [u, c] = j < 50 ? [1, 0.5] : [-2, 2];
      row[0]! -= 3 * u;
      expect(norm(row)).toBeCloseTo(c, 12);
    });
  });

  it("Gaussian rows: entries of variance c_k/d", () => {
    const all = rows(draw({ ...spiked, spikeStrength: 0, rows: "gaussian" }));
    const mean = (part: Float64Array[]): number => part.reduce((sum, row) => sum + norm(row), 0) / part.length;
    expect(Math.abs(mean(all.slice(0, 50)) / 0.5 - 1)).toBeLessThan(4 * Math.sqrt(2 / (50 * dimension)));
    expect(Math.abs(mean(all.slice(50)) / 2 - 1)).toBeLessThan(4 * Math.sqrt(2 / (150 * dimension)));
    expect(new Set(all.map(norm)).size).toBe(width);
  });

  it("small rate: the spike is s₁ times a unit vector over the neurons", () => {
    const { student, target, sampleRatio, widthRatio, ridge, alignment } = spiked;
    const common = { model: "smallRate", student, target, sampleRatio, widthRatio, ridge, alignment } as const;
    const bulk = rows(draw({ ...common, spikeStrength: 0 })).map((row) => Float64Array.from(row));
    const difference = rows(draw({ ...common, spikeStrength: 5 })).map((row, j) =>
      row.map((value, i) => value - bulk[j]![i]!),
    );
    expect(Math.sqrt(difference.reduce((sum, row) => sum + row[0]! ** 2, 0))).toBeCloseTo(5, 12);
    expect(Math.max(...difference.map((row) => norm(row.subarray(1))))).toBe(0);
  });

  it("directions: θ is a unit vector with θᵀv = γ, at the ends too", () => {
    for (const gamma of [-1, -0.3, 0, 0.99, 1]) {
      const { target } = fixedDirections(dimension, gamma);
      expect(target[0]).toBe(gamma);
      expect(Math.hypot(...target)).toBeCloseTo(1, 15);
    }
  });
});

describe("laws: what runs in a browser", () => {
  it("reaches no Node module from its entry point", () => {
    const seen = new Set<string>();
    const visit = (url: URL): void => {
      if (seen.has(url.href)) return;
      seen.add(url.href);
      for (const [, specifier] of readFileSync(url, "utf8").matchAll(/^(?:import|export|\}).* from "([^"]+)";$/gm)) {
        if (specifier!.startsWith(".")) visit(new URL(specifier!, url));
        else expect(["gauss-quadrature", "ml-matrix"]).toContain(specifier);
      }
    };
    visit(new URL("../../src/simulation/browser.ts", import.meta.url));
    expect(seen.size).toBeGreaterThan(20);
  });
});
