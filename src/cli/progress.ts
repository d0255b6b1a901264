import { SingleBar } from "cli-progress";
import process from "node:process";
import type { Io, Progress } from "./io.ts";

const SILENT: Progress = { update: () => undefined, stop: () => undefined };

/** A bar on standard error; nothing where that is no terminal. */
export function progressBar(io: Io, what: string, total: number): Progress {
  if (io.progress) return io.progress(what, total);
  if (!io.interactive) return SILENT;
  const bar = new SingleBar({
    format: `${what} {bar} {value}/{total}  {eta_formatted} left`,
    stream: process.stderr,
    clearOnComplete: true,
    hideCursor: true,
  });
  bar.start(total, 0);
  return {
    update(completed, grown) {
      if (grown !== undefined && grown !== bar.getTotal()) bar.setTotal(grown);
      bar.update(completed);
    },
    stop: () => bar.stop(),
  };
}
