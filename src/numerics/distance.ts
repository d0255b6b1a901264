/**
 * How far apart two records are in the numbers in which they differ: by factors where these are positive.
 *
 * @returns Infinity where they differ in anything else
 */
export function distanceBetween(a: unknown, b: unknown): number {
  if (Object.is(a, b)) return 0;
  if (typeof a === "number" && typeof b === "number") {
    const distance = a > 0 && b > 0 ? Math.abs(Math.log(b / a)) : Math.abs(b - a);
    return Number.isNaN(distance) ? Infinity : distance;
  }
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return Infinity;
  const [first, second] = [Object.entries(a), b as Readonly<Record<string, unknown>>];
  if (first.length !== Object.keys(second).length) return Infinity;
  return first.reduce((sum, [name, value]: [string, unknown]) => {
    return sum + (Object.hasOwn(second, name) ? distanceBetween(value, second[name]) : Infinity);
  }, 0);
}

/** The first of what is least far, undefined of nothing. */
export function nearest<Item>(items: readonly Item[], distanceOf: (item: Item) => number): Item | undefined {
  let [best, least] = [items[0], Infinity];
  for (const item of items) {
    const distance = distanceOf(item);
    if (distance < least) [best, least] = [item, distance];
  }
  return best;
}
