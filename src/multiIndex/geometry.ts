import { ParameterError } from "../errors.ts";
import type { AxisPlan } from "../numerics/tensorRule.ts";
import { symmetricEigen } from "../numerics/symmetricEigen.ts";
import type { BreakPlane } from "../target/breakPlanes.ts";

export type Rows = readonly (readonly number[])[];

/**
 * The special space and its two parts (multiIndex §1): κ = Vx along the spikes, ζ along the rest of the target's directions,
 * s = Γᵀκ + Lζ. Vectors are in special coordinates, in which the targets' directions are the rows of Θ.
 */
export interface SpecialGeometry {
  /** q */
  readonly q: number;
  /** m′ */
  readonly rest: number;
  /** P: the rows of V, an orthonormal basis of the row space of R, then those of ζ; (q + m′)×D. */
  readonly P: Rows;
  /** R Vᵀ, K×q. */
  readonly spikes: Rows;
  /** Γ = VΘᵀ, q×m. */
  readonly gamma: Rows;
  /** L, m×m′. */
  readonly L: Rows;
  /** How the axes of κ are discretised at first: with cuts where the target, averaged over ζ, has sharp kinks. */
  readonly plan: readonly AxisPlan[];
}

/** Singular values of R below this part of the largest are rounding; so are spikes shorter than this. */
const NO_DIRECTION = 1e-9;
/** ρ² below which a direction of the target lies in the spikes. */
const NO_REST = 1e-12;
const FIRST_STEP = 0.5;
const FIRST_PANEL = 2;

/**
 * @param R K×D
 * @param theta Θ, m×D with orthonormal rows
 */
export function specialGeometry(R: Rows, theta: Rows, planes: readonly BreakPlane[]): SpecialGeometry {
  const V = rotatedToKinks(rowSpace(R), theta, planes);
  const gamma = V.map((v) => theta.map((t) => dot(v, t)));
  const { L, Z } = restOfTarget(V, theta, gamma, planes);
  return {
    q: V.length,
    rest: Z.length,
    P: [...V, ...Z],
    spikes: R.map((r) => V.map((v) => dot(r, v))),
    gamma,
    L,
    plan: V.map((_, a) => axisPlan(a, gamma, planes)),
  };
}

/** Most directions of the spikes. */
const MOST_SPIKE_DIRECTIONS = 3;

/** @throws ParameterError for spikes in more directions than averages are taken in */
export function requireDirections(R: Rows): void {
  const { values } = symmetricEigen(R.map((a) => R.map((b) => dot(a, b))));
  const q = values.filter((value) => value > 1e-18 * values.at(-1)! && value > 1e-18).length;
  if (q <= MOST_SPIKE_DIRECTIONS) return;
  throw new ParameterError(
    "spikes",
    q,
    `spikes in at most ${MOST_SPIKE_DIRECTIONS} directions (as many as groups of different readout values span)`,
  );
}

/** Right singular vectors of R, that of the largest singular value first. */
function rowSpace(R: Rows): number[][] {
  const D = R[0]?.length ?? 0;
  const { values, vectors } = symmetricEigen(R.map((a) => R.map((b) => dot(a, b))));
  const largest = Math.sqrt(Math.max(0, values.at(-1) ?? 0));
  if (!(largest > NO_DIRECTION)) return [];
  const basis: number[][] = [];
  for (let i = values.length - 1; i >= 0; i--) {
    if (!(Math.sqrt(Math.max(0, values[i]!)) > NO_DIRECTION * largest)) continue;
    const row = Array.from({ length: D }, (_, c) => R.reduce((sum, r, k) => sum + vectors[i]![k]! * r[c]!, 0));
    const unit = orthonormal(row, basis);
    if (unit) basis.push(unit);
  }
  return basis;
}

/** Beyond this part of a kink's normal in the spikes' space, its trace in κ is sharp. */
const SHARP = 0.95;

/** V with its first axes along the kinks that are sharp as functions of κ. */
function rotatedToKinks(V: number[][], theta: Rows, planes: readonly BreakPlane[]): number[][] {
  const axes: number[][] = [];
  for (const { normal } of planes) {
    const along = combination(normal, theta);
    const inside = combination(
      V.map((v) => dot(v, along)),
      V,
    );
    if (!(Math.hypot(...inside) > SHARP)) continue;
    const axis = orthonormal(inside, axes);
    if (axis) axes.push(axis);
  }
  for (const v of V) {
    const axis = axes.length < V.length ? orthonormal(v, axes) : undefined;
    if (axis) axes.push(axis);
  }
  return axes;
}

