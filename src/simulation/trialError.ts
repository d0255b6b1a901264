/** A trial that has no result: its numbers overflow, its readout does not converge, or its arrays do not fit the memory. */
export class TrialError extends Error {
  override readonly name = "TrialError";
  constructor(
    readonly trial: number,
    readonly reason: string,
    options?: ErrorOptions,
  ) {
    super(`trial ${trial}: ${reason}`, options);
  }
}

/** What to throw for an error of a trial. Of the errors inside, only those of JavaScript itself keep their class between threads. */
export function trialFailure(trial: number, error: unknown): unknown {
  return error instanceof RangeError ? new TrialError(trial, error.message, { cause: error }) : error;
}
