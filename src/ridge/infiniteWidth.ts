/**
 * The limit β → ∞ (theory §10): the kernel ΦΦᵀ/p has a limit, V̂1 and V̂2 fall as 1/β, g_k = π_k/λ, and all observables tend to
 * theirs at β = ∞ with a difference of order α/β, but for Q2_k = |a|²/p, which falls as 1/β itself.
 */

/** At this β/α the limit is reached in every digit of a double: what is left is 2⁻²⁸ of the last one. */
const WIDEST = 2 ** 80;

/** The width at which a point is solved: its own, or one at which nothing that has a limit β → ∞ differs from it. */
export function solvedWidth(widthRatio: number, sampleRatio: number): number {
  return widthRatio === Infinity ? WIDEST * Math.max(1, sampleRatio) : widthRatio;
}

/** A solution at {@link solvedWidth} as that of the width asked for: Q2 = 0 for β = ∞. */
export function atWidth<S extends { readonly overlaps: { readonly Q2: number[] } }>(
  solution: S,
  widthRatio: number,
): S {
  if (widthRatio < Infinity) return solution;
  const { overlaps } = solution;
  return { ...solution, overlaps: { ...overlaps, Q2: overlaps.Q2.map(() => 0) } };
}
