import { describe, expect, test } from "vitest";
import type { ModelParameters } from "../../src/parameters/description.ts";
import { identityBasis } from "../../src/bulk/linearBasis.ts";
import { packedSize } from "../../src/bulk/packed.ts";
import { featureModel } from "../../src/model/featureModel.ts";
import { complexAt, complexMultiply } from "../../src/numerics/complex.ts";
import { featureSpectrum } from "../../src/observables/featureSpectrum.ts";
import { isotropicSpectralBulk } from "../../src/spectrum/isotropicSpectralBulk.ts";
import type { SpectralBulk } from "../../src/spectrum/spectralBulk.ts";
import { stepSpectralBulk } from "../../src/spectrum/stepSpectralBulk.ts";

const network = (fields: object) =>
  ({
    model: "trainedNetwork",
    student: "tanh",
    target: "sin",
    learningRate: 2,
    stepSampleRatio: 1,
    ...fields,
  }) as ModelParameters;

const MODELS = {
  "odd student": network({}),
  relu: network({ student: "relu" }),
  "two readout values": network({ student: "softplus", readoutValues: [1, -0.5] }),
  "two readout values, odd student": network({ readoutValues: [1, -0.5] }),
};
const BETA = 0.8;

/** V̂1 and V̂2 as of a sample covariance, with an imaginary part that is negative definite. */
function conjugatesFor(K: number, imaginary: number): Float64Array {
  const entries: number[] = [];
  for (let k = 0; k < K; k++) for (let l = k; l < K; l++) entries.push(k === l ? 1 + 0.2 * k : 0.3);
  for (let k = 0; k < K; k++) entries.push(0.2 + 0.1 * k);
  return Float64Array.from(entries.flatMap((value) => [value, -imaginary * value]));
}

function bulkOf(model: ModelParameters, functions?: { rank: number; expansion: Float64Array }): SpectralBulk {
  const {
    problem: { groups },
    stepModel,
  } = featureModel(model);
  const of = { ...(functions ?? identityBasis(groups.length)), widthRatio: BETA };
  return stepModel ? stepSpectralBulk(stepModel(), of) : isotropicSpectralBulk(groups, of);
}

/** h at given V̂ and g: Newton by the bulk's own steps. */
function solveInternal(bulk: SpectralBulk, y: Float64Array, u: Float64Array): void {
  const m = u.length / 2 - bulk.internal;
  const columns = bulk.changes.length / bulk.values.length;
  bulk.start(y, u);
  for (let step = 0; step < 60; step++) {
    expect(bulk.evaluate(y, u)).toBeUndefined();
    for (let a = m; a < u.length / 2; a++) {
      // Short steps at first: the start is far away.
      const factor = step < 20 ? 0.3 : 1;
      u[2 * a]! += factor * bulk.changes[2 * a * columns]!;
      u[2 * a + 1]! += factor * bulk.changes[2 * a * columns + 1]!;
    }
  }
  expect(bulk.evaluate(y, u)).toBeUndefined();
}

function unknownsOf(bulk: SpectralBulk, g: readonly (readonly [number, number])[]): Float64Array {
  const pairs = (bulk.rank * (bulk.rank + 1)) / 2;
  const u = new Float64Array(2 * (pairs + bulk.groups + bulk.internal));
  g.forEach((value, k) => u.set(value, 2 * (pairs + k)));
  return u;
}

const distance = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a).reduce((worst, value, i) => Math.max(worst, Math.abs(value - b[i]!)), 0);

