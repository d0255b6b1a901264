import { EVD, Matrix } from "ml-matrix";
import { strengthAt } from "../problem/problem.ts";
import type { Table } from "../problem/table.ts";
import type { Band } from "../spectrum/bands.ts";
import type { ResolventPoint } from "../spectrum/featureResolvent.ts";
import type { SpectralSystem } from "../spectrum/spectralSystem.ts";
import { average, normalMatrix, scaled } from "./normalMatrix.ts";

/** Eigenvalues outside the bulk (theory §8). */
export interface FeatureOutliers {
  /** Of order one, ascending; repeated where several coincide. With `finiteDimension` those of order p are among them. */
  readonly outliers: number[];
  /** Of order p: limits of eigenvalue/p, descending. Empty with `finiteDimension`. */
  readonly outliersPerNeuron: number[];
  /** How many more diverge, more slowly than p: the power channels of an intermediate rate. */
  readonly divergingOutliers: number;
}

/** Share of the largest eigenvalue below which one of collinear channels is rounding. */
const COLLINEAR = 1e-10;

/**
 * Real x outside the bulk where the normal-equation matrix N(x) of theory §4 at λ = −x is singular. N decreases with x (−N is
 * the boundary value of a function with positive imaginary part), so the number of its negative eigenvalues goes up by one at
 * each outlier.
 */
export function featureOutliers(
  system: SpectralSystem,
  bands: readonly Pick<Band, "left" | "right" | "highest" | "inside">[],
): FeatureOutliers {
  const { table, sampleRatio, widthRatio } = system;
  const samples = sampleRatio === Infinity ? 1 : sampleRatio;
  const free = table.channels.map(({ strength }) => strengthAt(strength, widthRatio) === Infinity);
  const finite = free.filter((isFree) => !isFree).length;
  const normal = normalMatrix(system, samples);

  function spectrumAt(x: number, start: ResolventPoint): { negative: number; smallest: number; point: ResolventPoint } {
    const at = normal(x, start);
    const eigenvalues = scaled(at).realEigenvalues;
    const negative = eigenvalues.filter((value) => value < 0).length;
    return { negative, smallest: Math.min(...eigenvalues.map(Math.abs)), point: at.point };
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
  bands.forEach(({ left, inside }, i) => {
    const below = i === 0 ? 0 : bands[i - 1]!.right;
    if (left > 0) inGap(gapPlaces(below, left), inside.at(-1)!, outliers, Infinity);
  });
  const top = bands.at(-1);
  if (top) inGap(placesAbove(top.highest), top.inside[0]!, outliers, finite);
  return { outliers: outliers.sort((a, b) => a - b), ...growing(table, samples, widthRatio, free) };
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
  { channels, weights, groups }: Table,
  sampleRatio: number,
  widthRatio: number,
  free: readonly boolean[],
): Pick<FeatureOutliers, "outliersPerNeuron" | "divergingOutliers"> {
  const ones = weights.map(() => 1);
  const means = channels.filter(({ kind }, c) => free[c] && kind === "mean");
  const powers = channels.filter(({ kind }, c) => free[c] && kind === "power").length;
  if (means.length === 0) return { outliersPerNeuron: [], divergingOutliers: powers };
  const root = means.map(({ group }) => Math.sqrt((groups[group]!.fraction * sampleRatio) / widthRatio));
  const gram = Matrix.zeros(means.length, means.length);
  means.forEach((first, i) =>
    means.forEach((second, j) =>
      gram.set(i, j, root[i]! * root[j]! * average(weights, ones, first.parts[0]!, second.parts[0]!)),
    ),
  );
  const eigenvalues = new EVD(gram, { assumeSymmetric: true }).realEigenvalues;
  const largest = Math.max(...eigenvalues);
  const outliersPerNeuron = eigenvalues.filter((value) => value > COLLINEAR * largest).sort((a, b) => b - a);
  return { outliersPerNeuron, divergingOutliers: powers };
}
