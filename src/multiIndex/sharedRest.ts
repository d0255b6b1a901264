import { AXIS_REACH } from "../numerics/axisRule.ts";
import { gaussianDensity } from "../numerics/gaussianRule.ts";
import type { RestVisitor, WeightedPoint } from "./restVisitor.ts";

/** A target and the geometry of its arguments, s = Γᵀκ + Lζ with L invertible. */
export interface SharedRestInput {
  /** g(Ly) */
  readonly value: (y: Float64Array) => number;
  /** L⁻¹Γᵀ, m×q. */
  readonly shift: readonly (readonly number[])[];
  /** Step of the trapezoid rule along every ζ_b. */
  readonly steps: readonly number[];
  /** Points above which no grid is made. */
  readonly mostPoints: number;
}

/** The rule over ζ on a grid of y = ζ + L⁻¹Γᵀκ that all κ share: the target is evaluated once where a node comes near. */
export interface SharedRest {
  /** Points at one κ, about. */
  readonly size: number;
  /** Rows of them. */
  readonly rows: number;
  visit(at: WeightedPoint, visitor: RestVisitor): void;
  /** E g, E g², E[ζ_b g] for every b, E[ζ_bζ_c g] for c ≤ b. */
  readonly averages: (at: WeightedPoint, out: Float64Array) => void;
}

/** |κ| and |ζ| beyond which no node has weight. */
const REACH = AXIS_REACH + 0.6;
/** Density of ζ below which a point does not count where κ has the weight HEAVY; at lighter κ it is more. */
const NEGLIGIBLE = 1e-20;
const HEAVY = 1e-3;
/** Averages along the last axis that a row has. */
const ROW = 4;

/**
 * E[f(ζ)] by the trapezoid rule on the nodes y_j − c, c = L⁻¹Γᵀκ: as accurate wherever c puts them, so that the target needs
 * no value of its own for every κ. Averages along the last axis are kept while c stays where it is there: where that axis depends
 * on few coordinates of κ, the outer ones of a tensor rule, they are made once for many κ.
 *
 * @returns undefined where the grid would have too many points
 */
