import { describe, expect, test } from "vitest";
import { conditionalFeatureStatistics } from "../../src/model/statistics.ts";
import type { ModelParameters } from "../../src/parameters/description.ts";
import { featureSpectrum } from "../../src/observables/featureSpectrum.ts";
import type { ComplexBulk } from "../../src/solver/complexBulk.ts";
import { isotropicComplexBulk } from "../../src/solver/isotropicComplexBulk.ts";

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
};
const BETA = 0.8;

/** V̂1 and V̂2 as of a sample covariance, with an imaginary part that is negative definite. */
function conjugatesFor(K: number, imaginary: number): Float64Array {
  const entries: number[] = [];
  for (let k = 0; k < K; k++) for (let l = k; l < K; l++) entries.push(k === l ? 1 + 0.2 * k : 0.3);
  for (let k = 0; k < K; k++) entries.push(0.2 + 0.1 * k);
  return Float64Array.from(entries.flatMap((value) => [value, -imaginary * value]));
}

function solved(bulk: ComplexBulk, conjugates: Float64Array, ridge: [number, number]): Float64Array {
  const traces = new Float64Array(conjugates.length);
  expect(bulk.solve(conjugates, ridge, traces)).toBeUndefined();
  return traces;
}

const distance = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a).reduce((worst, value, i) => Math.max(worst, Math.abs(value - b[i]!)), 0);

describe.each(Object.entries(MODELS))("complex resolvent of the bulk, %s", (_, model) => {
  const statistics = conditionalFeatureStatistics(model);
  const complex = statistics.complexBulk(BETA);
  const K = complex.groups;
  const m = (K * (K + 1)) / 2 + K;

  // Exactness: where both exist the real solution is the complex one.
  test("at λ > 0 it is the real one", () => {
    const real = statistics.bulk(BETA);
    const conjugates = conjugatesFor(K, 0);
    const even = conjugates.filter((_, i) => i % 2 === 0);
    const traces = new Float64Array(m);
    expect(real.solve(even, 0.05, traces)).toBeUndefined();
    const found = solved(complex, conjugates, [0.05, 0]);
    expect(
      distance(
        found,
        Float64Array.from(traces).reduce<number[]>((all, x) => [...all, x, 0], []),
      ),
    ).toBeLessThan(1e-12);
    expect(
      distance(
        complex.response.filter((_, i) => i % 2 === 0),
        real.response,
      ),
    ).toBeLessThan(1e-11);
    const stiffness = real.stiffness(1.3)!;
    const size = Math.max(...stiffness.map(Math.abs));
    expect(distance(complex.stiffness(1.3), stiffness)).toBeLessThan(1e-10 * size);
  });

  // Exactness: the linear response against central differences along the real and the imaginary axis.
  test("linear response", () => {
    const conjugates = conjugatesFor(K, 0.3);
    const ridge: [number, number] = [-0.7, -0.2];
    solved(complex, conjugates, ridge);
    const response = complex.response.slice();
    const step = 1e-5;
    for (let a = 0; a < m; a++) {
      for (const part of [0, 1]) {
        const moved = (by: number) => conjugates.map((value, i) => (i === 2 * a + part ? value + by : value));
        const [up, down] = [solved(complex, moved(step), ridge), solved(complex, moved(-step), ridge)];
        for (let b = 0; b < m; b++) {
          const [re, im] = [0, 1].map((i) => (down[2 * b + i]! - up[2 * b + i]!) / (2 * step));
          const [R, I] = [response[2 * (b * m + a)]!, response[2 * (b * m + a) + 1]!];
          const expected = part === 0 ? [R, I] : [-I, R];
          expect(Math.hypot(re! - expected[0]!, im! - expected[1]!)).toBeLessThan(1e-8);
        }
      }
    }
  });
});

// Exactness: with an infinite batch and an odd student the bulk is isotropic; also beyond the spectrum, where g < 0.
test.each([-60, -0.01, 0.3])("isotropic limit at λ = %d", (ridge) => {
  const statistics = conditionalFeatureStatistics(
    network({ stepSampleRatio: Infinity, rowNorms: false, readoutValues: [1, -0.5] }),
  );
  const { groups, channels } = statistics;
  const [bulk, isotropic] = [statistics.complexBulk(BETA), isotropicComplexBulk(groups, channels, BETA)];
  const conjugates = conjugatesFor(2, 0);
  const start = new Float64Array(10);
  for (const k of [3, 4]) start[2 * k] = 0.5 / ridge;
  expect(isotropic.solve(conjugates, [ridge, 0], start)).toBeUndefined();
  expect(distance(solved(bulk, conjugates, [ridge, 0]), start)).toBeLessThan(1e-9 * Math.max(...start.map(Math.abs)));
  const stiffness = isotropic.stiffness(1.3);
  const size = Math.max(...stiffness.map(Math.abs));
  expect(distance(bulk.stiffness(1.3), stiffness)).toBeLessThan(1e-9 * size);
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
