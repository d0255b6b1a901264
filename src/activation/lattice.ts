import { equidistantRule } from "../numerics/adaptiveTrapezoid.ts";

/** Equidistant shifts first + k·step, k = 0 … count − 1; the step is not 0. */
export interface ShiftLine {
  readonly first: number;
  readonly step: number;
  readonly count: number;
}

/** A trapezoid rule in z, and f(shift_k + scale·z) on its nodes for every shift of a line. */
export interface Lattice {
  readonly nodes: Float64Array;
  readonly weights: Float64Array;
  samples(k: number): Float64Array;
}

type Rule = Pick<Lattice, "nodes" | "weights">;
/** Lines that are halved have their rules in common. */
const MOST_RULES = 8;
const latest: { readonly spacing: number; readonly half: number; readonly rule: Rule }[] = [];

function ruleOf(spacing: number, half: number): Rule {
  const known = latest.find((entry) => entry.spacing === spacing && entry.half === half);
  if (known) return known.rule;
  const rule = equidistantRule(spacing, half);
  latest.unshift({ spacing, half, rule });
  latest.length = Math.min(latest.length, MOST_RULES);
  return rule;
}

/** Samples saved, beside samples of every average by itself, for which a lattice is worth its while. */
const WORTH = 0.5;

/**
 * f on a lattice of places x that the averages over z of f(shift + scale·z) at all shifts of a line share: of the step of the shifts and
 * the step of the rule, one is a multiple of the other.
 *
 * @param longest step of the rule in z
 * @param reach of the rule in z
 * @returns undefined where shifts are so close that every average may as well sample f for itself
 */
export function latticeOf(
  f: (x: number) => number,
  { first, step, count }: ShiftLine,
  scale: number,
  longest: number,
  reach: number,
): Lattice | undefined {
  const shift = Math.abs(step) / scale;
  const perShift = Math.ceil(shift / longest);
  const perNode = perShift > 1 ? 1 : Math.max(1, Math.floor(longest / shift));
  const spacing = (shift * perNode) / perShift;
  const half = Math.ceil(reach / spacing);
  const length = 2 * half + 1;
  const total = (count - 1) * perShift + (length - 1) * perNode + 1;
  if (!(total < WORTH * count * length)) return undefined;
  const { nodes, weights } = ruleOf(spacing, half);
  // Shifts may descend; places ascend with z.
  const lowest = step > 0 ? first : first + (count - 1) * step;
  const start = lowest - half * spacing * scale;
  const fine = (spacing * scale) / perNode;
  const phases = Array.from({ length: perNode }, (_, phase) => {
    const values = new Float64Array(Math.ceil((total - phase) / perNode));
    for (let i = 0; i < values.length; i++) values[i] = f(start + fine * (phase + i * perNode));
    return values;
  });
  return {
    nodes,
    weights,
    samples(k) {
      const from = (step > 0 ? k : count - 1 - k) * perShift;
      const at = Math.floor(from / perNode);
      return phases[from % perNode]!.subarray(at, at + length);
    },
  };
}
