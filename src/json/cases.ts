/** Text that is no JSON; `position` says where in the input. */
export class JsonInputError extends Error {
  override readonly name = "JsonInputError";
  constructor(
    readonly position: string,
    reason: string,
  ) {
    super(`${position} is not JSON: ${reason}`);
  }
}

/** One case of the input: its data, or why it could not be read. */
export type Case = { readonly data: unknown } | { readonly unreadable: JsonInputError };

/** Cases in order, and how they came: that is how the results go out. */
export interface Cases {
  readonly layout: "object" | "array" | "lines";
  readonly cases: readonly Case[];
}

/**
 * Splits text into cases: one object, an array of objects, or JSON Lines. A line that is not JSON becomes an unreadable
 * case in its place, as long as some other line can be read.
 *
 * @param source what to call the text in errors, e.g. "standard input"
 * @throws JsonInputError if nothing can be read
 */
export function splitCases(text: string, source: string): Cases {
  if (text.trim() === "") throw new JsonInputError(source, "it is empty");
  const whole = parseJson(text, source);
  if ("data" in whole) {
    if (!Array.isArray(whole.data)) return { layout: "object", cases: [whole] };
    return { layout: "array", cases: whole.data.map((data: unknown) => ({ data })) };
  }
  const lines = text.split(/\r?\n/).flatMap((line, i) => (line.trim() === "" ? [] : [{ line, number: i + 1 }]));
  const cases = lines.map(({ line, number }) => parseJson(line, `line ${number} of ${source}`));
  const objects = cases.filter((item) => "data" in item && typeof item.data === "object" && item.data !== null);
  if (objects.length === 0) throw whole.unreadable;
  return { layout: "lines", cases };
}

function parseJson(text: string, position: string): Case {
  try {
    return { data: JSON.parse(text) as unknown };
  } catch (error) {
    const reason = (error as SyntaxError).message;
    const hint = /\b(NaN|Infinity)\b/.test(text) ? ' (write infinite ratios as "inf", in quotes)' : "";
    return { unreadable: new JsonInputError(position, `${reason}${hint}`) };
  }
}
