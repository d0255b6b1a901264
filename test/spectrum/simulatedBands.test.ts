import { EVD, Matrix } from "ml-matrix";
import { describe, expect, test } from "vitest";
import { featureSpectrum, featureSupport } from "../../src/observables/featureSpectrum.ts";
import { normalStream } from "../observables/normalStream.ts";

/** Eigenvalues of (1/p)ΦᵀΦ, ascending, for tanh features of rows r u_k vᵀ + unit-norm bulk, groups in turn. */
function simulate(d: number, n: number, p: number, spikes: readonly number[], seed: number): number[] {
  const normal = normalStream(seed);
  const rows = Array.from({ length: p }, (_, j) => {
    const row = Float64Array.from({ length: d }, normal);
    const norm = Math.hypot(...row);
    return row.map((x, i) => x / norm + (i === 0 ? spikes[j % spikes.length]! : 0));
  });
  const gram = Array.from({ length: p }, () => new Float64Array(p));
  for (let sample = 0; sample < n; sample++) {
    const x = Float64Array.from({ length: d }, normal);
    const phi = rows.map((row) => Math.tanh(row.reduce((sum, w, i) => sum + w * x[i]!, 0)) / Math.sqrt(p));
    for (let i = 0; i < p; i++) for (let j = 0; j <= i; j++) gram[i]![j]! += phi[i]! * phi[j]!;
  }
  const matrix = Matrix.zeros(p, p);
  gram.forEach((line, i) => line.forEach((value, j) => j <= i && matrix.set(i, j, value).set(j, i, value)));
  return new EVD(matrix, { assumeSymmetric: true }).realEigenvalues.sort((a, b) => a - b);
}

describe("simulated networks, β = 10", () => {
  const [d, beta] = [30, 10];

  test.each([
    ["one group, α = 40", 40, [0]],
    ["two groups, α = 40", 40, [1, -0.5]],
    ["two groups, α = 15", 15, [1.5, 0.4]],
  ] as const)("%s: as many eigenvalues below any place as counted", (_, alpha, spikes) => {
    const point = { spikeStrength: 1, readoutValues: [...spikes], sampleRatio: alpha, widthRatio: beta };
    const model = { model: "spikedRandomFeatures", student: "tanh", ...point } as const;
    const { grid, density, weights, bandMasses, edges } = featureSpectrum(model);
    const eigenvalues = simulate(d, alpha * d, beta * d, spikes, 3);
    const share = (x: number) => eigenvalues.filter((value) => value < x).length / eigenvalues.length;
    let [sum, checked] = [0, 0];
    // The lower bands, of the nonlinear part, are wider by p/d³; the linear part has d eigenvalues.
    const linear = edges.at(-1)![0];
    grid.forEach((x, i) => {
      const step = weights[i]! * density[i]!;
      if (i % 20 === 10 && x > linear) {
        expect(Math.abs(share(x) - (sum + 0.5 * step))).toBeLessThan(0.015);
        checked++;
      }
      sum += step;
    });
    expect(checked).toBeGreaterThanOrEqual(5);
    // Between bands the count is exact but for the outliers.
    bandMasses.slice(1).reduce((below, mass, i) => {
      const place = Math.sqrt(edges[i]![1] * edges[i + 1]![0]);
      expect(Math.abs(share(place) - below)).toBeLessThan(3.5 / eigenvalues.length);
      return below + mass;
    }, bandMasses[0]!);
    expect(featureSupport(model).edges).toEqual(edges);
  });
});
