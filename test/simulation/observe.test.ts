import { describe, expect, test } from "vitest";
import { createObserver, createTrialRunner, specify, wasmAlgebra } from "../../src/simulation/index.ts";

const MODEL = {
  model: "spikedRandomFeatures",
  student: "identity",
  target: "sin",
  spikeStrength: 1,
  alignment: 0.6,
  sampleRatio: 2,
  widthRatio: 0.5,
  ridge: 0.1,
} as const;
const AT = [-1, 0, 2];

describe("exactness: the function of a linear network", () => {
  const specification = specify(MODEL, { dimension: 40, seed: 5, testSamples: 10 });

  test.each([
    ["spike", 1, 0],
    ["target", 0.6, 0.8],
  ] as const)("along the %s its slope is the readout's overlap", async (along, onSpike, onOrthogonal) => {
    const runner = await createTrialRunner(specification, wasmAlgebra);
    const { m, theta, psi } = runner.run(3).points[0]!.overlaps;
    const observation = { kind: "function", along, at: AT, samples: 600 } as const;
    const { values } = (await createObserver(specification, observation, wasmAlgebra)).observe(3);
    const slope = onSpike * (theta[0]! + m[0]!) + onOrthogonal * psi[0]!;
    AT.forEach((t, i) => expect(values[0]![i]! - values[0]![1]!).toBeCloseTo(t * slope, 10));
  });
});

describe("laws: the spectrum of the features", () => {
  test.each([0.5, 2])("is non-negative and descending at α = %d, whichever side is smaller", async (sampleRatio) => {
    const specification = specify(
      { ...MODEL, student: "tanh" },
      { dimension: 40, sampleRatios: [sampleRatio], ridges: [0] },
    );
    const observation = { kind: "spectrum", vectors: 0, powers: [] } as const;
    const { eigenvalues: values } = (await createObserver(specification, observation, wasmAlgebra)).observe(0);
    expect(values).toHaveLength(20);
    values.forEach((value, i) => expect(value).toBeLessThanOrEqual(values[i - 1] ?? Infinity));
    expect(values.at(-1)).toBeGreaterThan(-1e-12);
  });

  test("singular vectors overlap with κ at most wholly; more samples than neurons are refused", async () => {
    const grid = { dimension: 40, sampleRatios: [0.5], ridges: [0] };
    const observation = { kind: "spectrum", vectors: 20, powers: [1] } as const;
    const observer = await createObserver(specify({ ...MODEL, student: "tanh" }, grid), observation, wasmAlgebra);
    const { alignments, eigenvalues } = observer.observe(1);
    expect([alignments.length, eigenvalues.length]).toEqual([20, 20]);
    expect(alignments.reduce((sum, [value]) => sum + value!, 0)).toBeCloseTo(1, 9);
    const wide = specify(MODEL, { ...grid, sampleRatios: [2] });
    const refused = await createObserver(wide, observation, wasmAlgebra);
    expect(() => refused.observe(0)).toThrow(/vectors/);
  });
});

describe("laws: the spectrum of the weights", () => {
  const observe = async (widthRatio: number, spikeStrength: number) => {
    const grid = { dimension: 40, sampleRatios: [Math.min(1, widthRatio)], ridges: [0] };
    const specification = specify({ ...MODEL, widthRatio, spikeStrength }, grid);
    return (await createObserver(specification, { kind: "weights" }, wasmAlgebra)).observe(2);
  };

  test.each([0.5, 2])("has the weights' norm at β = %d", async (widthRatio) => {
    const { singularValues: singular } = await observe(widthRatio, 0);
    expect(singular).toHaveLength(40 * Math.min(1, widthRatio));
    singular.forEach((value, i) => expect(value).toBeLessThanOrEqual(singular[i - 1] ?? Infinity));
    const norm = singular.reduce((sum, value) => sum + value ** 2, 0);
    expect(norm).toBeCloseTo(40 * widthRatio, 8);
  });

  test.each([0.5, 2])("a strong spike is its first term at β = %d", async (widthRatio) => {
    const { singularValues, input, readout, target } = await observe(widthRatio, 1e4);
    expect(singularValues[0]! / (1e4 * Math.sqrt(40 * widthRatio))).toBeCloseTo(1, 3);
    expect(input).toBeCloseTo(1, 6);
    expect(readout).toBeCloseTo(1, 6);
    expect(target).toBeCloseTo(MODEL.alignment ** 2, 3);
  });

  test("needs the sample ratio that makes room", async () => {
    const specification = specify(MODEL, { dimension: 40, sampleRatios: [0.2], ridges: [0] });
    const observer = await createObserver(specification, { kind: "weights" }, wasmAlgebra);
    expect(() => observer.observe(0)).toThrow(/sampleRatios/);
  });

  test.each(["weights", "spectrum"] as const)("%s need the ridge that makes room", async (kind) => {
    const specification = specify(MODEL, { dimension: 40, sampleRatios: [1], ridges: [0.1] });
    const observation = kind === "weights" ? { kind } : { kind, vectors: 0, powers: [] };
    await expect(createObserver(specification, observation, wasmAlgebra)).rejects.toThrow(/ridges = \[0.1\]/);
  });
});
