import { describe, expect, test } from "vitest";
import { linearBasis } from "../../src/bulk/linearBasis.ts";
import { packedPair } from "../../src/bulk/packed.ts";
import { relativeError, unknownSusceptibility } from "../../src/ridge/accuracy.ts";
import { coordinateJacobian, fromCoordinates, toCoordinates, traceUnits } from "../../src/ridge/coordinates.ts";
import { susceptibilityAt } from "../../src/ridge/equations.ts";
import { finiteSizeNotice, shiftBound } from "../../src/ridge/finiteSize.ts";
import { scaledPoint } from "../../src/ridge/limits.ts";
import { Readout } from "../../src/ridge/readout.ts";

/** Numbers without a pattern, the same ones every time. */
const numbers = (count: number, seed: number) =>
  Float64Array.from({ length: count }, (_, i) => Math.sin(12.9898 * (i + 1) + 78.233 * seed));

describe("logarithmic coordinates of traces", () => {
  // Three functions and two groups: pairs (1,1), (1,2), …, then g.
  const x = Float64Array.of(2, 0.3, -0.4, 1.5, 0.2, 0.7, 0.9, 3);
  const names = ["11", "12", "13", "22", "23", "33"];

  test("are what they say, and back", () => {
    const [z, back, units] = [0, 0, 0].map(() => new Float64Array(8)) as [Float64Array, Float64Array, Float64Array];
    toCoordinates(x, 3, z);
    traceUnits(x, 3, units);
    const diagonal = (k: number) => x[packedPair(3, k, k)]!;
    names.forEach((name, a) => {
      const [k, l] = [Number(name[0]) - 1, Number(name[1]) - 1];
      const unit = k === l ? diagonal(k) : Math.sqrt(diagonal(k) * diagonal(l));
      expect(z[a]).toBeCloseTo(k === l ? Math.log(unit) : x[a]! / unit, 14);
      expect(units[a]).toBeCloseTo(unit, 14);
    });
    expect([z[6], z[7], units[6], units[7]]).toEqual([Math.log(0.9), Math.log(3), 0.9, 3]);
    fromCoordinates(z, 3, back);
    back.forEach((value, i) => expect(value).toBeCloseTo(x[i]!, 14));
  });

  test("their Jacobian is that of differences", () => {
    const z = new Float64Array(8);
    toCoordinates(x, 3, z);
    const jacobian = coordinateJacobian(x, 3);
    for (let column = 0; column < 8; column++) {
      const [plus, minus] = [1e-5, -1e-5].map((h) => {
        const out = new Float64Array(8);
        fromCoordinates(z.map((value, i) => value + (i === column ? h : 0)), 3, out); // prettier-ignore
        return out;
      }) as [Float64Array, Float64Array];
      for (let row = 0; row < 8; row++) {
        expect(Math.abs(jacobian[row * 8 + column]! - (plus[row]! - minus[row]!) / 2e-5)).toBeLessThan(1e-9);
      }
    }
  });
});

test("the susceptibility at one κ is its sum over groups and functions", () => {
  const [a, b] = [Float64Array.of(1, 2, 0.5), Float64Array.of(-1, 0.4, 3)];
  const basis = linearBasis([a, b, a.map((value) => 2 * value)], Float64Array.of(0.3, 0.3, 0.4));
  expect(basis.rank).toBe(2);
  const traces = Float64Array.of(2, 0.3, 1.5, 0.7, 0.2, 0.1);
  const groups = [0, 1, 2].map((k) => ({ mu1: [1, -1, 2][k]!, mu2Squared: [0.5, 0.25, 2][k]! }));
  const along = [0, 1].map((i) => groups.reduce((sum, { mu1 }, k) => sum + basis.combination[i * 3 + k]! * mu1, 0));
  const expected = 2 * along[0]! ** 2 + 2 * 0.3 * along[0]! * along[1]! + 1.5 * along[1]! ** 2;
  expect(susceptibilityAt(groups, traces, basis)).toBeCloseTo(expected + 0.7 * 0.5 + 0.2 * 0.25 + 0.1 * 2, 13);
});

