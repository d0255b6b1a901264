/**
 * What a run needs of an `AbortSignal`, spelt out: the types of the library then ask for neither the DOM's nor Node's, and
 * every `AbortSignal` is one.
 */
export interface RunSignal {
  readonly aborted: boolean;
  /** What the promise of a run that was stopped is rejected with. */
  readonly reason: Error;
  throwIfAborted(): void;
  addEventListener(type: "abort", listener: () => void, options?: { readonly once?: boolean }): void;
  removeEventListener(type: "abort", listener: () => void): void;
}
