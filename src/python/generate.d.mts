/** A name of the library as Python writes it. */
export function snake(name: string): string;
/** The module of the Python package whose arguments are the parameters of the table. */
export function pythonFunctions(table: {
  readonly parameters: Readonly<Record<string, object>>;
  readonly simulation: Readonly<Record<string, object>>;
  readonly words: (kind: never) => string;
}): string;
