import type { Progressed } from "./messages.ts";

/** The request that a method works for. */
export interface Task {
  /** Says how far it is, and ends the work with a `CancelledError` where its client has lost interest. */
  readonly report: (progress: Progressed) => void;
  /** Aborted with the request, for work that waits. */
  readonly signal: AbortSignal;
}

/** A method: parameters in, result out, both of them JSON data. */
export type Method = (params: unknown, task: Task) => unknown;
