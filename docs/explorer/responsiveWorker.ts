/** What this needs of a `Worker`. */
export interface WorkerLike {
  postMessage(message: unknown): void;
  terminate(): void;
  addEventListener(type: "message", listener: (event: { readonly data: unknown }) => void): void;
}

/** Every answer has the number of its request; the last one is marked. */
export interface Numbered {
  readonly id: number;
  readonly complete: boolean;
}

/**
 * A worker in which a newer request ends the work on an older one. A worker answers as soon as it has seen a request; one
 * that is at something which cannot be interrupted does not, and another takes its place.
 */
export class ResponsiveWorker<Request extends { readonly id: number }, Answer extends Numbered> {
  private worker: WorkerLike;
  /** Where one was replaced, another is loaded beforehand: that takes longer than most answers. */
  private spare: WorkerLike | undefined;
  private replaced = false;
  private newest: Request | undefined;
  private seen = true;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly create: () => WorkerLike,
    private readonly receive: (answer: Answer) => void,
    /** Milliseconds that a worker has to see a request. */
    private readonly patience = 250,
  ) {
    this.worker = this.started();
  }

  ask(request: Request): void {
    this.newest = request;
    this.seen = false;
    this.worker.postMessage(request);
    this.timer ??= setTimeout(() => this.replace(), this.patience);
  }

  /** Ends all work. */
  close(): void {
    clearTimeout(this.timer);
    this.worker.terminate();
    this.spare?.terminate();
  }

  private started(): WorkerLike {
    const worker = this.create();
    worker.addEventListener("message", ({ data }) => this.arrived(worker, data as Answer));
    return worker;
  }

  private arrived(worker: WorkerLike, answer: Answer): void {
    if (worker !== this.worker || answer.id !== this.newest?.id) return;
    if (!this.seen) {
      this.seen = true;
      clearTimeout(this.timer);
      this.timer = undefined;
    }
    this.receive(answer);
    if (answer.complete && this.replaced) this.spare ??= this.started();
  }

  private replace(): void {
    this.worker.terminate();
    this.worker = this.spare ?? this.started();
    this.spare = undefined;
    this.replaced = true;
    // The next request has its own time; this one may wait until the worker is loaded.
    this.timer = undefined;
    this.worker.postMessage(this.newest);
  }
}
