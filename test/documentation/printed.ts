/** Numbers that are only rounding, such as residuals, differ between machines. */
const ROUNDING = 1e-8;
/** Relative difference that is forgiven in all other numbers. */
const TOLERANCE = 1e-5;

const NUMBER = /(?<![\d.])-?\d+(?:\.\d+)?(?:e[+-]?\d+)?/g;

/**
 * Whether a text is what a page promises: the same words, and numbers that agree. A promised line of … stands for any lines.
 *
 * @param rounding absolute difference of numbers that is forgiven
 */
export function printsAs(printed: string, promised: string, rounding = ROUNDING): boolean {
  const same = (line: string, wanted: string) => sameLine(line.trimEnd(), wanted.trimEnd(), rounding);
  return matches(printed.trimEnd().split("\n"), promised.trimEnd().split("\n"), same);
}

function matches(
  lines: readonly string[],
  [first, ...rest]: readonly string[],
  same: (line: string, promised: string) => boolean,
): boolean {
  if (first === undefined) return lines.length === 0;
  if (first === "…") return rest.length === 0 || lines.some((_, i) => matches(lines.slice(i), rest, same));
  return lines[0] !== undefined && same(lines[0], first) && matches(lines.slice(1), rest, same);
}

function sameLine(line: string, promised: string, rounding: number): boolean {
  const [words, wantedWords] = [line, promised].map((text) => text.replaceAll(NUMBER, "#").replaceAll(/ +/g, " "));
  const [numbers, wanted] = [line, promised].map((text) => (text.match(NUMBER) ?? []).map(Number));
  const agrees = (x: number, y: number) => Math.abs(x - y) <= Math.max(TOLERANCE * Math.abs(y), rounding);
  return words === wantedWords && numbers!.every((value, i) => agrees(value, wanted![i]!));
}