export function sharedRest({ value, shift, steps, mostPoints }: SharedRestInput): SharedRest | undefined {
  const m = steps.length;
  const halves = steps.map((step, b) => Math.ceil((REACH * Math.hypot(...shift[b]!) + AXIS_REACH) / step));
  const lengths = halves.map((half) => 2 * half + 1);
  const total = lengths.reduce((product, n) => product * n, 1);
  if (total > mostPoints) return undefined;
  const strides = lengths.map((_, b) => lengths.slice(b + 1).reduce((product, n) => product * n, 1));
  const known = new Float64Array(total).fill(NaN);
  const y = new Float64Array(m);
  const zeta = new Float64Array(m);
  const axes = steps.map((step, b) => {
    const most = 2 * Math.ceil(AXIS_REACH / step) + 2;
    const [z, w] = [new Float64Array(most), new Float64Array(most)];
    return { step, half: halves[b]!, centre: 0, first: 0, count: 0, z, w };
  });
  const last = axes[m - 1]!;
  // Rows along the last axis whose averages belong to its present centre.
  const stamps = new Int32Array(total / lengths[m - 1]!);
  const sums = new Float64Array(ROW * stamps.length);
  let [current, rowCentre] = [0, NaN];

  /** The nodes of every axis around c; the least density that counts. */
  function place({ kappa, weight }: WeightedPoint): number {
    axes.forEach((axis, b) => {
      const centre = shift[b]!.reduce((sum, value, a) => sum + value * kappa[a]!, 0);
      const low = Math.max(-axis.half, Math.ceil((centre - AXIS_REACH) / axis.step));
      const high = Math.min(axis.half, Math.floor((centre + AXIS_REACH) / axis.step));
      axis.centre = centre;
      axis.first = low + axis.half;
      axis.count = high - low + 1;
      for (let i = 0; i < axis.count; i++) {
        axis.z[i] = (low + i) * axis.step - centre;
        axis.w[i] = axis.step * gaussianDensity(axis.z[i]!);
      }
    });
    return NEGLIGIBLE * Math.max(1, HEAVY / weight);
  }

  function fill(at: number): number {
    for (let b = 0, left = at; b < m; b++) {
      const index = Math.floor(left / strides[b]!);
      left -= index * strides[b]!;
      y[b] = (index - halves[b]!) * steps[b]!;
    }
    return (known[at] = value(y));
  }

  /** Calls with the place of each row along the last axis, and the product of the outer weights. */
  function rows(
    least: number,
    axis: number,
    at: number,
    weight: number,
    row: (at: number, weight: number) => void,
  ): void {
    if (axis === m - 1) {
      row(at + last.first, weight);
      return;
    }
    const { first, count, z, w } = axes[axis]!;
    for (let i = 0; i < count; i++) {
      const product = weight * w[i]!;
      if (product < least) continue;
      zeta[axis] = z[i]!;
      rows(least, axis + 1, at + (first + i) * strides[axis]!, product, row);
    }
  }

  /** Averages along the last axis of g, ζg, ζ²g and g² in the row that has a place. */
  function fillRow(row: number, at: number): void {
    const { z, w, count } = last;
    let [zeroth, first, second, square] = [0, 0, 0, 0];
    for (let i = 0; i < count; i++) {
      let g = known[at + i]!;
      if (g !== g) g = fill(at + i);
      const term = w[i]! * g;
      const once = term * z[i]!;
      zeroth += term;
      square += term * g;
      first += once;
      second += once * z[i]!;
    }
    sums[ROW * row] = zeroth;
    sums[ROW * row + 1] = first;
    sums[ROW * row + 2] = second;
    sums[ROW * row + 3] = square;
    stamps[row] = current;
  }

  const pointsOn = (list: readonly number[]) => list.reduce((product, step) => (product * 2 * AXIS_REACH) / step, 1);
  return {
    size: pointsOn(steps),
    rows: pointsOn(steps.slice(0, -1)),
    visit(point, visitor) {
      const least = place(point);
      rows(least, 0, 0, 1, (at, weight) => {
        for (let i = 0; i < last.count; i++) {
          const product = weight * last.w[i]!;
          if (product < least) continue;
          const found = known[at + i]!;
          zeta[m - 1] = last.z[i]!;
          visitor(found === found ? found : fill(at + i), product, zeta);
        }
      });
    },
    averages(point, out) {
      const least = place(point);
      if (last.centre !== rowCentre) {
        rowCentre = last.centre;
        current++;
      }
      out.fill(0);
      rows(least, 0, 0, 1, (at, weight) => {
        const row = Math.floor(at / lengths[m - 1]!);
        if (stamps[row] !== current) fillRow(row, at);
        gather(out, zeta, m, weight, sums, ROW * row);
      });
    },
  };
}

/** Adds what one row along the last axis gives to the averages. */
function gather(
  out: Float64Array,
  zeta: Float64Array,
  m: number,
  weight: number,
  sums: Float64Array,
  from: number,
): void {
  const [zeroth, first, second, square] = [sums[from]!, sums[from + 1]!, sums[from + 2]!, sums[from + 3]!];
  out[0]! += weight * zeroth;
  out[1]! += weight * square;
  let at = 2;
  for (let b = 0; b < m - 1; b++) out[at++]! += weight * zeta[b]! * zeroth;
  out[at++]! += weight * first;
  for (let b = 0; b < m - 1; b++) for (let c = 0; c <= b; c++) out[at++]! += weight * zeta[b]! * zeta[c]! * zeroth;
  for (let c = 0; c < m - 1; c++) out[at++]! += weight * zeta[c]! * first;
  out[at]! += weight * second;
}
