import { compile } from "../activation/formula/compile.ts";
import {
  add,
  call,
  constant,
  multiply,
  negate,
  power,
  type Operator,
  type Tree,
} from "../activation/formula/syntaxTree.ts";
import type { BinaryKernelName, Kernels, UnaryKernelName } from "./workspace.ts";

/** Applies a scalar function to every entry of an array in the workspace, in place. */
export type ElementwiseMap = (values: Float64Array) => void;

/** Entries treated at a time: a few registers of this length stay in the first-level cache. */
const chunk = 256;
const registerCount = 40;

/** The most registers that one power takes. */
const powerRegisters = 14;

/** Doubles of workspace for the intermediate results of programs; all programs can share them. */
export const registersLength = chunk * registerCount;

/** One kernel call on a chunk that starts at the address `input`. */
type Step = (input: number, length: number) => void;

/** Where an operand is: a register, or the chunk itself. */
type Place = number | "input";

const unaryKernels: Readonly<Record<string, UnaryKernelName>> = {
  tanh: "tanh",
  erf: "erf",
  relu: "relu",
  gelu: "gelu",
  sigmoid: "sigmoid",
  softplus: "softplus",
  sin: "sin",
  cos: "cos",
  sign: "sign",
  abs: "absolute",
  exp: "exp",
  log: "log",
  sqrt: "squareRoot",
};

const binaryKernels: Readonly<Record<Exclude<Operator, "^">, BinaryKernelName>> = {
  "+": "sum",
  "-": "difference",
  "*": "product",
  "/": "quotient",
  max: "larger",
  min: "smaller",
};

/** Functions and derivatives in terms of those that have a kernel. */
const rewritten: Readonly<Record<string, (u: Tree) => Tree>> = {
  identity: (u) => u,
  heaviside: (u) => add(constant(0.5), multiply(constant(0.5), call("sign", u))),
  leakyRelu: (u) => add(multiply(constant(0.01), u), multiply(constant(0.99), call("relu", u))),
  "identity'": () => constant(1),
  "tanh'": (u) => add(constant(1), negate(power(call("tanh", u), constant(2)))),
  "erf'": (u) => multiply(constant(2 / Math.sqrt(Math.PI)), call("exp", negate(power(u, constant(2))))),
  "relu'": (u) => call("heaviside", u),
  "leakyRelu'": (u) => add(constant(0.01), multiply(constant(0.99), call("heaviside", u))),
  "softplus'": (u) => call("sigmoid", u),
  "sigmoid'": (u) => multiply(call("sigmoid", u), call("sigmoid", negate(u))),
  "sin'": (u) => call("cos", u),
  "cos'": (u) => negate(call("sin", u)),
  "abs'": (u) => call("sign", u),
  "exp'": (u) => call("exp", u),
};

/**
 * The tree as a sequence of kernel calls on chunks of an array. What has no kernel (a conditional, a rare function, a fractional
 * power) is computed entry by entry within the sequence.
 *
 * @param registers Scratch of {@link registersLength} doubles in the same workspace.
 */
export function arrayProgram(tree: Tree, kernels: Kernels, registers: Float64Array): ElementwiseMap {
  const writer = new ProgramWriter(kernels, registers);
  writer.write(tree, "input", 0);
  const { steps } = writer;
  const stride = writer.usesRegisters ? chunk : Infinity;
  return ({ byteOffset, length }) => {
    for (let first = 0; first < length; first += stride) {
      const count = Math.min(stride, length - first);
      for (const step of steps) step(byteOffset + 8 * first, count);
    }
  };
}

class ProgramWriter {
  readonly steps: Step[] = [];
  usesRegisters = false;

  constructor(
    private readonly kernels: Kernels,
    private readonly registers: Float64Array,
  ) {}

  /**
   * Appends the steps that leave the tree's value at `to`; registers from `free` on may be overwritten. Only the last step may write
   * to the input, which the steps before it still read.
   */
  write(tree: Tree, to: Place, free: number): void {
    if (free + powerRegisters > registerCount) {
      this.writeEntries(tree, to);
      return;
    }
    switch (tree.kind) {
      case "variable":
        if (to !== "input") this.affine("input", to, 1, 0);
        return;
      case "constant":
        this.fill(to, tree.value);
        return;
      case "call":
        this.writeCall(tree, to, free);
        return;
      case "operation":
        this.writeOperation(tree, to, free);
        return;
      case "conditional":
        this.writeEntries(tree, to);
    }
  }

