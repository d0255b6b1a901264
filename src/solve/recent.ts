import { POINT_PARAMETERS } from "../parameters/table.ts";

/** How many models a stream of cases in any order keeps with what has been tabulated for them. */
export const RECENT_MODELS = 16;

/** How what is made of a description is kept. */
export interface Recency {
  /** How many descriptions; default 1, which serves a sorted sweep. */
  readonly kept?: number;
  /** Coordinates in which points of one model differ. */
  readonly point?: readonly string[];
}

/** Makes something of each model of a stream, and keeps what it made of the latest ones: every point of them finds it. */
export function recent<D extends object, Made>(
  make: (description: D) => Made,
  { kept = 1, point = POINT_PARAMETERS }: Recency = {},
): (description: D) => Made {
  /** The latest first. */
  const entries: { readonly description: D; readonly made: Made }[] = [];
  return (description) => {
    const at = entries.findIndex((entry) => sameModel(entry.description, description, point));
    if (at === 0) return entries[0]!.made;
    const entry = at > 0 ? entries.splice(at, 1)[0]! : { description, made: make(description) };
    entries.unshift(entry);
    if (entries.length > kept) entries.pop();
    return entry.made;
  };
}

/** Whether two descriptions are the same but for the coordinates of their points. */
function sameModel(a: object, b: object, point: readonly string[]): boolean {
  const [first, second] = [a, b] as [Readonly<Record<string, unknown>>, Readonly<Record<string, unknown>>];
  let unmatched = 0;
  for (const name of Object.keys(second)) if (!point.includes(name)) unmatched++;
  for (const name of Object.keys(first)) {
    if (point.includes(name)) continue;
    if (!Object.hasOwn(second, name) || !same(first[name], second[name])) return false;
    unmatched--;
  }
  return unmatched === 0;
}

function same(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b)) return false;
    return a.length === b.length && a.every((item, i) => same(item, b[i]));
  }
  return sameModel(a, b, []);
}
