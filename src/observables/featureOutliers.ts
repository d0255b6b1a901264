import { EVD, Matrix } from "ml-matrix";
import type { ConditionalFeatureStatistics } from "../model/conditionalFeatureStatistics.ts";
import type { FeatureResolvent, ResolventPoint } from "../solver/featureResolvent.ts";
import type { BulkInterval } from "../solver/spectralEdges.ts";

/** Eigenvalues outside the bulk (theory §8). */
export interface FeatureOutliers {
  /** Of order one, ascending; repeated where several coincide. With `finiteDimension` those of order p are among them. */
  readonly outliers: number[];
  /** Of order p: limits of eigenvalue/p, descending. Empty with `finiteDimension`. */
  readonly outliersPerNeuron: number[];
  /** How many more diverge, more slowly than p: the power channels of an intermediate rate. */
  readonly divergingOutliers: number;
}

/** Directions of unpenalised channels with less than this share of the variance are collinear with the others. */
const COLLINEAR = 1e-10;

/**
 * Real x outside the bulk where the normal-equation matrix N(x) of theory §4 at λ = −x is singular. N decreases with x (−N is
 * the boundary value of a function with positive imaginary part), so the number of its negative eigenvalues goes up by one at
 * each outlier.
 */
export function featureOutliers(
  statistics: ConditionalFeatureStatistics,
  resolvent: FeatureResolvent,
  sampleRatio: number,
  widthRatio: number,
  intervals: readonly BulkInterval[],
): FeatureOutliers {
  const samples = sampleRatio === Infinity ? 1 : sampleRatio;
  const free = statistics.channels.map(({ strength }) => strength(widthRatio) === Infinity);
  const finite = free.filter((isFree) => !isFree).length + statistics.groups.length;
  let projection: Matrix | undefined;

  /** Eigenvalues of N, its rows scaled by the size of the terms on the diagonal, which leaves the signs. */
  function spectrumAt(x: number, start: ResolventPoint): { negative: number; smallest: number; point: ResolventPoint } {
    const point = resolvent.at([x, 0], start);
    const stiffness = resolvent.last.bulk.stiffness(samples);
    const table = resolvent.table();
    // Where V does not depend on κ the resolvent has one node; the channels still vary.
    const constant = table.weights.length === 1;
    const { channels, groups, weights } = constant ? statistics : table.statistics;
    const onTable = resolvent.damping(point);
    const damping = constant ? weights.map(() => onTable[0]!) : onTable;
    const functions = [...channels.map((channel) => channel.values), ...groups.map((group) => group.mu1)];
    const [C, T] = [channels.length, functions.length];
    projection ??= independent(functions, free, weights, C);
    const full = Matrix.zeros(T, T);
    const size = Matrix.zeros(T, T);
    for (let a = 0; a < T; a++) {
      for (let b = 0; b < T; b++) {
        const gram = a < C === b < C ? average(weights, damping, functions[a]!, functions[b]!) : 0;
        full.set(a, b, gram + stiffness[a * T + b]!);
        if (a === b) size.set(a, a, Math.abs(gram) + Math.abs(stiffness[a * T + a]!));
      }
    }
    const reduce = (matrix: Matrix) => projection!.transpose().mmul(matrix).mmul(projection!);
    const scale = reduce(size)
      .diagonal()
      .map((value) => 1 / Math.sqrt(value || 1));
    const scaled = reduce(full).apply(function (i, j) {
      this.set(i, j, this.get(i, j) * scale[i]! * scale[j]!);
    });
    const eigenvalues = new EVD(scaled, { assumeSymmetric: true }).realEigenvalues;
    const negative = eigenvalues.filter((value) => value < 0).length;
    return { negative, smallest: Math.min(...eigenvalues.map(Math.abs)), point };
  }

  type Sample = ReturnType<typeof spectrumAt> & { x: number };
  const sample = (x: number, start: ResolventPoint): Sample => ({ x, ...spectrumAt(x, start) });

  function between(low: Sample, high: Sample, found: number[]): void {
    if (high.negative <= low.negative) return;
    const middle = 0.5 * (low.x + high.x);
    if (!(high.x - low.x > 4e-15 * high.x) || middle === low.x || middle === high.x) {
      // At a pole of N an eigenvalue changes its sign through infinity; scaled, it never comes near zero.
      const root = Math.min(low.smallest, high.smallest) < 1e-4;
      for (let k = low.negative; root && k < high.negative; k++) found.push(middle);
      return;
    }
    const half = sample(middle, low.point);
    between(low, half, found);
    between(half, high, found);
  }

  function inGap(places: Iterable<number>, start: ResolventPoint, found: number[], enough: number): void {
    let last: Sample | undefined;
    for (const x of places) {
      const next = sample(x, last?.point ?? start);
      if (next.point.branch !== "gap") continue;
      if (last) between(last, next, found);
      last = next;
      if (next.negative >= enough) return;
    }
  }

  const outliers: number[] = [];
  intervals.forEach(({ left, inside }, i) => {
    const below = i === 0 ? 0 : intervals[i - 1]!.right;
    if (left > 0) inGap(gapPlaces(below, left), inside, outliers, Infinity);
  });
  const top = intervals.at(-1);
  if (top) inGap(placesAbove(top.highest), top.inside, outliers, finite);
  return { outliers: outliers.sort((a, b) => a - b), ...growing(statistics, samples, widthRatio, free) };
}

