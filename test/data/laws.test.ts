import { describe, expect, test } from "vitest";
import { decompose } from "../../src/data/eigensystem.ts";
import { type DataRow, predict } from "../../src/data/dataCurve.ts";
import { learningCurveFromData } from "../../src/data/index.ts";
import { parseNpy } from "../../src/data/npy.ts";
import { ParameterError } from "../../src/errors.ts";
import { mlMatrixAlgebra } from "../../src/simulation/backends/mlMatrix.ts";
import { wasmAlgebra } from "../../src/simulation/backends/wasm.ts";
import { worstDifference } from "../fixtures/reference.ts";

/** A deterministic sequence that looks like noise. */
const noise = (i: number): number => Math.sin(12.9898 * i + 78.233 * Math.sin(i)) * 1.3;
const table = (N: number, p: number): number[][] =>
  Array.from({ length: N }, (_, i) => Array.from({ length: p }, (_, j) => noise(i * p + j) / (1 + j)));
const labelsOf = (rows: readonly (readonly number[])[]): number[] =>
  rows.map((row, i) => row[0]! - row[1]! + 0.3 * noise(7 * i + 3));
const gramOf = (rows: readonly (readonly number[])[]): number[][] =>
  rows.map((a) => rows.map((b) => a.reduce((sum, value, j) => sum + value * b[j]!, 0)));

const features = table(24, 9);
const labels = labelsOf(features);
const points = [
  { samples: 8, ridge: 0.3 },
  { samples: 16, ridge: 0.02 },
  { samples: 24, ridge: 0.5 },
  { samples: 40, ridge: 0.7 },
];
/** The numbers of rows, for a comparison. */
const numbersOf = (rows: readonly DataRow[]) =>
  rows.map((row) => Object.fromEntries(Object.entries(row).filter(([name]) => name !== "status")));
const solve = (data: Parameters<typeof decompose>[0], intercept = false, algebra = wasmAlgebra, at = points) =>
  predict(decompose(data, { intercept, keepGram: false, algebra }), at, "loo") as DataRow[];

// Laws: what the estimates must obey whatever the data (covariates §9).
describe("learning curves from data", () => {
  test.each([false, true])("features and their Gram matrix say the same (intercept %s)", (intercept) => {
    expect(
      worstDifference(
        numbersOf(solve({ gram: gramOf(features), labels }, intercept)),
        numbersOf(solve({ features, labels }, intercept)),
      ),
    ).toBeLessThan(1e-9);
  });

  test("scaling features by s and λ by s² changes nothing", () => {
    const scaled = solve(
      { features: features.map((row) => row.map((x) => 3 * x)), labels },
      false,
      wasmAlgebra,
      points.map(({ samples, ridge }) => ({ samples, ridge: 9 * ridge })),
    );
    scaled.forEach((row, i) => {
      const plain = solve({ features, labels })[i]!;
      for (const name of ["testError", "trainError", "degreesOfFreedom", "standardError"] as const) {
        expect(row[name]).toBeCloseTo(plain[name], 9);
      }
    });
  });

  test("every backend agrees", () => {
    expect(
      worstDifference(
        numbersOf(solve({ features, labels }, false, () => mlMatrixAlgebra)),
        numbersOf(solve({ features, labels })),
      ),
    ).toBeLessThan(1e-9);
  });

  test("at n = N: generalised cross validation, and leave-one-out by retraining", () => {
    const [row] = solve({ features, labels }, false, wasmAlgebra, [{ samples: 24, ridge: 0.5 }]);
    const K = gramOf(features);
    const fitted = (kept: readonly number[]) => {
      const { realInverse } = inverse(kept.map((i) => kept.map((j) => K[i]![j]! + (i === j ? 0.5 : 0))));
      return realInverse;
    };
    const all = features.map((_, i) => i);
    let loo = 0;
    for (const out of all) {
      const kept = all.filter((i) => i !== out);
      const A = fitted(kept);
      const prediction = kept.reduce(
        (sum, i, a) => sum + K[out]![i]! * kept.reduce((inner, j, b) => inner + A[a]![b]! * labels[j]!, 0),
        0,
      );
      loo += (labels[out]! - prediction) ** 2 / all.length;
    }
    expect(row!.leaveOneOutTestError).toBeCloseTo(loo, 9);
    const A = fitted(all);
    const residual = all.map((i) => 0.5 * all.reduce((sum, j) => sum + A[i]![j]! * labels[j]!, 0));
    const trace = all.reduce((sum, i) => sum + 0.5 * A[i]![i]!, 0) / all.length;
    expect(row!.gcvTestError).toBeCloseTo(residual.reduce((sum, e) => sum + e * e, 0) / all.length / trace ** 2, 9);
  });

  test("on a circulant Gram matrix the three anchors agree, test and train", () => {
    const N = 20;
    const gram = Array.from({ length: N }, (_, i) =>
      Array.from({ length: N }, (_, j) => Math.exp(Math.cos((2 * Math.PI * (i - j)) / N))),
    );
    // Labels whose power is spread evenly over the sites: a single wave pair has equal squared residuals on average.
    const waves = Array.from({ length: N }, (_, i) => (i % 2 === 0 ? 1 : -1));
    const data = decompose({ gram, labels: waves }, { intercept: false, keepGram: true, algebra: wasmAlgebra });
    const rows = predict(
      data,
      [
        { samples: 7, ridge: 0.4 },
        { samples: 13, ridge: 0.05 },
      ],
      "conditional",
    ) as DataRow[];
    expect(rows).toHaveLength(2);
    for (const row of rows) {
      expect(row.leaveOneOutTestError / row.gcvTestError).toBeCloseTo(1, 9);
      expect(row.conditionalTestError! / row.gcvTestError).toBeCloseTo(1, 8);
    }
  });

  test("the best ridge lies within the grid and beats it", () => {
    const { best, rows, rank } = learningCurveFromData({
      features,
      labels,
      samples: [12],
      ridges: [0.001, 0.1, 10],
      backend: "wasm",
    });
    expect(rank).toBe(9);
    const least = Math.min(...rows.map((row) => (row.status === "converged" ? row.testError : Infinity)));
    expect(best[0]!.testError).toBeLessThanOrEqual(least);
  });

  test.each([
    [{ features, labels: labels.map(() => 2) }, "labels"],
    [{ features, labels: labels.map((y, i) => (i === 3 ? NaN : y)) }, "labels[3]"],
    [{ features: features.map((row, i) => (i === 2 ? [...row.slice(0, 8), NaN] : row)), labels }, "features[2][8]"],
    [{ features: features.slice(0, 2), labels: [1, 2] }, "labels"],
    [{ features, labels: labels.slice(1) }, "labels"],
    [
      { gram: gramOf(features).map((row, i) => row.map((x, j) => (i === 1 && j === 0 ? x + 1 : x))), labels },
      "gram[1][0]",
    ],
    [{ gram: features.map((_, i) => features.map((_, j) => (i === j ? 1 : i + j === 1 ? 2 : 0))), labels }, "gram"],
    [{ features, gram: gramOf(features), labels }, "features"],
    [{ labels }, "features"],
    [{ features: [[1, 2], [3]], labels: [1, 2] }, "features[1]"],
  ])("bad data are refused by name: case %#", (data, parameter) => {
    try {
      solve(data);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(ParameterError);
      expect((error as ParameterError).parameter).toBe(parameter);
    }
  });

  test("beyond the data: undetermined below the least ridge, and the least ridge is named", () => {
    const wide = table(10, 30);
    const data = decompose(
      { features: wide, labels: labelsOf(wide) },
      { intercept: false, keepGram: false, algebra: wasmAlgebra },
    );
    const [low, high] = predict(
      data,
      [
        { samples: 20, ridge: 1e-6 },
        { samples: 20, ridge: 1e3 },
      ],
      "gcv",
    );
    expect(low).toMatchObject({ status: "undetermined" });
    expect((low as { message: string }).message).toMatch(
      /not determined by 10 samples: n = 20 needs a ridge of at least/,
    );
    expect(high!.status).toBe("converged");
  });
});

