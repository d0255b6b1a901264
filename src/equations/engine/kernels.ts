import { raise } from "../graph/graph.ts";
import type { Operator } from "../graph/node.ts";

/** An operand: as many values as the result has, or one for all of them. */
export interface Operand {
  readonly values: () => Float64Array;
  readonly single: boolean;
}

type Binary = (a: Float64Array, b: Float64Array, out: Float64Array, n: number) => void;
interface Forms {
  readonly both: Binary;
  readonly first: Binary;
  readonly second: Binary;
}

/** The arithmetic operators as loops of their own, so that each is compiled for itself. `first`, `second`: that one is single. */
const ARITHMETIC: Readonly<Partial<Record<Operator, Forms>>> = {
  "+": {
    both: (a, b, out, n) => {
      for (let i = 0; i < n; i++) out[i] = a[i]! + b[i]!;
    },
    first: (a, b, out, n) => {
      const x = a[0]!;
      for (let i = 0; i < n; i++) out[i] = x + b[i]!;
    },
    second: (a, b, out, n) => {
      const y = b[0]!;
      for (let i = 0; i < n; i++) out[i] = a[i]! + y;
    },
  },
  "-": {
    both: (a, b, out, n) => {
      for (let i = 0; i < n; i++) out[i] = a[i]! - b[i]!;
    },
    first: (a, b, out, n) => {
      const x = a[0]!;
      for (let i = 0; i < n; i++) out[i] = x - b[i]!;
    },
    second: (a, b, out, n) => {
      const y = b[0]!;
      for (let i = 0; i < n; i++) out[i] = a[i]! - y;
    },
  },
  "*": {
    both: (a, b, out, n) => {
      for (let i = 0; i < n; i++) out[i] = a[i]! * b[i]!;
    },
    first: (a, b, out, n) => {
      const x = a[0]!;
      for (let i = 0; i < n; i++) out[i] = x * b[i]!;
    },
    second: (a, b, out, n) => {
      const y = b[0]!;
      for (let i = 0; i < n; i++) out[i] = a[i]! * y;
    },
  },
  "/": {
    both: (a, b, out, n) => {
      for (let i = 0; i < n; i++) out[i] = a[i]! / b[i]!;
    },
    first: (a, b, out, n) => {
      const x = a[0]!;
      for (let i = 0; i < n; i++) out[i] = x / b[i]!;
    },
    second: (a, b, out, n) => {
      const y = b[0]!;
      for (let i = 0; i < n; i++) out[i] = a[i]! / y;
    },
  },
};

/** An operator on two operands. */
export function binaryLoop(
  left: Operand,
  right: Operand,
  operator: Operator,
  operate: (a: number, b: number) => number,
): Binary {
  const forms = ARITHMETIC[operator];
  if (forms) return right.single ? forms.second : left.single ? forms.first : forms.both;
  const [p, q] = [left.single ? 0 : 1, right.single ? 0 : 1];
  return (a, b, out, n) => {
    for (let i = 0; i < n; i++) out[i] = operate(a[p * i]!, b[q * i]!);
  };
}

type Unary = (a: Float64Array, out: Float64Array, n: number) => void;

export const SQUARE: Unary = (a, out, n) => {
  for (let i = 0; i < n; i++) out[i] = a[i]! * a[i]!;
};

/** The powers that most formulas and their derivatives have, with the operations of `raise`. */
const POWERS: ReadonlyMap<number, Unary> = new Map<number, Unary>([
  [2, SQUARE],
  [
    3,
    (a, out, n) => {
      for (let i = 0; i < n; i++) out[i] = a[i]! * (a[i]! * a[i]!);
    },
  ],
  [
    -1,
    (a, out, n) => {
      for (let i = 0; i < n; i++) out[i] = 1 / a[i]!;
    },
  ],
  [
    -2,
    (a, out, n) => {
      for (let i = 0; i < n; i++) out[i] = 1 / (a[i]! * a[i]!);
    },
  ],
  [
    -3,
    (a, out, n) => {
      for (let i = 0; i < n; i++) out[i] = 1 / (a[i]! * (a[i]! * a[i]!));
    },
  ],
]);

/** aᵏ for a number k. */
export function powerLoop(k: number): Unary {
  return (
    POWERS.get(k) ??
    ((a, out, n) => {
      for (let i = 0; i < n; i++) out[i] = raise(a[i]!, k);
    })
  );
}

/** The functions that most formulas call, as loops of their own. */
const FUNCTIONS: ReadonlyMap<(x: number) => number, Unary> = new Map<(x: number) => number, Unary>([
  [
    Math.tanh,
    (a, out, n) => {
      for (let i = 0; i < n; i++) out[i] = Math.tanh(a[i]!);
    },
  ],
  [
    Math.cosh,
    (a, out, n) => {
      for (let i = 0; i < n; i++) out[i] = Math.cosh(a[i]!);
    },
  ],
  [
    Math.sinh,
    (a, out, n) => {
      for (let i = 0; i < n; i++) out[i] = Math.sinh(a[i]!);
    },
  ],
  [
    Math.exp,
    (a, out, n) => {
      for (let i = 0; i < n; i++) out[i] = Math.exp(a[i]!);
    },
  ],
  [
    Math.log,
    (a, out, n) => {
      for (let i = 0; i < n; i++) out[i] = Math.log(a[i]!);
    },
  ],
  [
    Math.sqrt,
    (a, out, n) => {
      for (let i = 0; i < n; i++) out[i] = Math.sqrt(a[i]!);
    },
  ],
]);

export function functionLoop(f: (x: number) => number): Unary {
  return (
    FUNCTIONS.get(f) ??
    ((a, out, n) => {
      for (let i = 0; i < n; i++) out[i] = f(a[i]!);
    })
  );
}
