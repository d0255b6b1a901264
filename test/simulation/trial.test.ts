import { describe, expect, it } from "vitest";
import type { ModelDescription } from "../../src/model/description.ts";
import {
  createTrialRunner,
  specify,
  wasmAlgebra,
  type SimulationGrid,
  type TrialResult,
} from "../../src/simulation/browser.ts";
import { algebraOf, resolveBackend, simulate } from "../../src/simulation/index.ts";

const grid: SimulationGrid = {
  dimension: 24,
  sampleRatios: [0.5, 2.1, 1, 3],
  ridges: [0.1, 1e-3],
  testSamples: 60,
  seed: 7,
};
const common = { target: "tanh(2*x)", sampleRatio: 1, widthRatio: 1.5, ridge: 0.1, labelNoise: 0.2 } as const;
const groups = { readoutValues: [1, -0.5], readoutFractions: [0.3, 0.7] } as const;

const models: Readonly<Record<string, ModelDescription>> = {
  "random features": { ...common, model: "randomFeatures", student: "relu", bulkVariance: 2 },
  "equal rows": {
    ...common,
    ...groups,
    model: "spikedRandomFeatures",
    student: "tanh",
    spikeStrength: 1,
    alignment: 0.6,
  },
  "Gaussian rows": {
    ...common,
    model: "spikedRandomFeatures",
    student: "erf",
    spikeStrength: 1,
    alignment: 1,
    rows: "gaussian",
  },
  "trained network": {
    ...common,
    ...groups,
    model: "trainedNetwork",
    student: "tanh(x) + 0.1*x^2",
    learningRate: 2,
    stepSampleRatio: 1.3,
  },
  "small rate": { ...common, model: "smallRate", student: "gelu", spikeStrength: 2, alignment: -0.4 },
};

const numbers = ({ points }: TrialResult): number[] =>
  points.flatMap(({ testError, trainError, objective, overlaps }) => [
    testError,
    trainError,
    objective,
    ...[overlaps.m, overlaps.theta, overlaps.psi, overlaps.nu, overlaps.Q2].flat(),
  ]);

describe("laws: backends", () => {
  const backends = ["wasm", resolveBackend()] as const;
  for (const [name, description] of Object.entries(models)) {
    it(`${name}: same errors and overlaps as ml-matrix`, async () => {
      const specification = specify(description, grid);
      const oracle = numbers((await createTrialRunner(specification, algebraOf("ml-matrix"))).run(2));
      for (const backend of backends) {
        const found = numbers((await createTrialRunner(specification, algebraOf(backend))).run(2));
        found.forEach((value, i) => expect(value).toBeCloseTo(oracle[i]!, 9));
      }
    });
  }
});

describe("exactness: one trial", () => {
  it("depends on seed and index only, not on the trials before", async () => {
    const specification = specify(models["trained network"]!, grid);
    const runner = await createTrialRunner(specification, wasmAlgebra);
    runner.run(5);
    const again = await createTrialRunner(specification, wasmAlgebra);
    expect(runner.run(3)).toEqual(again.run(3));
    const other = await createTrialRunner({ ...specification, seed: 8 }, wasmAlgebra);
    expect(other.run(3)).not.toEqual(again.run(3));
  });

  it("gives each α what it gives alone", async () => {
    const all = await createTrialRunner(specify(models["equal rows"]!, grid), wasmAlgebra);
    const one = await createTrialRunner(specify(models["equal rows"]!, { ...grid, sampleRatios: [2.1] }), wasmAlgebra);
    const expected = all
      .run(0)
      .points.slice(2, 4)
      .map(({ testError }) => testError);
    one.run(0).points.forEach(({ testError }, i) => expect(testError).toBeCloseTo(expected[i]!, 12));
  });
});

describe("exactness: linear ridge regression", () => {
  // With σ = σ* = identity, f = wᵀx and min |a|² = d wᵀΣ⁻¹w, Σ = d WᵀW/p of Marchenko–Pastur spectrum (ratio 1/β). Generalised ridge
  // regression has test error (Δ + E[κ²/(ρ+κ)²]) / (1 − E[ρ²/(ρ+κ)²]/α) with κ(α − E[ρ/(ρ+κ)]) = λ (Hastie et al. 2022).
  it("is simulated with the Marchenko–Pastur error", async () => {
    const [alpha, beta, noise, ridge] = [2, 2, 0.5, 0.4];
    const { points } = await simulate(
      {
        model: "randomFeatures",
        student: "identity",
        target: "identity",
        sampleRatio: alpha,
        widthRatio: beta,
        ridge,
        labelNoise: noise,
      },
      { dimension: 150, trials: 12, seed: 3, testSamples: 2000 },
    );
    const over = (f: (rho: number) => number): number => marchenkoPastur(1 / beta, f);
    let kappa = ridge;
    for (let i = 0; i < 200; i++) kappa = ridge / (alpha - over((rho) => rho / (rho + kappa)));
    const bias = over((rho) => (kappa / (rho + kappa)) ** 2);
    const exact = (noise + bias) / (1 - over((rho) => (rho / (rho + kappa)) ** 2) / alpha);
    const { mean, standardError } = points[0]!.testError;
    expect(Math.abs(mean - exact)).toBeLessThan(4 * standardError + exact / 150);
    expect(standardError).toBeLessThan(0.02 * exact);
  });
});

/** E f(ρ) for the Marchenko–Pastur law of ratio y < 1 and unit mean, by the midpoint rule in the angle. */
function marchenkoPastur(y: number, f: (rho: number) => number): number {
  const n = 400;
  let sum = 0;
  for (let i = 0; i < n; i++) {
    const angle = ((i + 0.5) * Math.PI) / n;
    const rho = 1 + y + 2 * Math.sqrt(y) * Math.cos(angle);
    sum += ((2 / n) * Math.sin(angle) ** 2 * f(rho)) / rho;
  }
  return sum;
}