  /** Where the tree's value is, computed into register `free` unless it is the input itself. */
  private operand(tree: Tree, free: number): Place {
    if (tree.kind === "variable") return "input";
    this.write(tree, free, free + 1);
    return free;
  }

  private writeCall(tree: Extract<Tree, { kind: "call" }>, to: Place, free: number): void {
    const { name } = tree.of;
    const rewrite = rewritten[name];
    if (rewrite) {
      this.write(rewrite(tree.argument), to, free);
      return;
    }
    const kernelName = unaryKernels[name];
    if (kernelName === undefined) {
      this.writeEntries(tree, to);
      return;
    }
    const from = this.address(this.operand(tree.argument, free));
    const target = this.address(to);
    const kernel = this.kernels[kernelName];
    this.steps.push((input, length) => kernel(from(input), target(input), length));
  }

  private writeOperation(tree: Extract<Tree, { kind: "operation" }>, to: Place, free: number): void {
    const { operator, left, right } = tree;
    if (operator === "^") {
      this.writePower(tree, to, free);
    } else if (operator === "+" && left.kind === "constant") {
      this.affine(this.operand(right, free), to, 1, left.value);
    } else if (operator === "+" && right.kind === "constant") {
      this.affine(this.operand(left, free), to, 1, right.value);
    } else if (operator === "-" && right.kind === "constant") {
      this.affine(this.operand(left, free), to, 1, -right.value);
    } else if (operator === "-" && left.kind === "constant") {
      this.affine(this.operand(right, free), to, -1, left.value);
    } else if (operator === "*" && left.kind === "constant") {
      this.affine(this.operand(right, free), to, left.value, 0);
    } else {
      const x = this.operand(left, free);
      const y = this.operand(right, x === free ? free + 1 : free);
      this.binary(binaryKernels[operator], x, y, to);
    }
  }

  /** Integer powers by repeated squaring. */
  private writePower(tree: Extract<Tree, { kind: "operation" }>, to: Place, free: number): void {
    const exponent = tree.right.kind === "constant" ? tree.right.value : NaN;
    if (!(Number.isInteger(exponent) && exponent >= 2 && exponent <= 64)) {
      this.writeEntries(tree, to);
      return;
    }
    const base = this.operand(tree.left, free);
    let square: Place = base;
    let result: Place | undefined;
    let next = base === free ? free + 1 : free;
    for (let rest = exponent; rest > 0; rest >>= 1) {
      if (rest & 1) {
        if (result === undefined) {
          result = square;
        } else {
          const target = rest === 1 ? to : next++;
          this.binary("product", result, square, target);
          result = target;
        }
      }
      if (rest > 1) {
        const target: Place = rest === 2 && result === undefined ? to : next++;
        this.binary("product", square, square, target);
        square = target;
      }
    }
  }

  private writeEntries(tree: Tree, to: Place): void {
    const f = compile(tree);
    const target = this.address(to);
    const { registers } = this;
    this.steps.push((input, length) => {
      const from = new Float64Array(registers.buffer, input, length);
      const result = new Float64Array(registers.buffer, target(input), length);
      for (let i = 0; i < length; i++) result[i] = f(from[i]!);
    });
  }

  private affine(from: Place, to: Place, slope: number, intercept: number): void {
    const source = this.address(from);
    const target = this.address(to);
    const { affine } = this.kernels;
    this.steps.push((input, length) => affine(source(input), target(input), length, slope, intercept));
  }

  private fill(to: Place, value: number): void {
    const target = this.address(to);
    const { fill } = this.kernels;
    this.steps.push((input, length) => fill(target(input), length, value));
  }

  private binary(name: BinaryKernelName, x: Place, y: Place, to: Place): void {
    const [first, second, target] = [this.address(x), this.address(y), this.address(to)];
    const kernel = this.kernels[name];
    this.steps.push((input, length) => kernel(first(input), second(input), target(input), length));
  }

  private address(place: Place): (input: number) => number {
    if (place === "input") return (input) => input;
    this.usesRegisters = true;
    const fixed = this.registers.byteOffset + 8 * chunk * place;
    return () => fixed;
  }
}