/** Gauss–Jordan, for a test's own oracle. */
function inverse(A: readonly (readonly number[])[]): { realInverse: number[][] } {
  const n = A.length;
  const rows = A.map((row, i) => [...row, ...row.map((_, j) => (i === j ? 1 : 0))]);
  for (let k = 0; k < n; k++) {
    const pivot = rows[k]![k]!;
    rows[k] = rows[k]!.map((value) => value / pivot);
    for (let i = 0; i < n; i++) {
      if (i === k) continue;
      const factor = rows[i]![k]!;
      rows[i] = rows[i]!.map((value, j) => value - factor * rows[k]![j]!);
    }
  }
  return { realInverse: rows.map((row) => row.slice(n)) };
}

describe("NumPy files", () => {
  const file = (descr: string, fortran: string, shape: string, body: readonly number[]): Uint8Array => {
    const header = `{'descr': '${descr}', 'fortran_order': ${fortran}, 'shape': (${shape}), }`.padEnd(117) + "\n";
    const text = new TextEncoder();
    return Uint8Array.from([147, ...text.encode("NUMPY"), 1, 0, 118, 0, ...text.encode(header), ...body]);
  };

  test("rows or columns first, floats of either byte order, vectors", () => {
    expect([...parseNpy(file("|u1", "True", "2, 3", [1, 2, 3, 4, 5, 6])).data]).toEqual([1, 3, 5, 2, 4, 6]);
    expect([...parseNpy(file("<f4", "False", "1,", [0, 0, 192, 63])).data]).toEqual([1.5]);
    expect([...parseNpy(file(">f4", "False", "1, 1", [63, 192, 0, 0])).data]).toEqual([1.5]);
    expect([...parseNpy(file("<i2", "False", "2,", [255, 255, 2, 0])).data]).toEqual([-1, 2]);
  });

  test.each([
    [file("<c16", "False", "1,", [])],
    [file("<f8", "False", "2,", [1, 2, 3])],
    [file("<f8", "False", "1, 1, 1", [0, 0, 0, 0, 0, 0, 0, 0])],
    [new Uint8Array(3)],
  ])("what is no array of numbers is refused: case %#", (bytes) => {
    expect(() => parseNpy(bytes)).toThrow(ParameterError);
  });
});
