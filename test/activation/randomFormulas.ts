/** Random formulas of oscillations, steps and bumps, with what brute force needs to integrate them. */
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

export interface RandomFormula {
  readonly formula: string;
  readonly value: (x: number) => number;
  /** Places with the width on which the function varies there. */
  readonly marks: readonly (readonly [place: number, width: number])[];
  readonly shift: number;
  readonly scale: number;
}

type Term = Pick<RandomFormula, "formula" | "value" | "marks">;

export function randomFormula(seed: number): RandomFormula {
  const generator = xoroshiro128plus(seed + 1);
  const uniform = () => (generator.next() >>> 0) / 2 ** 32;
  const number = (x: number) => Number(x.toPrecision(6));
  const between = (low: number, high: number) => number(low + (high - low) * uniform());
  const logarithmic = (low: number, high: number) => number(low * (high / low) ** uniform());

  const terms: readonly (() => Term)[] = [
    () => {
      const [omega, phi] = [logarithmic(0.3, 200), between(-3, 3)];
      return { formula: `sin(${omega}*x+(${phi}))`, value: (x) => Math.sin(omega * x + phi), marks: [[0, 1 / omega]] };
    },
    () => {
      const [slope, place] = [logarithmic(1, 1e4), between(-2, 2)];
      const value = (x: number) => Math.tanh(slope * (x - place));
      return { formula: `tanh(${slope}*(x-(${place})))`, value, marks: [[place, 1 / slope]] };
    },
    () => {
      const [width, place, height] = [logarithmic(1e-4, 1), between(-2, 2), logarithmic(0.3, 30)];
      const value = (x: number) => height * Math.exp(-(((x - place) / width) ** 2) / 2);
      return { formula: `${height}*exp(-((x-(${place}))/${width})^2/2)`, value, marks: [[place, width]] };
    },
  ];
  const term = () => terms[Math.floor(3 * uniform())]!();
  let whole = term();
  const count = Math.floor(3 * uniform());
  for (let k = 0; k < count; k++) {
    const [left, right, product] = [whole, term(), uniform() < 0.5];
    whole = {
      formula: product ? `(${left.formula})*(${right.formula})` : `${left.formula}+${right.formula}`,
      value: product ? (x) => left.value(x) * right.value(x) : (x) => left.value(x) + right.value(x),
      marks: [...left.marks, ...right.marks],
    };
  }
  // Something of order one, so that what is looked for is not nothing.
  const { formula, value, marks } = whole;
  return {
    formula: `0.5*tanh(x)+${formula}`,
    value: (x) => 0.5 * Math.tanh(x) + value(x),
    marks: [[0, 1], ...marks],
    shift: uniform() < 0.5 ? 0 : between(-2, 2),
    scale: uniform() < 0.5 ? 1 : logarithmic(0.2, 3),
  };
}

/** E σ, E[zσ], E σ² by Clenshaw–Curtis rules on cells that are short beside every width, graded about every mark. */
function denseMoments(
  value: (x: number) => number,
  marks: RandomFormula["marks"],
  shift: number,
  scale: number,
): { readonly mean: number; readonly first: number; readonly square: number } {
  const oscillation = Math.min(...marks.filter(([place]) => place === 0).map(([, width]) => width), scale);
  /** Length on which the function is smooth at x. */
  const length = (x: number) =>
    Math.min(
      0.8 * oscillation,
      ...marks.filter(([place]) => place !== 0).map(([place, width]) => 0.8 * width + 0.15 * Math.abs(x - place)),
    );
  const reach = 9.3 * scale;
  const [mean, first, square] = [compensated(), compensated(), compensated()];
  for (let x = shift - reach; x < shift + reach;) {
    const end = x + Math.min(length(x), length(x + length(x)));
    for (let i = 0; i < NODES.length; i++) {
      const at = 0.5 * (x + end) + 0.5 * (end - x) * NODES[i]!;
      const z = (at - shift) / scale;
      const term = ((0.5 * (end - x) * WEIGHTS[i]!) / scale) * Math.exp((-z * z) / 2) * value(at);
      mean.add(term);
      first.add(term * z);
      square.add(term * value(at));
    }
    x = end;
  }
  const norm = 1 / Math.sqrt(2 * Math.PI);
  return { mean: norm * mean.sum(), first: norm * first.sum(), square: norm * square.sum() };
}

/** What brute force itself may be off by: the rounding of its nodes and sums. */
const BRUTE_FORCE = 1e-14;

/** Errors of the moments beyond their estimate, relative to √E σ² and E σ²; none is positive. */
export function momentErrors(
  { value, marks, shift, scale }: RandomFormula,
  found: { readonly mean: number; readonly first: number; readonly square: number; readonly error: number },
): readonly number[] {
  const dense = denseMoments(value, marks, shift, scale);
  const size = Math.sqrt(dense.square);
  return [
    (found.mean - dense.mean) / size,
    (found.first - dense.first) / size,
    (found.square - dense.square) / dense.square,
  ].map((error) => Math.abs(error) - found.error - BRUTE_FORCE);
}

/** Neumaier's sum: a hundred thousand terms, and the last digits kept. */
function compensated() {
  let [total, lost] = [0, 0];
  return {
    add(term: number) {
      const next = total + term;
      lost += Math.abs(total) >= Math.abs(term) ? total - next + term : term - next + total;
      total = next;
    },
    sum: () => total + lost,
  };
}

/** Clenshaw–Curtis of 25 points: another family than that under test. */
const N = 24;
const NODES = Array.from({ length: N + 1 }, (_, k) => Math.cos((Math.PI * k) / N));
const WEIGHTS = NODES.map((_, k) => {
  let sum = 1;
  for (let j = 1; j <= N / 2; j++) {
    sum -= ((j === N / 2 ? 1 : 2) / (4 * j * j - 1)) * Math.cos((2 * j * k * Math.PI) / N);
  }
  return ((k === 0 || k === N ? 1 : 2) * sum) / N;
});
