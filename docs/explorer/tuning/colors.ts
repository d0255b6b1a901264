/** Viridis (S. van der Walt and N. Smith, 2015) at equal distances: uniform to the eye, ordered in grey. */
const STOPS = ["440154", "482878", "3e4989", "31688e", "26828e", "1f9e89", "35b779", "6ece58", "b5de2b", "fde725"].map(
  (hex) => [0, 2, 4].map((at) => parseInt(hex.slice(at, at + 2), 16)),
);

/** The colour at t in [0, 1]. */
export function colorAt(t: number): string {
  const position = Math.min(1, Math.max(0, t)) * (STOPS.length - 1);
  const below = Math.min(STOPS.length - 2, Math.floor(position));
  const share = position - below;
  const mixed = STOPS[below]!.map((value, i) => Math.round(value + share * (STOPS[below + 1]![i]! - value)));
  return `#${mixed.map((value) => value.toString(16).padStart(2, "0")).join("")}`;
}
