import { readFile } from "node:fs/promises";
import process from "node:process";
import { ParameterError } from "../errors.ts";
import { parseJson } from "../json/cases.ts";

/** How far a command is. */
export interface Progress {
  /** `total` may grow. */
  update(completed: number, total?: number): void;
  stop(): void;
}

/** Where a command reads and writes; tests give their own. */
export interface Io {
  /** The text of standard input, in pieces as they come. */
  standardInput(): AsyncIterable<string>;
  /** Resolves when more may be written. */
  write(text: string): Promise<void>;
  /** One line for the user, not part of the result. */
  log(line: string): void;
  /** Whether progress may be drawn on standard error. */
  readonly interactive: boolean;
  /** Where progress goes instead. */
  readonly progress?: (what: string, total: number) => Progress;
  /** Until released, Ctrl-C or a scheduler's SIGTERM aborts the signal instead of ending the process. */
  holdInterrupt(): { readonly signal: AbortSignal; release(): void };
}

const SIGNALS = ["SIGINT", "SIGTERM"] as const;

export function processIo(): Io {
  return {
    // A character whose bytes come in two pieces is put together again.
    standardInput: () => process.stdin.setEncoding("utf8") as AsyncIterable<string>,
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
      const release = (): void => {
        for (const signal of SIGNALS) process.off(signal, abort);
      };
      const abort = (): void => {
        // A second signal of either kind ends the process.
        release();
        controller.abort();
      };
      for (const signal of SIGNALS) process.on(signal, abort);
      return { signal: controller.signal, release };
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

/**
 * Fields of a JSON file.
 *
 * @throws FileError if it cannot be read, JsonInputError if it is no JSON, ParameterError if it is no object
 */
export async function readJsonFile(parameter: string, path: string): Promise<Record<string, unknown>> {
  const parsed = parseJson(await readTextFile(parameter, path), `${parameter} = ${JSON.stringify(path)}`);
  if ("unreadable" in parsed) throw parsed.unreadable;
  const { data } = parsed;
  if (typeof data === "object" && data !== null && !Array.isArray(data)) return data as Record<string, unknown>;
  throw new ParameterError(parameter, data, "an object with the names of the options");
}
