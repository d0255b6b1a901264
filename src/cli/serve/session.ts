import { encode } from "../../json/encode.ts";
import { ParameterError } from "../../errors.ts";
import { version } from "../../version.ts";
import { Computer } from "./computer.ts";
import {
  CancelledError,
  encodedErrorLine,
  errorLine,
  progressLine,
  readRequest,
  type Request,
  type RequestId,
  resultLine,
} from "./messages.ts";
import { METHODS } from "./methods.ts";

/** The version of the protocol. */
const PROTOCOL = 1;

/** One client: its requests are worked on in order, by a thread of its own. */
export class Session {
  private readonly computer: Computer;
  private readonly waiting: Request[] = [];
  private running: Request | undefined;
  private done: (() => void) | undefined;

  /**
   * @param write takes the lines of the answers
   * @param thread module of the thread
   */
  constructor(
    private readonly write: (line: string) => void,
    thread: URL,
  ) {
    this.computer = new Computer(thread);
  }

  /** A line of the client. */
  take(line: string): void {
    if (line.trim() === "") return;
    const request = readRequest(line);
    if ("error" in request) this.write(errorLine(request.id, request.error));
    else this.accept(request);
  }

  private accept(request: Request): void {
    const { id, method } = request;
    const open = this.running?.id === id || this.waiting.some((other) => other.id === id);
    if (method === "cancel") this.cancel(request);
    else if (method === "version")
      this.write(resultLine(id, encode({ version, protocol: PROTOCOL, methods: METHODS })));
    else if (open) this.write(errorLine(id, new ParameterError("id", id, "not that of a request without an answer")));
    else {
      this.waiting.push(request);
      if (!this.running) void this.work();
    }
  }

  /** Resolves when every request is answered. */
  async drained(): Promise<void> {
    if (this.running) await new Promise<void>((resolve) => (this.done = resolve));
  }

  /** Drops what is not answered. */
  close(): void {
    this.waiting.length = 0;
    this.computer.close();
  }

  private async work(): Promise<void> {
    while ((this.running = this.waiting.shift())) this.write(await this.answer(this.running));
    this.done?.();
  }

  private async answer({ id, method, params, progress }: Request): Promise<string> {
    try {
      const outcome = await this.computer.run({
        method,
        params,
        ...(progress && { onProgress: (progressed) => this.write(progressLine(id, progressed)) }),
      });
      return "result" in outcome ? resultLine(id, outcome.result) : encodedErrorLine(id, outcome.error);
    } catch (error) {
      return errorLine(id, error);
    }
  }

  private cancel({ id, params }: Request): void {
    const wanted = (params as { readonly id?: RequestId } | null)?.id;
    const at = this.waiting.findIndex((request) => request.id === wanted);
    if (at >= 0) {
      this.waiting.splice(at, 1);
      this.write(errorLine(wanted ?? null, new CancelledError()));
    }
    const isRunning = this.running !== undefined && this.running.id === wanted;
    if (isRunning) this.computer.cancel();
    this.write(resultLine(id, encode({ cancelled: at >= 0 || isRunning })));
  }
}
