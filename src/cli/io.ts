import { readFile } from "node:fs/promises";
import process from "node:process";

/** Where a command reads and writes; tests give their own. */
export interface Io {
  readStandardInput(): Promise<string>;
  /** Resolves when more may be written. */
  write(text: string): Promise<void>;
  /** One line for the user, not part of the result. */
  log(line: string): void;
  /** Whether progress may be drawn on standard error. */
  readonly interactive: boolean;
  /** Until released, Ctrl-C aborts the signal instead of ending the process. */
  holdInterrupt(): { readonly signal: AbortSignal; release(): void };
}

export function processIo(): Io {
  return {
    async readStandardInput() {
      const chunks: Buffer[] = [];
      for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
      return Buffer.concat(chunks).toString("utf8");
    },
    write: (text) =>
      new Promise((resolve, reject) => {
        process.stdout.write(text, (error) => {
          if (error) reject(error);
          else resolve();
        });
      }),
    log: (line) => void process.stderr.write(`${line}\n`),
    interactive: process.stderr.isTTY,
    holdInterrupt() {
      const controller = new AbortController();
      const abort = (): void => controller.abort();
      // Only the first: a second one ends the process.
      process.once("SIGINT", abort);
      return { signal: controller.signal, release: () => void process.off("SIGINT", abort) };
    },
  };
}

/** A file that could not be used, in one line. */
export class FileError extends Error {
  override readonly name = "FileError";
  constructor(
    /** The option that named the file. */
    readonly parameter: string,
    readonly path: string,
    reason: string,
  ) {
    super(`${parameter} = ${JSON.stringify(path)} cannot be used: ${reason}`);
  }
}

export async function readTextFile(parameter: string, path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    throw new FileError(parameter, path, reasonOf(error));
  }
}

/** The system's reason without its repetition of the path. */
export function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  const known: Record<string, string> = {
    ENOENT: "there is no such file or directory",
    EACCES: "permission denied",
    EISDIR: "it is a directory",
    ENOTDIR: "part of the path is not a directory",
    ENOSPC: "no space is left on the device",
    EROFS: "the file system is read-only",
  };
  return (code !== undefined && known[code]) || message;
}