describe.each(Object.entries(MODELS))("bulk of the spectrum, %s", (_, model) => {
  const { problem, bulk: real } = featureModel(model);
  const K = problem.groups.length;
  const bulk = bulkOf(model);
  const pairs = packedSize(K) - K;

  // Exactness: at λ > 0 the traces are those of the ridge solver's bulk.
  test("at λ > 0 it is the real one", () => {
    const y = conjugatesFor(K, 0);
    const ridge = 0.05;
    const conjugates = y.filter((_, i) => i % 2 === 0);
    const solution = real.solve({ widthRatio: BETA, ridge, conjugates, traces: new Float64Array(pairs + K) });
    if (typeof solution === "string") throw new Error(solution);
    const { traces } = solution;
    const g = [...traces.subarray(pairs)];
    const u = unknownsOf(
      bulk,
      g.map((value) => [value, 0]),
    );
    solveInternal(bulk, y, u);
    const re = (values: Float64Array) => values.filter((_, i) => i % 2 === 0);
    expect(distance(re(bulk.values).subarray(0, pairs), traces)).toBeLessThan(1e-12);
    problem.groups.forEach(({ fraction }, k) => {
      const total = g[k]! * (ridge + y[2 * (pairs + k)]!) + bulk.values[2 * (pairs + k)]! / BETA;
      expect(total / fraction).toBeCloseTo(1, 11);
    });
    expect(distance(re(bulk.values).subarray(pairs + K), re(u).subarray(pairs + K))).toBeLessThan(1e-12);
    expect(bulk.phase(y, u)).toBeCloseTo(0, 12);
  });

  // Exactness: against central differences along the real and the imaginary axis, h being taken along.
  test("linear response", () => {
    const y = conjugatesFor(K, 0.3);
    const g = Array.from({ length: K }, (_, k) => [0.4 + 0.2 * k, 0.7 - 0.1 * k] as const);
    const at = (conjugates: Float64Array, traces: readonly (readonly [number, number])[]) => {
      const u = unknownsOf(bulk, traces);
      solveInternal(bulk, conjugates, u);
      return bulk.values.slice();
    };
    at(y, g);
    const columns = bulk.changes.length / bulk.values.length;
    const changes = bulk.changes.slice();
    const step = 1e-5;
    let checked = 0;
    for (let a = 0; a < pairs + K; a++) {
      for (const part of [0, 1] as const) {
        const moved = (by: number) => {
          if (a < pairs)
            return at(
              y.map((value, i) => (i === 2 * a + part ? value + by : value)),
              g,
            );
          const turned = g.map((value, k) =>
            k === a - pairs
              ? complexMultiply(value, part === 0 ? [Math.exp(by), 0] : [Math.cos(by), Math.sin(by)])
              : value,
          );
          return at(y, turned);
        };
        const [up, down] = [moved(step), moved(-step)];
        for (let row = 0; row < bulk.values.length / 2; row++) {
          const [re, im] = [0, 1].map((i) => (up[2 * row + i]! - down[2 * row + i]!) / (2 * step));
          const [R, I] = complexAt(changes, row * columns + 1 + a);
          const expected = part === 0 ? [R, I] : [-I, R];
          expect(Math.hypot(re! - expected[0]!, im! - expected[1]!)).toBeLessThan(2e-8);
          checked++;
        }
      }
    }
    expect(checked).toBe(bulk.values.length * (pairs + K));
  });

  // Law: the traces and h have positive imaginary parts, and w's is continuous and its derivatives are R and ω.
  test("the argument of the determinant", () => {
    const y = conjugatesFor(K, 0.3);
    const energy = (turn: number) => {
      const u = unknownsOf(
        bulk,
        Array.from({ length: K }, () => [0.5 * Math.cos(turn), 0.5 * Math.sin(turn)] as const),
      );
      solveInternal(bulk, y, u);
      expect(bulk.isPositive(u, 1)).toBe(true);
      let shares = 0;
      for (let k = 0; k < K; k++) shares += bulk.values[2 * (pairs + k)]!;
      return { phase: bulk.phase(y, u), shares };
    };
    const [low, middle, high] = [0.8, 0.801, 0.802].map(energy) as [Energy, Energy, Energy];
    // dw = Σ ω_k d log g_k, with log g_k changing by i.
    expect((high.phase - low.phase) / 0.002).toBeCloseTo(middle.shares, 5);
  });
});