/** Widths of a smoothed kink at which panels end around it. */
const AROUND = [-8, -6.4, -4.8, -3.2, -1.6, 0, 1.6, 3.2, 4.8, 6.4, 8];

function axisPlan(a: number, gamma: Rows, planes: readonly BreakPlane[]): AxisPlan {
  const cuts: number[] = [];
  for (const { normal, offset } of planes) {
    const along = gamma.map((row) => dot(row, normal));
    const inside = Math.hypot(...along);
    if (!(inside > SHARP && Math.abs(along[a]!) > (1 - NO_REST) * inside)) continue;
    const width = Math.sqrt(Math.max(0, 1 - inside * inside)) / inside;
    const centre = offset / along[a]!;
    cuts.push(...(width > NO_DIRECTION ? AROUND.map((x) => centre + x * width) : [centre]));
  }
  return cuts.length > 0 ? { cuts, step: FIRST_PANEL } : { step: FIRST_STEP };
}

/** ζ: directions of the target outside the spikes, the first of them along the normals of kinks, the others as κ moves them. */
function restOfTarget(V: Rows, theta: Rows, gamma: Rows, planes: readonly BreakPlane[]) {
  const m = theta.length;
  const outside = theta.map((_, i) =>
    theta.map((_, j) => (i === j ? 1 : 0) - gamma.reduce((sum, row) => sum + row[i]! * row[j]!, 0)),
  );
  const { values, vectors } = symmetricEigen(outside);
  const kept = values.map((_, b) => b).filter((b) => values[b]! > NO_REST);
  // In the basis of the eigenvectors first: L = E diag(ρ).
  const L0 = theta.map((_, i) => kept.map((b) => vectors[b]![i]! * Math.sqrt(values[b]!)));
  const rotation: number[][] = [];
  for (const { normal } of planes) {
    const along = kept.map((_, b) => normal.reduce((sum, n, i) => sum + n * L0[i]![b]!, 0));
    const axis = Math.hypot(...along) > NO_DIRECTION ? orthonormal(along, rotation) : undefined;
    if (axis) rotation.push(axis);
  }
  // Then those along which κ moves y of s = L0 y: the last depend on the first coordinates of κ alone (sharedRest.ts).
  const moves = gamma.map((row) =>
    kept.map((b) => row.reduce((sum, x, i) => sum + vectors[b]![i]! * x, 0) / Math.sqrt(values[b]!)),
  );
  const units = kept.map((_, b) => kept.map((_b, c) => (c === b ? 1 : 0)));
  for (const vector of [...moves.reverse(), ...units]) {
    const free = rotation.length < kept.length && Math.hypot(...vector) > NO_DIRECTION;
    const axis = free ? orthonormal(vector, rotation) : undefined;
    if (axis) rotation.push(axis);
  }
  const L = L0.map((row) => rotation.map((axis) => dot(axis, row)));
  // Z_b = Σ_i E_ib (θ_i − VᵀVθ_i)/ρ_b, rotated alike.
  const Z0 = kept.map((b) => {
    const weights = Array.from({ length: m }, (_, i) => vectors[b]![i]! / Math.sqrt(values[b]!));
    const target = combination(weights, theta);
    const along = V.map((v) => dot(v, target));
    return target.map((value, c) => value - V.reduce((sum, v, a) => sum + along[a]! * v[c]!, 0));
  });
  return { L, Z: rotation.map((axis) => combination(axis, Z0)) };
}

export function dot(a: readonly number[], b: readonly number[]): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** Σ_i weights_i rows_i */
export function combination(weights: readonly number[], rows: Rows): number[] {
  const width = rows[0]?.length ?? 0;
  return Array.from({ length: width }, (_, c) => rows.reduce((sum, row, i) => sum + weights[i]! * row[c]!, 0));
}

/** The unit vector along what is left of a vector beside orthonormal ones; undefined if nothing is. */
function orthonormal(vector: readonly number[], basis: Rows): number[] | undefined {
  const size = Math.hypot(...vector);
  let rest = vector.map((value) => value / size);
  for (let pass = 0; pass < 2; pass++) {
    for (const other of basis) {
      const overlap = dot(rest, other);
      rest = rest.map((value, i) => value - overlap * other[i]!);
    }
  }
  const left = Math.hypot(...rest);
  return left > NO_DIRECTION ? rest.map((value) => value / left) : undefined;
}
