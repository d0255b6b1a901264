/** A small table to try the page with: the label is a noisy sum of the first columns, whose variances fall. */
export function exampleTable(rows = 150, columns = 40): string {
  const normal = normals(1);
  const header = [...Array.from({ length: columns }, (_, j) => `x${j + 1}`), "y"].join(",");
  const lines = Array.from({ length: rows }, () => {
    const x = Array.from({ length: columns }, (_, j) => normal() / Math.sqrt(1 + j / 4));
    const y = x[0]! - x[1]! + 0.5 * x[4]! + 0.5 * x[2]! * x[3]! + 0.4 * normal();
    return [...x, y].map((value) => value.toFixed(4)).join(",");
  });
  return [header, ...lines].join("\n");
}

/** Normal numbers from a linear congruence: an example is the same for everyone. */
function normals(seed: number): () => number {
  let state = seed;
  const uniform = (): number => {
    state = (1664525 * state + 1013904223) % 2 ** 32;
    return (state + 0.5) / 2 ** 32;
  };
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}
