const PRIMES = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71];

/** Coordinate `dimension` of the k-th point of Halton's sequence, in (0, 1); dimensions beyond 20 repeat. */
export function haltonPoint(k: number, dimension: number): number {
  const base = PRIMES[dimension % PRIMES.length]!;
  let [value, share] = [0, 1 / base];
  for (let rest = k; rest > 0; rest = Math.floor(rest / base), share /= base) value += share * (rest % base);
  return value;
}