describe("the readout by its equations", () => {
  const N = 9;
  const weights = numbers(N, 1).map((value) => (value * value + 0.1) / N);
  const damp = numbers(N, 2).map((value) => 0.4 + 0.3 * value);
  const target = { parts: [numbers(N, 3), numbers(N, 4)], residual: numbers(N, 5).map((value) => value * value) };
  const independent = [
    [numbers(N, 6), undefined],
    [numbers(N, 7), numbers(N, 8)],
    [undefined, numbers(N, 9)],
  ];
  const dot = (f: Float64Array | undefined, g: Float64Array | undefined, w: Float64Array) =>
    f && g ? f.reduce((sum, value, i) => sum + w[i]! * value * g[i]!, 0) : 0;
  const damped = weights.map((w, i) => w * damp[i]!);
  const products = (f: readonly (Float64Array | undefined)[], g: readonly (Float64Array | undefined)[]) =>
    dot(f[0], g[0], damped) + dot(f[1], g[1], damped);

  /** Λ/α = 0.01 (vvᵀ + uuᵀ) */
  const stiffnessOf = (v: readonly number[], u: readonly number[]) =>
    Float64Array.from({ length: 9 }, (_, k) => {
      const [i, j] = [Math.floor(k / 3), k % 3];
      return 0.01 * (v[i]! * v[j]! + u[i]! * u[j]!);
    });

  function solved(regressors: readonly (readonly (Float64Array | undefined)[])[], stiffness: Float64Array) {
    const readout = new Readout({ weights, target } as never, regressors, [0, 0, 0]);
    const fit = readout.solve(damp, stiffness);
    const residuals = regressors.map((regressor, a) => {
      const row = regressors.reduce((sum, other, b) => sum + fit.t[b]! * (products(regressor, other) + stiffness[3 * a + b]!), 0); // prettier-ignore
      return Math.abs(row - products(regressor, target.parts));
    });
    return { readout, fit, worst: Math.max(...residuals) };
  }

  test("independent functions by the normal equations", () => {
    const stiffness = stiffnessOf([1, 2, -1], [0, 1, 3]);
    const { readout, fit, worst } = solved(independent, stiffness);
    expect(worst).toBeLessThan(1e-15);
    expect(fit.fit).toBeUndefined();
    fit.matrix.forEach((value, k) => {
      const [i, j] = [Math.floor(k / 3), k % 3];
      expect(value).toBeCloseTo(products(independent[i]!, independent[j]!) + stiffness[k]!, 15);
    });
    [0, 1, 2].forEach((position) => {
      const column = readout.column(fit, position)!;
      for (let i = 0; i < 3; i++) {
        const value = column.reduce((sum, entry, j) => sum + fit.matrix[3 * i + j]! * entry, 0);
        expect(value).toBeCloseTo(Number(i === position), 12);
      }
    });
    const power = dot(target.parts[0], target.parts[0], weights) + dot(target.parts[1], target.parts[1], weights);
    const noise = target.residual.reduce((sum, value, i) => sum + weights[i]! * value, 0);
    expect(readout.targetSquare).toBeCloseTo(power + noise, 14);
    independent.forEach(([X, Y], a) => {
      expect(readout.sizes[a]).toBeCloseTo(Math.sqrt(dot(X, X, weights) + dot(Y, Y, weights)), 14);
    });
    const out = new Float64Array(N);
    readout.bias(fit.t, out);
    out.forEach((value, i) => {
      const left = [0, 1].map((p) => target.parts[p]![i]! - independent.reduce((sum, f, a) => sum + fit.t[a]! * (f[p]?.[i] ?? 0), 0)); // prettier-ignore
      expect(value).toBeCloseTo(left[0]! ** 2 + left[1]! ** 2 + target.residual[i]!, 13);
    });
    const size = readout.sizes.reduce((sum, s, a) => sum + s * Math.abs(fit.t[a]!), 0);
    expect(readout.rounding(fit, 0.25) / ((size * 2 ** -49) / 0.5)).toBeCloseTo(1, 12);
    expect(readout.rounding({ ...fit, t: new Float64Array(3) }, 0.25)).toBe(0);
  });

  test("collinear ones, seen after two eliminations, by least squares", () => {
    const close = (f: Float64Array | undefined, g: Float64Array | undefined, seed: number) =>
      numbers(N, seed).map((value, i) => (f?.[i] ?? 0) + (g?.[i] ?? 0) + 1e-4 * value);
    const third = [0, 1].map((p) => close(independent[0]![p], independent[1]![p], 20 + p));
    // No cost of the direction (1, 1, −1).
    const { readout, fit, worst } = solved(
      [independent[0]!, independent[1]!, third],
      stiffnessOf([1, 1, 2], [1, -1, 0]),
    );
    expect(fit.fit).toBeDefined();
    expect(worst).toBeLessThan(1e-12);
    expect(readout.column(fit, 0)).toBeUndefined();
    // Two of them equal: one is left out, and what it could explain is in the estimate.
    const twin = solved([independent[0]!, independent[1]!, independent[1]!], stiffnessOf([1, 0, 0], [0, 0, 0]));
    expect(twin.fit.fit).toBeDefined();
    expect(twin.worst).toBeLessThan(1e-13);
  });
});

