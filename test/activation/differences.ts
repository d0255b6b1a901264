/** f'(x) by central differences of steps h, h/2, h/4, …, extrapolated to step 0 (Richardson), with an error of about 1e-11. */
export function differenceQuotient(f: (x: number) => number, x: number, h = 0.05): number {
  let row: number[] = [];
  for (let k = 0; k < 6; k++) {
    const step = h / 2 ** k;
    const next = [(f(x + step) - f(x - step)) / (2 * step)];
    for (let j = 0; j < row.length; j++) next.push(next[j]! + (next[j]! - row[j]!) / (4 ** (j + 1) - 1));
    row = next;
  }
  return row.at(-1)!;
}
