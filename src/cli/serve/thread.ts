import { parentPort, workerData } from "node:worker_threads";
import { encode } from "../../json/encode.ts";
import { CancelledError, errorOf, type Progressed } from "./messages.ts";
import { loadedMethods } from "./methods.ts";
import type { Task } from "./task.ts";

/** What the thread is told: to work, or that the client of that work has lost interest. */
export type ToThread =
  | { readonly serial: number; readonly method: string; readonly params: unknown; readonly progress: boolean }
  | { readonly cancel: number };

/** What it tells; results and errors are JSON text. */
export type FromThread =
  | { readonly serial: number; readonly result: string }
  | { readonly serial: number; readonly error: string }
  | { readonly serial: number; readonly progress: Progressed };

/** Milliseconds between two messages of progress. */
const INTERVAL = 100;

/** Works on requests, one after the other. A calculation that does not wait sees a cancelled serial in shared memory. */
export function workInThread(): void {
  const port = parentPort!;
  const cancelled = new Int32Array((workerData as { readonly cancelled: SharedArrayBuffer }).cancelled);
  const methodOf = loadedMethods();
  const running = new Map<number, AbortController>();
  const tell = (message: FromThread): void => port.postMessage(message);

  const taskOf = (serial: number, progress: boolean, { signal }: AbortController): Task => {
    let told = performance.now();
    return {
      signal,
      report(progressed) {
        if (Atomics.load(cancelled, 0) === serial) throw new CancelledError();
        const now = performance.now();
        if (!progress || now - told < INTERVAL) return;
        told = now;
        tell({ serial, progress: progressed });
      },
    };
  };

  port.on("message", (message: ToThread) => {
    if ("cancel" in message) {
      running.get(message.cancel)?.abort(new CancelledError());
      return;
    }
    const { serial, method, params, progress } = message;
    const controller = new AbortController();
    running.set(serial, controller);
    methodOf(method)
      .then((calculate) => calculate(params, taskOf(serial, progress, controller)))
      .then((result) => tell({ serial, result: encode(result) }))
      .catch((error: unknown) => tell({ serial, error: encode(errorOf(error)) }))
      .finally(() => running.delete(serial));
  });
}
