/** Text that is no JSON, or none that can be used; `position` says where in the input. */
export class JsonInputError extends Error {
  override readonly name = "JsonInputError";
  constructor(
    readonly position: string,
    problem: string,
  ) {
    super(`${position} ${problem}`);
  }
}

/** One case of the input: its data, or why it could not be read. */
export type Case = { readonly data: unknown } | { readonly unreadable: JsonInputError };

/** Cases in order, and how they came: that is how the results go out. */
export interface Cases<List = readonly Case[]> {
  readonly layout: "object" | "array" | "lines";
  readonly cases: List;
}

/** Cases that come one at a time. */
type CaseStream = Iterable<Case> | AsyncIterable<Case>;

/**
 * Cases of text that arrives in pieces. A first line that is an object makes them JSON Lines, each of which is there as soon as
 * its line ends; anything else is read to its end, then split by {@link splitCases}.
 *
 * @throws JsonInputError if nothing can be read
 */
export async function readCases(pieces: AsyncIterable<string>, source: string): Promise<Cases<CaseStream>> {
  const lines = linesOf(pieces);
  const passed: string[] = [];
  for (let next = await lines.next(); next.done !== true; next = await lines.next()) {
    passed.push(next.value);
    if (next.value.trim() === "") continue;
    if (isObjectText(next.value)) return { layout: "lines", cases: lineCases(passed, lines, source) };
    for await (const line of lines) passed.push(line);
  }
  return splitCases(passed.join("\n"), source);
}

/** Lines of text that arrives in pieces, without their ends. */
export async function* linesOf(pieces: AsyncIterable<string>): AsyncGenerator<string, void> {
  let begun: string[] = [];
  for await (const piece of pieces) {
    const [first = "", ...more] = piece.split("\n");
    begun.push(first);
    for (const next of more) {
      yield begun.join("");
      begun = [next];
    }
  }
  yield begun.join("");
}

async function* lineCases(passed: readonly string[], lines: AsyncGenerator<string>, source: string) {
  let number = passed.length;
  const caseOf = (line: string) => parseJson(line, `line ${number} of ${source}`);
  yield caseOf(passed.at(-1)!);
  for await (const line of lines) {
    number++;
    if (line.trim() !== "") yield caseOf(line);
  }
}

function isObjectText(line: string): boolean {
  const parsed = line.trimStart().startsWith("{") ? parseJson(line, "") : undefined;
  return parsed !== undefined && "data" in parsed;
}

/**
 * Splits text into cases: one object, an array of objects, or JSON Lines. A line that is not JSON becomes an unreadable
 * case in its place, as long as some other line can be read.
 *
 * @param source what to call the text in errors, e.g. "standard input"
 * @throws JsonInputError if nothing can be read
 */
export function splitCases(text: string, source: string): Cases {
  if (text.trim() === "") throw new JsonInputError(source, "is not JSON: it is empty");
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

/** Cases have two or three levels; thousands of them would exceed the stack of whatever reads or writes them. */
const MAXIMAL_DEPTH = 50;

/** JSON text as data, or why it could not be read. */
export function parseJson(text: string, position: string): Case {
  try {
    const data = JSON.parse(text) as unknown;
    const deep = exceedsDepth(data, MAXIMAL_DEPTH);
    return deep
      ? { unreadable: new JsonInputError(position, `is nested in more than ${MAXIMAL_DEPTH} levels`) }
      : { data };
  } catch (error) {
    const reason = (error as SyntaxError).message;
    const hint = /\b(NaN|Infinity)\b/.test(text) ? ' (write infinite ratios as "inf", in quotes)' : "";
    return { unreadable: new JsonInputError(position, `is not JSON: ${reason}${hint}`) };
  }
}

function exceedsDepth(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  return levels === 0 || Object.values(value).some((item) => exceedsDepth(item, levels - 1));
}
