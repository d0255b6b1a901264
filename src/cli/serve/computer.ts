import { Worker } from "node:worker_threads";
import { CancelledError, type Progressed } from "./messages.ts";
import type { FromThread, ToThread } from "./thread.ts";

/** One request for the thread. */
export interface Job {
  readonly method: string;
  readonly params: unknown;
  /** Called now and then, if the client wants to know. */
  readonly onProgress?: (progress: Progressed) => void;
}

/** How a job ended, as JSON text. */
export type Outcome = { readonly result: string } | { readonly error: string };

/** A thread that ended by itself, in the middle of a job. */
export class ThreadError extends Error {
  override readonly name = "ThreadError";
  constructor(reason: string) {
    super(`the thread of the calculation ended: ${reason}; the next request starts another`);
  }
}

/** Milliseconds in which a cancelled calculation may stop by itself and keep its tables; then its thread is ended. */
const GRACE = 200;

/**
 * A thread that calculates, one job at a time, so that its process can always be talked to. It starts with the first job, and
 * again with the first after its end.
 */
export class Computer {
  private readonly cancelled = new Int32Array(new SharedArrayBuffer(4));
  private worker: Worker | undefined;
  private serial = 0;
  private fail: ((error: Error) => void) | undefined;

  /** @param file module of the thread */
  constructor(private readonly file: URL) {}

  /**
   * Runs a job; there must be no other.
   *
   * @throws CancelledError, ThreadError
   */
  async run({ method, params, onProgress }: Job): Promise<Outcome> {
    const serial = ++this.serial;
    const worker = (this.worker ??= this.start());
    try {
      return await new Promise<Outcome>((resolve, reject) => {
        this.fail = reject;
        worker.on("message", (message: FromThread) => {
          if (message.serial !== serial) return;
          if ("progress" in message) onProgress?.(message.progress);
          else resolve(message);
        });
        this.send(worker, { serial, method, params, progress: onProgress !== undefined });
      });
    } finally {
      this.fail = undefined;
      worker.removeAllListeners("message");
    }
  }

  /** Stops the running job: gently, and after a while with its thread. */
  cancel(): void {
    const { fail, worker, serial } = this;
    if (!fail || !worker) return;
    Atomics.store(this.cancelled, 0, serial);
    this.send(worker, { cancel: serial });
    setTimeout(() => {
      if (this.fail !== fail) return;
      this.end();
      fail(new CancelledError());
    }, GRACE).unref();
  }

  /** Ends the thread at once; a running job is cancelled. */
  close(): void {
    this.end();
    this.fail?.(new CancelledError());
  }

  private start(): Worker {
    const worker = new Worker(this.file, { workerData: { cancelled: this.cancelled.buffer } });
    const ended = (reason: string) => {
      if (this.worker !== worker) return;
      this.worker = undefined;
      this.fail?.(new ThreadError(reason));
    };
    worker.on("error", (error) => ended(error.message));
    worker.on("exit", (code) => ended(`exit code ${code}`));
    return worker;
  }

  private end(): void {
    const { worker } = this;
    this.worker = undefined;
    void worker?.terminate();
  }

  private send(worker: Worker, message: ToThread): void {
    worker.postMessage(message);
  }
}
