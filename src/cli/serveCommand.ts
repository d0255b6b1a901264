import { Command } from "commander";
import type { Io } from "./io.ts";
import { serveSocket, serveStreams } from "./serve/serve.ts";

const EXAMPLES = `
Each request is a line {"id": …, "method": …, "params": {…}}, and is answered by a line with its id and a result or an error. The
methods, arrays in binary, progress and cancelling are on the page "Serving other programs" of the documentation.

Examples:
  echo '{"id": 1, "method": "solve", "params": {"model": "randomFeatures", "student": "tanh", "target": "sin",
    "sampleRatio": 2, "widthRatio": 1, "ridge": 0.1}}' | tr -d '\\n' | replica-theory serve
  replica-theory serve --socket /tmp/replica-theory.sock`;

/** Where the build puts the module of the threads, seen from the chunk that this one becomes. */
const THREAD = "cli/serve/thread.js";

/** `serve`: the library for programs in other languages. */
export function serveCommand(io: Io, exit: (code: number) => void): Command {
  return new Command("serve")
    .option("--socket <path>", "serve on a local socket, for its owner alone, until Ctrl-C or SIGTERM")
    .addHelpText("after", EXAMPLES)
    .action(async ({ socket }: { readonly socket?: string }) => {
      const thread = new URL(THREAD, import.meta.url);
      if (socket === undefined) await serveStreams(io, thread);
      else {
        const interrupt = io.holdInterrupt();
        try {
          await serveSocket(socket, thread, interrupt.signal, () => io.log(`serving on ${socket}`));
        } finally {
          interrupt.release();
        }
      }
      exit(0);
    });
}