describe("what is not known of the susceptibility", () => {
  const weights = Float64Array.of(0.25, 0.5, 0.25);
  const group = (mu2: number) => ({
    mu2Squared: new Float64Array(3).fill(mu2),
    mu2SquaredError: Float64Array.of(0, 1e-3, 4),
  });
  const state = { traces: Float64Array.of(9, 9, 9, 2, 5), damping: Float64Array.of(0.5, 0.25, 0.5) };
  const at = { samples: 1, delta: 1, susceptibility: 0.5, ridge: 1, widthRatio: 1 };

  test("is g times the error of μ2² over 1 + V, and at most all of it", () => {
    const table = { groups: [group(1), group(0)], weights } as never;
    const unknown = unknownSusceptibility(table, state, at)!;
    expect(Array.from(unknown)).toEqual([0, 1 * 1e-3 * 0.25, 1]);
    const both = unknownSusceptibility({ groups: [group(1), group(1)], weights } as never, state, at)!;
    expect(both[1]).toBeCloseTo((1 + 2.5) * 1e-3 * 0.25, 16);
    expect(unknownSusceptibility({ groups: [group(0), group(0)], weights } as never, state, at)).toBeUndefined();
    expect(unknownSusceptibility(table, state, { ...at, susceptibility: 0 })).toBeUndefined();
  });

  test("and its part of an average is weighted by size", () => {
    const errors = Float64Array.of(0.1, 0.2, 0.4);
    expect(relativeError(weights, Float64Array.of(1, -2, 3), errors)).toBeCloseTo((0.025 + 0.2 + 0.3) / 2, 14);
    expect(relativeError(weights, new Float64Array(3), errors)).toBe(0);
  });
});

describe("finite dimensions", () => {
  test("the sentence has the numbers and the remedy", () => {
    const finiteSize = { dimension: 1e4, testError: 1.5 };
    expect(finiteSizeNotice({ testError: 1.2, finiteSize })).toEqual([
      "a mean channel is so weak that the limit d = ∞ (test error 1.2000) is far from finite networks: at finiteDimension = 10000 it is 1.5000 (25 %); give finiteDimension = d for networks of input dimension d",
    ]);
    expect(finiteSizeNotice({ testError: 1.2 })).toEqual([]);
  });

  test("the bound is its formula", () => {
    const [R, H] = [Float64Array.of(0.3, 0.1, 0.1, 0.2), Float64Array.of(0.5, -0.2, -0.2, 0.4)];
    const [t, sizes] = [Float64Array.of(2, -1), [0.5, 3]];
    const inverse = [Float64Array.of(1, -0.2), Float64Array.of(-0.2, 0.7)];
    const bound = {
      ...{ costs: Float64Array.of(0.01, 0), column: (position: number) => inverse[position], t, sizes, missed: 0.09 },
      ...{ traces: Float64Array.of(0.8, 1.6), response: R, hessian: H, means: [0.6, 0.9], scale: 1.7, steepest: 0.12 },
    };
    const moved = 0.01 * 2 * (1 * 0.5 + 0.2 * 3);
    // (I − RH)ᵀ u = E φ, L = Rᵀu.
    const RH = [0.3 * 0.5 - 0.1 * 0.2, -0.3 * 0.2 + 0.1 * 0.4, 0.1 * 0.5 - 0.2 * 0.2, -0.1 * 0.2 + 0.2 * 0.4] as const;
    const [a, b, c, d] = [1 - RH[0], -RH[2], -RH[1], 1 - RH[3]];
    const determinant = a * d - b * c;
    const u = [(d * 0.6 - b * 0.9) / determinant, (a * 0.9 - c * 0.6) / determinant] as const;
    const L = [Math.abs(0.3 * u[0] + 0.1 * u[1]), Math.abs(0.1 * u[0] + 0.2 * u[1])] as const;
    const A = 1 + 1.7 * Math.max(L[0] / 0.8, L[1] / 1.6) * 0.12;
    const expected = A * (2 * 0.3 * moved + moved * moved) + (1.7 * L[1] * 0.01 * 4) / 1.6;
    expect(shiftBound(bound)).toBeCloseTo(expected, 13);
    expect(shiftBound({ ...bound, column: () => undefined })).toBe(Infinity);
    expect(shiftBound({ ...bound, hessian: Float64Array.of(10, 0, 0, 0) })).toBe(Infinity);
  });
});

test("the scales of the traces", () => {
  const at = { sampleRatio: 2, widthRatio: 3, ridge: 0.5 };
  const rank = { rank: 2.5, nullPower: 0 };
  const plain = { samples: 2, delta: 1, susceptibility: 1, ridge: 0.5, widthRatio: 3 };
  expect(scaledPoint(at, rank)).toEqual(plain);
  expect(scaledPoint({ ...at, ridge: 0 }, rank)).toEqual({ ...plain, delta: 0, ridge: 1 });
  expect(scaledPoint({ ...at, ridge: 0 }, { ...rank, rank: 2 })).toEqual({ ...plain, ridge: 0 });
  expect(scaledPoint({ ...at, sampleRatio: Infinity }, rank)).toEqual({
    ...plain,
    samples: 1,
    susceptibility: 0,
    ridge: 0,
  });
  const { ridge } = scaledPoint({ ...at, sampleRatio: 4, ridge: 0 }, { rank: 1, nullPower: 6 });
  expect(ridge).toBeCloseTo((1e-30 * 4 * 6) / 3, 42);
});
