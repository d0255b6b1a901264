import { kernels as kernelBytes } from "./wasm/generated/kernels.ts";

type Address = number;
type UnaryKernel = (from: Address, to: Address, length: number) => void;
type BinaryKernel = (x: Address, y: Address, to: Address, length: number) => void;

/** Element-wise functions of one argument. */
export type UnaryKernelName =
  | "negate"
  | "absolute"
  | "squareRoot"
  | "exp"
  | "log"
  | "tanh"
  | "erf"
  | "sigmoid"
  | "softplus"
  | "gelu"
  | "sin"
  | "cos"
  | "sign"
  | "relu";

/** Element-wise functions of two arguments. */
export type BinaryKernelName = "sum" | "difference" | "product" | "quotient" | "larger" | "smaller";

/** Exports of the WASM module (src/simulation/wasm/assembly); addresses are bytes in the workspace's memory. */
export type Kernels = Readonly<Record<UnaryKernelName, UnaryKernel>> &
  Readonly<Record<BinaryKernelName, BinaryKernel>> & {
    readonly fill: (to: Address, length: number, value: number) => void;
    readonly affine: (from: Address, to: Address, length: number, slope: number, intercept: number) => void;
    readonly heapBase: () => Address;
    readonly gemm: (
      m: number,
      n: number,
      k: number,
      alpha: number,
      a: Address,
      aRowStride: number,
      aColumnStride: number,
      b: Address,
      bRowStride: number,
      bColumnStride: number,
      beta: number,
      c: Address,
      cStride: number,
      part: number,
    ) => void;
    readonly cholesky: (a: Address, stride: number, n: number) => number;
    readonly solveCholesky: (l: Address, stride: number, n: number, b: Address) => void;
    readonly symmetricEigen: (
      a: Address,
      stride: number,
      n: number,
      values: Address,
      work: Address,
      vectors: boolean,
    ) => number;
    readonly seedState: (state: Address, low: number, high: number) => void;
    readonly nextNormal: (state: Address) => number;
    readonly jump: (state: Address) => void;
    readonly longJump: (state: Address) => void;
    readonly fillNormals: (state: Address, to: Address, length: number, scale: number) => void;
  };

const pageBytes = 65536;
const maximalPages = 65536;
/** Pages for the kernels' own data. */
const reservedPages = 64;

/** Bytes that the arrays of a workspace may take. */
export const largestWorkspace = (maximalPages - reservedPages) * pageBytes;
const alignment = 64;

let compiled: Promise<WebAssembly.Module> | undefined;

const moduleBytes = (): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(kernelBytes), (character) => character.charCodeAt(0));

function compile(): Promise<WebAssembly.Module> {
  compiled ??= WebAssembly.compile(moduleBytes());
  return compiled;
}

/** Bytes that `length` doubles take in a workspace. */
export function allocatedBytes(length: number): number {
  return Math.ceil((length * 8) / alignment) * alignment;
}

let compiledNow: WebAssembly.Module | undefined;

function reserve(pages: number, size: string): WebAssembly.Memory {
  try {
    return new WebAssembly.Memory({ initial: pages, maximum: pages });
  } catch (error) {
    throw new RangeError(`${size}, which the system does not grant`, { cause: error });
  }
}

function memoryOf(bytes: number): WebAssembly.Memory {
  const pages = Math.ceil(bytes / pageBytes) + reservedPages;
  return reserve(pages, `the arrays need ${(bytes / 2 ** 30).toFixed(2)} GiB`);
}

function abort(): never {
  throw new Error("WASM kernel aborted");
}

/**
 * One linear memory with the WASM kernels instantiated over it. Every array of a trial lives here, so that the kernels and,
 * by address, a system BLAS work on the same numbers without a copy. The memory never grows: views stay valid.
 */
export class Workspace {
  private next: number;

  private constructor(
    private readonly memory: WebAssembly.Memory,
    readonly kernels: Kernels,
  ) {
    this.next = Math.ceil(kernels.heapBase() / alignment) * alignment;
  }

  /**
   * @param bytes at most `largestWorkspace`
   * @throws RangeError if the bytes exceed what the system grants.
   */
  static async create(bytes: number): Promise<Workspace> {
    const memory = memoryOf(bytes);
    const instance = await WebAssembly.instantiate(await compile(), { env: { memory, abort } });
    return new Workspace(memory, instance.exports as unknown as Kernels);
  }

  /**
   * The same without waiting, for Node and Web Workers; the main thread of a browser may not compile like this.
   *
   * @throws RangeError if the bytes exceed what the system grants.
   */
  static createSync(bytes: number): Workspace {
    const memory = memoryOf(bytes);
    compiledNow ??= new WebAssembly.Module(moduleBytes());
    const instance = new WebAssembly.Instance(compiledNow, { env: { memory, abort } });
    return new Workspace(memory, instance.exports as unknown as Kernels);
  }

  /** Doubles, aligned to a cache line, zero unless their place was used before. */
  allocate(length: number): Float64Array {
    const start = this.next;
    const end = start + allocatedBytes(length);
    if (end > this.memory.buffer.byteLength) throw new RangeError("workspace is full: its plan is too small");
    this.next = end;
    return new Float64Array(this.memory.buffer, start, length);
  }

  /** Releases everything allocated so far. */
  clear(): void {
    this.next = Math.ceil(this.kernels.heapBase() / alignment) * alignment;
  }
}
