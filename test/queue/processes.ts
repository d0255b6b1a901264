import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import process from "node:process";

/** A process of the built command line. */
export class CliProcess {
  output = "";
  private readonly child: ChildProcess;
  readonly ended: Promise<number | null>;

  constructor(directory: string, args: readonly string[], environment: Readonly<Record<string, string>> = {}) {
    const main = join(directory, "cli/main.js");
    this.child = spawn(process.execPath, [main, ...args], { env: { ...process.env, ...environment } });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.on("data", (chunk: Buffer) => {
        this.output += chunk.toString();
      });
    }
    this.ended = new Promise((resolve) => this.child.once("exit", resolve));
  }

  get pid(): number {
    return this.child.pid!;
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Resolves when the output matches. */
  async prints(pattern: RegExp): Promise<void> {
    await until(() => pattern.test(this.output), `"${pattern.source}" in: ${this.output}`);
  }
}

/** Waits for a condition, checked often. */
export async function until(condition: () => boolean | Promise<boolean>, what = "a condition"): Promise<void> {
  const deadline = performance.now() + 45_000;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
