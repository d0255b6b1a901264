import { describe, expect, it } from "vitest";
import type { ModelDescription } from "../../src/model/description.ts";
import { algebraOf, createTrialRunner, resolveBackend, specify, type TrialPoint } from "../../src/simulation/index.ts";

const backends = [...new Set(["wasm", "ml-matrix", resolveBackend()] as const)];

async function point(description: ModelDescription, backend: (typeof backends)[number]): Promise<TrialPoint> {
  const runner = await createTrialRunner(
    specify(description, { dimension: 20, testSamples: 200, seed: 4 }),
    algebraOf(backend),
  );
  return runner.run(0).points[0]!;
}

const linear = { model: "randomFeatures", student: "identity", target: "identity", labelNoise: 0.3 } as const;

describe.each(backends)("laws: λ = 0 with %s", (backend) => {
  it.each([
    ["n < p, full rank", { ...linear, student: "tanh(2*x)", sampleRatio: 1, widthRatio: 2 }],
    ["n > p, full rank", { ...linear, student: "tanh(2*x)", sampleRatio: 2, widthRatio: 1 }],
    ["n < p, rank d", { ...linear, sampleRatio: 2, widthRatio: 3 }],
    ["n > p, rank d", { ...linear, sampleRatio: 4, widthRatio: 3 }],
    ["n < d, rank n", { ...linear, sampleRatio: 0.5, widthRatio: 3 }],
  ])("%s: is the limit λ → 0", async (_name, model) => {
    const limit = await point({ ...model, ridge: 0 }, backend);
    const near = await point({ ...model, ridge: 1e-8 }, backend);
    expect(limit.testError / near.testError).toBeCloseTo(1, 5);
    expect(limit.trainError).toBeCloseTo(near.trainError, 6);
    expect(limit.objective).toBeCloseTo(near.objective, 6);
    expect(limit.overlaps.Q2[0]! / near.overlaps.Q2[0]!).toBeCloseTo(1, 5);
  });

  it("a matrix that is singular in spite of its ridge is named", async () => {
    const description: ModelDescription = { ...linear, sampleRatio: 4, widthRatio: 3, ridge: 1e-300 };
    const outcome = await point(description, backend).catch((error: unknown) => error);
    // Rounding may also leave the matrix barely positive definite.
    if (outcome instanceof Error) expect(outcome.message).toMatch(/^ridge = 1e-300 is too small .*0 is legal/);
  });
});

describe("laws: primal and dual", () => {
  it("agree where n passes p", async () => {
    // n = p is solved in the dual; one more sample, in the primal. The readout moves little at a large ridge.
    const model = { ...linear, student: "tanh", ridge: 500, widthRatio: 5 };
    const dual = await point({ ...model, sampleRatio: 5 }, "wasm");
    const primal = await point({ ...model, sampleRatio: 5.05 }, "wasm");
    expect(primal.trainError / dual.trainError).toBeCloseTo(1, 1);
    expect(primal.objective / dual.objective).toBeCloseTo(1, 1);
    expect(primal.testError / dual.testError).toBeCloseTo(1, 2);
  });

  it("the objective is the training error plus λ|a|²/n", async () => {
    for (const sampleRatio of [0.5, 1, 3]) {
      for (const ridge of [1e-3, 1]) {
        const { trainError, objective, overlaps } = await point(
          { ...linear, student: "relu", sampleRatio, ridge, widthRatio: 1 },
          "wasm",
        );
        expect(objective).toBeCloseTo(trainError + (ridge * overlaps.Q2[0]!) / sampleRatio, 10);
      }
    }
  });
});
