import type { Io } from "../io.ts";
import type { Task } from "./task.ts";

/** What a command would tell on a terminal, for a request: progress becomes messages, notices go to `log`. */
export function taskIo({ report, signal }: Task, log: (line: string) => void): Io {
  return {
    standardInput: () => {
      throw new TypeError("a request has no standard input");
    },
    write: () => Promise.resolve(),
    log,
    interactive: false,
    holdInterrupt: () => ({ signal, release: () => undefined }),
    progress: (_what, total) => ({
      update: (completed, grown = total) => report({ completed, total: grown }),
      stop: () => undefined,
    }),
  };
}
