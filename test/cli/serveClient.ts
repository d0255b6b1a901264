import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { join } from "node:path";
import process from "node:process";
import type { Readable, Writable } from "node:stream";
import { linesOf } from "../../src/json/cases.ts";

/** A line of the server. */
export interface Answer {
  readonly id: unknown;
  readonly result?: Readonly<Record<string, unknown>>;
  readonly error?: { readonly name: string; readonly message: string; readonly [field: string]: unknown };
  readonly progress?: { readonly completed: number; readonly total: number };
}

/** One who writes lines and reads lines. */
export class LineClient {
  private readonly lines: AsyncGenerator<string, void>;

  constructor(
    input: Readable,
    private readonly output: Writable,
  ) {
    this.lines = linesOf(input.setEncoding("utf8") as AsyncIterable<string>);
  }

  write(text: string): void {
    this.output.write(text);
  }

  send(request: object): void {
    this.write(`${JSON.stringify(request)}\n`);
  }

  async read(): Promise<string> {
    const { value, done } = await this.lines.next();
    if (done === true || value === "") throw new Error("the server has ended");
    return value;
  }

  async receive(): Promise<Answer> {
    return JSON.parse(await this.read()) as Answer;
  }

  async call(request: object): Promise<Answer> {
    this.send(request);
    return this.receive();
  }
}

/** Starts the built command line. */
export function startCli(directory: string, argv: readonly string[]): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, [join(directory, "cli/main.js"), ...argv]);
}

/** The exit code of a process, or the signal that ended it. */
export function ended(child: ChildProcessWithoutNullStreams): Promise<number | string | null> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode ?? child.signalCode);
  return new Promise((resolve) => child.on("exit", (code, signal) => resolve(code ?? signal)));
}
