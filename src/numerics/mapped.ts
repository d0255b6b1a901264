/**
 * As `list.map(f)`, in an array of the same kind whoever asks. That of `map` changes its kind when an engine compiles the caller, and
 * then all that reads it is compiled anew: in a stream of models, each solved once, that takes longer than the models.
 */
export function mapped<Item, Result>(list: readonly Item[], f: (item: Item, index: number) => Result): Result[] {
  const results: Result[] = [];
  for (let i = 0; i < list.length; i++) results.push(f(list[i]!, i));
  return results;
}
