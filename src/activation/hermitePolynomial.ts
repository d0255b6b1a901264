/**
 * Probabilists' Hermite polynomial He_n(x), orthogonal for the standard normal weight with E He_n² = n!.
 *
 * Recurrence He_{k+1} = x He_k − k He_{k−1}, He_0 = 1, He_1 = x.
 *
 * @param degree n, an integer ≥ 0.
 * @param x any real number.
 *
 * @example
 * ```ts
 * import { hermitePolynomial } from "replica-theory";
 * console.log(hermitePolynomial(3, 2)); // 2
 * ```
 */
export function hermitePolynomial(degree: number, x: number): number {
  let previous = 0;
  let current = 1;
  for (let k = 0; k < degree; k++) {
    const next = x * current - k * previous;
    previous = current;
    current = next;
  }
  return current;
}
