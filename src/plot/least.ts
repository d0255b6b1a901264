/** The least of a list that may be longer than a call has arguments; Infinity of none. */
export function least(values: readonly number[]): number {
  return values.reduce((smallest, value) => Math.min(smallest, value), Infinity);
}