interface Energy {
  readonly phase: number;
  readonly shares: number;
}

// Exactness: with an infinite batch and an odd student the bulk is isotropic; also beyond the spectrum, where g < 0.
test.each([-0.02, 0.3])("isotropic limit at g = %d", (trace) => {
  const limit = network({ stepSampleRatio: Infinity, rowNorms: false, readoutValues: [1, -0.5] });
  const bulk = bulkOf(limit);
  const { groups } = featureModel(limit).problem;
  const isotropic = isotropicSpectralBulk(groups, { ...identityBasis(2), widthRatio: BETA });
  const y = conjugatesFor(2, 0);
  const start = [
    [trace, 0],
    [2 * trace, 0],
  ] as const;
  solveInternal(bulk, y, unknownsOf(bulk, start));
  expect(isotropic.evaluate(y, unknownsOf(isotropic, start))).toBeUndefined();
  expect(distance(isotropic.values, bulk.values)).toBeLessThan(1e-11);
});

// Law: groups that see one function are one function.
test.each(["softplus", "tanh"])("collinear functions of two groups of %s", (student) => {
  const model = network({ student, readoutValues: [1, -0.5] });
  const [joint, separate] = [bulkOf(model, { rank: 1, expansion: Float64Array.of(1, 0.5) }), bulkOf(model)];
  const y = [0.7, -0.2];
  // V̂1 = UV̂Uᵀ, packed with its off-diagonal twice.
  const full = Float64Array.from([1, 1, 0.25, 0, 0].flatMap((factor) => y.map((value) => factor * value)));
  const g = [
    [0.4, 0.7],
    [0.6, 0.6],
  ] as const;
  solveInternal(joint, Float64Array.from([...y, 0, 0, 0, 0]), unknownsOf(joint, g));
  solveInternal(separate, full, unknownsOf(separate, g));
  const pair = (at: number) => complexAt(separate.values, at);
  const R = [0, 1].map((i) => pair(0)[i]! + pair(1)[i]! + 0.25 * pair(2)[i]!);
  expect(distance(R, complexAt(joint.values, 0))).toBeLessThan(1e-11);
  for (const k of [0, 1]) expect(distance(pair(3 + k), complexAt(joint.values, 1 + k))).toBeLessThan(1e-11);
});

describe("features of a trained network", () => {
  const point = { sampleRatio: 2, widthRatio: 0.8 } as const;
  const noisy = { learningRate: 2, stepSampleRatio: 1, labelNoise: 0.1, finiteDimension: 1000 } as const;

  // Simulated with numpy at d = 1000, two networks: smallest and largest eigenvalue of the bulk, outliers.
  test("edges and outliers as simulated", () => {
    const tanh = featureSpectrum({ model: "trainedNetwork", student: "tanh", target: "sin", ...noisy, ...point });
    expect(tanh.edges).toHaveLength(1);
    expect(Math.abs(tanh.edges[0]![0] / 0.0347 - 1)).toBeLessThan(0.02);
    expect(Math.abs(tanh.edges[0]![1] / 3.56 - 1)).toBeLessThan(0.02);
    expect(Math.abs(tanh.outliers[0]! / 535.2 - 1)).toBeLessThan(0.03);
    expect(tanh.bulkMass).toBeCloseTo(1, 7);
  });

  // Law: a step of an infinite batch leaves an odd student the spectrum of the isotropic surrogate.
  test("isotropic limit", () => {
    const limit = { ...noisy, stepSampleRatio: Infinity, rowNorms: false, ...point } as const;
    const model = { model: "trainedNetwork", student: "tanh", target: "sin", ...limit } as const;
    const [network, srf] = (["network", "srf"] as const).map((theory) => featureSpectrum({ ...model, theory }));
    expect(distance(network!.edges[0]!, srf!.edges[0]!)).toBeLessThan(1e-8);
    expect(network!.outliers[0]! / srf!.outliers[0]! - 1).toBeCloseTo(0, 8);
  });
});
