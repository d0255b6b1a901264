/** An error as plain data: its name and message, and every field it carries (parameter, value, legal, …). */
export interface JsonError {
  readonly name: string;
  readonly message: string;
  readonly [field: string]: unknown;
}

export function errorData(error: unknown): JsonError {
  if (!(error instanceof Error)) return { name: "Error", message: String(error) };
  return { ...Object.fromEntries(Object.entries(error)), name: error.name, message: error.message };
}