function average(weights: Float64Array, damping: Float64Array, f: Float64Array, g: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < weights.length; i++) sum += weights[i]! * damping[i]! * f[i]! * g[i]!;
  return sum;
}

/** Columns that span the coefficients without the null directions of collinear unpenalised channels. */
function independent(
  functions: readonly Float64Array[],
  free: readonly boolean[],
  weights: Float64Array,
  channels: number,
): Matrix {
  const ones = weights.map(() => 1);
  const chosen = free.flatMap((isFree, c) =>
    isFree && average(weights, ones, functions[c]!, functions[c]!) > 0 ? [c] : [],
  );
  const columns: number[][] = [];
  const unit = (c: number) => functions.map((_, i) => (i === c ? 1 : 0));
  functions.forEach((_, c) => {
    if (c >= channels || !free[c]) columns.push(unit(c));
  });
  if (chosen.length > 0) {
    const norms = chosen.map((c) => Math.sqrt(average(weights, ones, functions[c]!, functions[c]!)));
    const gram = Matrix.zeros(chosen.length, chosen.length);
    chosen.forEach((c, i) =>
      chosen.forEach((d, j) =>
        gram.set(i, j, average(weights, ones, functions[c]!, functions[d]!) / (norms[i]! * norms[j]!)),
      ),
    );
    const { realEigenvalues, eigenvectorMatrix } = new EVD(gram, { assumeSymmetric: true });
    realEigenvalues.forEach((value, k) => {
      if (value <= COLLINEAR) return;
      const column = functions.map(() => 0);
      chosen.forEach((c, i) => (column[c] = eigenvectorMatrix.get(i, k) / norms[i]!));
      columns.push(column);
    });
  }
  return new Matrix(columns).transpose();
}

/** From just above the top edge outward, without end. */
function* placesAbove(edge: number): Generator<number> {
  for (let decade = -8; decade < 16; decade += 0.25) yield edge * (1 + 10 ** decade);
}

/** Across a gap, dense towards both ends; towards zero in powers of ten. */
function* gapPlaces(low: number, high: number): Generator<number> {
  if (low === 0) for (let decade = -12; decade < -0.5; decade += 0.5) yield high * 10 ** decade;
  else for (let decade = -8; decade < -0.5; decade += 0.5) yield low + (high - low) * 10 ** decade;
  for (let decade = -0.5; decade >= -8; decade -= 0.5) yield high - (high - low) * 10 ** decade;
}

/**
 * Outliers that grow with the size: a mean channel with F = d has N(x) = E[XXᵀ] − x β/(αpπ_k) for x of order p, so that
 * x/p are the eigenvalues of (α/β) √π_k E[X_k X_l] √π_l.
 */
function growing(
  statistics: ConditionalFeatureStatistics,
  sampleRatio: number,
  widthRatio: number,
  free: readonly boolean[],
): Pick<FeatureOutliers, "outliersPerNeuron" | "divergingOutliers"> {
  const { channels, weights, groups } = statistics;
  const ones = weights.map(() => 1);
  const means = channels.filter(({ kind }, c) => free[c] && kind === "mean");
  const powers = channels.filter(({ kind }, c) => free[c] && kind === "power").length;
  if (means.length === 0) return { outliersPerNeuron: [], divergingOutliers: powers };
  const root = means.map(({ group }) => Math.sqrt((groups[group]!.fraction * sampleRatio) / widthRatio));
  const gram = Matrix.zeros(means.length, means.length);
  means.forEach((first, i) =>
    means.forEach((second, j) =>
      gram.set(i, j, root[i]! * root[j]! * average(weights, ones, first.values, second.values)),
    ),
  );
  const eigenvalues = new EVD(gram, { assumeSymmetric: true }).realEigenvalues;
  const largest = Math.max(...eigenvalues);
  const outliersPerNeuron = eigenvalues.filter((value) => value > COLLINEAR * largest).sort((a, b) => b - a);
  return { outliersPerNeuron, divergingOutliers: powers };
}
