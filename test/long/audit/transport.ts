import { type Extended, extended, ONE, ZERO } from "./extended.ts";
import { quotient } from "./matrices.ts";

/** A small data set, with a number of samples and a ridge to predict for. */
export interface SmallData {
  readonly features: readonly (readonly number[])[];
  readonly labels: readonly number[];
  readonly samples: number;
  readonly ridge: number;
}

/** Samples of unequal size, on both sides of N = p, n below, at and beyond N. */
export function randomData(random: () => number): SmallData {
  const between = (low: number, high: number) => low + (high - low) * random();
  const N = Math.round(between(5, 14));
  const p = Math.round(between(1, 24));
  const features = Array.from({ length: N }, () => {
    const size = Math.exp(between(-1, 1));
    return Array.from({ length: p }, () => size * between(-2, 2));
  });
  return {
    features,
    labels: features.map((row) => row[0]! + between(-1, 1)),
    samples: random() < 0.2 ? N : between(1, 1.5 * N),
    ridge: Math.exp(between(Math.log(1e-4), Math.log(1e3))),
  };
}

/** Learning curves by the resolvent of the Gram matrix, without eigenvectors; samples left out one after the other. */
export function literalTransport({ features, labels, samples: n, ridge }: SmallData) {
  const N = labels.length;
  const rows = features.map((row) => row.map(extended));
  const y = labels.map((value) => [extended(value)]);
  const gram = rows.map((a) => rows.map((b) => a.reduce((sum, value, i) => sum.plus(value.times(b[i]!)), ZERO)));
  const shifted = (K: readonly Extended[][], L: Extended) =>
    K.map((row, i) => row.map((value, j) => (i === j ? value.plus(L) : value)));
  const identity = gram.map((_, i) => gram.map((_, j) => (i === j ? ONE : ZERO)));
  const shrink = (L: number) =>
    quotient(shifted(gram, extended(L)), identity).map((row) => row.map((value) => value.times(extended(L))));
  const trace = (r: readonly Extended[][]) => r.reduce((sum, row, i) => sum.plus(row[i]!), ZERO);
  // L − t(L)(N − n) = λ with t = L/Σr.
  const excess = (x: number) => {
    const L = Math.exp(x);
    return extended(L)
      .minus(extended(ridge))
      .minus(
        extended(L)
          .over(trace(shrink(L)))
          .times(extended(N - n)),
      ).hi;
  };
  let [low, high] = [Math.log(1e-12), Math.log(1e9)];
  if (excess(low) > 0) return undefined;
  for (let step = 0; step < 64; step++) {
    const middle = (low + high) / 2;
    if (excess(middle) > 0) high = middle;
    else low = middle;
  }
  const L = Math.exp((low + high) / 2);
  const r = shrink(L);
  const first = trace(r);
  const second = r.flat().reduce((sum, value) => sum.plus(value.squared()), ZERO);
  const left = r.map((row) => row.reduce((sum, value, j) => sum.plus(value.times(y[j]![0]!)), ZERO));
  const B = left.reduce((sum, value) => sum.plus(value.squared()), ZERO).over(second);
  const df2 = extended(N).minus(first.squared().over(second));
  const count = extended(n);
  const gcv = B.over(ONE.minus(df2.over(count)));
  const squares = labels.map((label, i) => {
    const without = <T>(list: readonly T[]) => list.filter((_, j) => j !== i);
    const weights = quotient(
      shifted(
        without(gram).map((row) => without(row)),
        extended(L),
      ),
      without(y),
    );
    const output = without(gram[i]!).reduce((sum, value, j) => sum.plus(value.times(weights[j]![0]!)), ZERO);
    return extended(label).minus(output).squared();
  });
  const leftOut = squares.reduce((sum, value) => sum.plus(value), ZERO).over(extended(N));
  const factor = count.times(extended(N).minus(df2)).over(extended(N).times(count.minus(df2)));
  return {
    "ridge of all samples": L,
    "degrees of freedom": N - first.hi,
    "generalised cross validation": gcv.hi,
    "leave one out": leftOut.times(factor).hi,
  };
}
