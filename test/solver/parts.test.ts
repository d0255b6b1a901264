import { describe, expect, test } from "vitest";
import { basisFunctions, identityBasis, linearBasis } from "../../src/bulk/linearBasis.ts";
import { packedIndex, packedPair, packedSize } from "../../src/bulk/packed.ts";
import { featureModel } from "../../src/model/featureModel.ts";
import { firstTable } from "../../src/problem/grid.ts";
import { featureRank } from "../../src/ridge/limits.ts";
import { ridgeSolver } from "../../src/ridge/solve.ts";
import { extrapolate, remember, type WarmStart } from "../../src/ridge/start.ts";
import { gradedAverages } from "../../src/spectrum/gradedAverages.ts";
import { kappaTables, realDamping } from "../../src/spectrum/kappaTables.ts";

test("one solver goes from width to width, and back", () => {
  const model = {
    model: "spikedRandomFeatures",
    student: "tanh",
    target: "sin",
    spikeStrength: 1,
    alignment: 0.8,
  } as const;
  const own = featureModel({ ...model, readoutValues: [1, -2] });
  const solver = ridgeSolver(own);
  for (const widthRatio of [1, 3, 1, 0.2]) {
    const point = { sampleRatio: 2, widthRatio, ridge: 0.1 };
    const [known, fresh] = [solver.solve(point), ridgeSolver(own).solve(point)];
    if (known.status !== "converged" || fresh.status !== "converged") throw new Error("not converged");
    expect(known.testError).toBeCloseTo(fresh.testError, 10);
  }
});

describe("packed order: pairs row by row, then the groups", () => {
  test.each([1, 2, 4])("%i groups", (K) => {
    const places = Array.from({ length: K }, (_, k) =>
      Array.from({ length: K - k }, (_, l) => packedPair(K, k, k + l)),
    );
    expect(places.flat()).toEqual(Array.from({ length: (K * (K + 1)) / 2 }, (_, i) => i));
    expect(packedSize(K)).toBe((K * (K + 1)) / 2 + K);
    const index = packedIndex(K);
    for (let i = 0; i < K * K; i++) {
      expect(index[i]).toBe(packedPair(K, i % K, Math.floor(i / K)));
    }
  });
});

describe("starts along a line of points", () => {
  const point = { samples: 1, delta: 1, susceptibility: 1, ridge: 1, widthRatio: 3 };
  const at = (change: object) => ({ sampleRatio: 2, widthRatio: 3, ridge: 0.5, ...change });
  const line = (ridge: number) => Float64Array.of(1 + 2 * Math.log(ridge), -Math.log(ridge));
  const second = (ridge: number): WarmStart =>
    remember({ z: line(0.5), point, at: at({}) }, at({ ridge }), line(ridge), point);

  test.each([0.6, 0.4])("what is linear in the logarithm of a parameter is continued exactly, λ = %d", (ridge) => {
    const z = new Float64Array(2);
    extrapolate(second(ridge), at({ ridge: 0.45 }), z);
    z.forEach((value, i) => expect(value).toBeCloseTo(line(0.45)[i]!, 13));
  });

  test("otherwise the last solution is the start", () => {
    const start = (previous: WarmStart, next: object) => {
      const z = new Float64Array(2);
      extrapolate(previous, at(next), z);
      return z;
    };
    // Too far from the last point, another parameter, two parameters, none.
    for (const next of [
      { ridge: 0.91 },
      { ridge: 0.6, sampleRatio: 2.1 },
      { ridge: 0.65, widthRatio: 3.1 },
      { ridge: 0.6 },
    ]) {
      expect([...start(second(0.6), next)]).toEqual([...line(0.6)]);
    }
    expect(start(second(0.6), { ridge: 0.89 })[1]).toBeCloseTo(-Math.log(0.89), 12);
    // The two points were too far apart, or differed in more than one parameter, or in one that is 0 or infinite.
    expect(second(0.76).slope).toBeUndefined();
    expect(second(0.74).slope?.parameter).toBe("ridge");
    expect(second(0.5).slope).toBeUndefined();
    const from = (previous: object, next: object) =>
      remember({ z: line(1), point, at: at(previous) }, at(next), line(2), point).slope;
    expect(from({}, { ridge: 0.6, sampleRatio: 2.1 })).toBeUndefined();
    expect(from({ ridge: 0 }, { ridge: 0.6 })).toBeUndefined();
    expect(from({ ridge: 0.6 }, { ridge: 0 })).toBeUndefined();
    expect(from({}, { sampleRatio: Infinity })).toBeUndefined();
    expect(from({ sampleRatio: Infinity }, {})).toBeUndefined();
    expect(from({}, { sampleRatio: 2.2 })?.parameter).toBe("sampleRatio");
    expect(from({}, { widthRatio: 2.9 })?.parameter).toBe("widthRatio");
    expect(remember(undefined, at({}), line(1), point).slope).toBeUndefined();
  });

  test("a start is a copy", () => {
    const z = line(2);
    const start = remember(undefined, at({}), z, point);
    z.fill(7);
    expect([...start.z]).toEqual([...line(2)]);
  });
});

