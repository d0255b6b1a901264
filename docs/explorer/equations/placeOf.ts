import type { PlacedValue, ProblemText, Range } from "./problemText.ts";

/** What an error says about its place: the parameter, and how far in its formula; or the part of a formula, and which. */
export interface Blame {
  readonly parameter?: string;
  readonly offset?: number;
  readonly fragment?: string;
  readonly formula?: string;
}

/** Where in the text an error lies; undefined if it lies nowhere. */
export function placeOf(
  { text, places }: ProblemText,
  { parameter, offset, fragment, formula }: Blame,
): Range | undefined {
  if (parameter !== undefined) {
    const exact = places.get(parameter);
    if (exact?.value !== undefined && offset !== undefined) return tokenAt(text, exact, offset);
    return exact ?? nearestAbove(places, parameter) ?? named(places, parameter);
  }
  if (fragment === undefined || offset === undefined) return undefined;
  const own = formula === undefined ? undefined : places.get(formula);
  for (const place of own ? [own] : places.values()) {
    if (place.value?.startsWith(fragment, offset)) {
      return { start: position(place, offset), end: position(place, offset + fragment.length) };
    }
  }
  return undefined;
}

/** "unknowns.m.start" without a start: where m stands. */
function nearestAbove(places: ProblemText["places"], parameter: string): Range | undefined {
  for (let path = parameter; path.includes(".");) {
    path = path.slice(0, path.lastIndexOf("."));
    const key = places.get(`${path}:`);
    if (key) return key;
  }
  return places.get(`${parameter}:`);
}

/** A name of no path, as that of an unknown: the first key of that name. */
function named(places: ProblemText["places"], name: string): Range | undefined {
  const path = [...places.keys()].find((key) => key === `${name}:` || key.endsWith(`.${name}:`));
  return path === undefined ? undefined : places.get(path);
}

/** The name, number or sign at a place of a formula; before its end, the last one. */
function tokenAt(text: string, place: PlacedValue, offset: number): Range {
  const value = place.value!;
  const from = Math.min(offset, Math.max(0, value.trimEnd().length - 1));
  const found = /^[\p{L}\p{N}_]+|^./u.exec(value.slice(from))?.[0] ?? "";
  const [start, end] = [position(place, from), position(place, from + found.length)];
  return { start, end: Math.min(Math.max(end, start + 1), text.length) };
}

const ESCAPE = /\\(?:u\{[\da-f]+\}|u[\da-f]{4}|x[\da-f]{2}|\r\n|[^])/iy;

/** Place in the text of a place in the value, which is shorter where it was written with escapes. */
function position({ start, raw, value }: PlacedValue, offset: number): number {
  if (raw === value) return start + 1 + offset;
  let at = 0;
  for (let k = 0; k < offset && at < raw!.length; k++) {
    ESCAPE.lastIndex = at;
    at += ESCAPE.exec(raw!)?.[0].length ?? 1;
  }
  return start + 1 + at;
}