describe("groups with dependent functions", () => {
  const weights = Float64Array.of(0.1, 0.2, 0.4, 0.2, 0.1);
  const functions = (mu1: readonly number[][]) => mu1.map((values) => Float64Array.from(values));
  const [a, b] = [
    [1, 2, 3, 2, 1],
    [-1, 0, 2, 0, 1],
  ];

  test.each<[string, number[][], number]>([
    ["one", [a], 1],
    ["independent", [a, b], 2],
    ["a multiple", [a, a.map((x) => -3 * x)], 1],
    ["a sum", [a, b, a.map((x, i) => x + 0.1 * b[i]!)], 2],
    ["one that vanishes", [a, a.map(() => 0)], 1],
    ["a small one", [a, b.map((x) => 1e-9 * x)], 2],
    ["rounding", [a, a.map((x, i) => x + 1e-15 * b[i]!)], 1],
  ])("%s: an orthonormal basis that gives them back", (_, mu1, rank) => {
    const columns = functions(mu1);
    const mixing = linearBasis(columns, weights);
    expect(mixing.rank).toBe(rank);
    const basis = basisFunctions(mixing, columns);
    basis.forEach((f, i) =>
      basis.forEach((g, j) => {
        const overlap = weights.reduce((sum, w, n) => sum + w * f[n]! * g[n]!, 0);
        expect(overlap).toBeCloseTo(i === j ? 1 : 0, mu1.flat().some((x) => x !== 0 && Math.abs(x) < 1e-5) ? 6 : 12);
      }),
    );
    columns.forEach((column, k) =>
      column.forEach((value, n) => {
        const back = basis.reduce((sum, f, i) => sum + mixing.expansion[k * rank + i]! * f[n]!, 0);
        expect(back).toBeCloseTo(value, 12);
      }),
    );
  });

  test("without any linear part the basis vanishes", () => {
    const mixing = linearBasis(functions([a.map(() => 0), a.map(() => 0)]), weights);
    expect(mixing.rank).toBe(1);
    expect([...mixing.combination]).toEqual([0, 0]);
  });

  test("identity: every group is its own", () => {
    expect(identityBasis(2)).toEqual({
      rank: 2,
      expansion: Float64Array.of(1, 0, 0, 1),
      combination: Float64Array.of(1, 0, 0, 1),
    });
  });
});

describe("rank of the features", () => {
  const model = { model: "spikedRandomFeatures", target: "sin", spikeStrength: 0.7, alignment: 1 } as const;
  const rank = (student: string, widthRatio: number, bulkVariance?: number[]) => {
    const groups = bulkVariance ? { bulkVariance, readoutValues: bulkVariance.map(() => 1) } : {};
    return featureRank(firstTable(featureModel({ ...model, student, ...groups }).problem), widthRatio);
  };

  test("β for nonlinear features, at most 1 for linear ones", () => {
    expect(rank("tanh", 2.5)).toEqual({ rank: 2.5, nullPower: 0, free: [false] });
    expect(rank("x", 0.4)).toEqual({ rank: 0.4, nullPower: 0, free: [false] });
    expect(rank("x", 1)).toEqual({ rank: 1, nullPower: 0, free: [false] });
    const { rank: linear, nullPower } = rank("2*x", 2.5, [1, 3]);
    expect(linear).toBeCloseTo(1, 14);
    // Σ π c E μ1²
    expect(nullPower).toBeCloseTo(8, 11);
  });
});

describe("tables over κ", () => {
  const { problem } = featureModel({
    ...{ student: "tanh", target: "sin", spikeStrength: 1.5, alignment: 1 },
    ...{
      model: "spikedRandomFeatures",
      readoutValues: [1, -0.5],
      readoutFractions: [0.25, 0.75],
      bulkVariance: [1, 2],
    },
  });

  test("are trapezoid rules whose step is halved", () => {
    const tables = kappaTables(problem);
    expect(tables.constant).toBe(false);
    for (const level of [0, 1, 2]) {
      const table = tables.table(level);
      expect(tables.table(level)).toBe(table);
      const { nodes } = table.functions;
      expect(nodes[1]! - nodes[0]!).toBeCloseTo(0.25 / 2 ** level, 13);
      expect(nodes[0]).toBeCloseTo(-8.5, 12);
      expect(nodes.at(-1)).toBeCloseTo(8.5, 12);
      expect(table.weights.reduce((sum, w) => sum + w, 0)).toBeCloseTo(1, 13);
    }
    const { groups, weights } = firstTable(problem);
    const exact = groups.reduce(
      (sum, { fraction, bulkVariance, mu1, mu2Squared }) =>
        sum + fraction * weights.reduce((s, w, i) => s + w * (bulkVariance * mu1[i]! ** 2 + mu2Squared[i]!), 0),
      0,
    );
    expect(tables.meanVariance).toBeCloseTo(exact, 9);
  });

  test("are one node where nothing depends on κ", () => {
    const tables = kappaTables(featureModel({ model: "randomFeatures", student: "tanh", target: "sin" }).problem);
    expect(tables.constant).toBe(true);
    expect([...tables.table(3).weights]).toEqual([1]);
    const { mu1, mu2Squared } = tables.table(0).functions.groups[0]!;
    // 1/(1 + V1 μ1² + g μ2²)
    const damping = realDamping(tables.table(0), Float64Array.of(2, 9, 3, 9));
    expect(damping[0]).toBeCloseTo(1 / (1 + 2 * mu1[0]! ** 2 + 3 * mu2Squared[0]!), 13);
  });
});

test("averages over κ see where Re(1 + V) changes its sign", () => {
  const model = {
    model: "spikedRandomFeatures",
    student: "tanh",
    target: "sin",
    spikeStrength: 2,
    alignment: 1,
  } as const;
  const { problem } = featureModel(model);
  const averages = gradedAverages(problem, identityBasis(1));
  const [variance] = [Math.max(...firstTable(problem).groups[0]!.mu2Squared)];
  const crosses = (g: number) => {
    expect(
      averages.at(Float64Array.of(0, 0, g / variance, 0.2), new Float64Array(4), new Float64Array(8)),
    ).toBeUndefined();
    return averages.crossing;
  };
  expect([1, -0.9, -1.1, -0.5, -3].map(crosses)).toEqual([false, false, true, false, true]);
});
