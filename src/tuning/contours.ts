/** A point of a plane. */
export type PlanePoint = readonly [x: number, y: number];

/** A rectangular grid with the values of a function at its nodes: values[j][i] at (x[i], y[j]). */
export interface PlaneGrid {
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly values: readonly (readonly (number | undefined)[])[];
}

/**
 * Lines where a function vanishes, from the signs at the nodes of a grid (marching squares). Each vertex is a zero of the
 * function itself on an edge of the grid, and more are put between neighbours until a chord leaves the line by less than
 * `flatness` of a cell; so a line is exact at its vertices and misses only what lies between nodes of equal sign.
 *
 * @param zero a zero of the function on the segment between two points at which its signs differ
 */
export function zeroLines(
  grid: PlaneGrid,
  zero: (from: PlanePoint, to: PlanePoint) => PlanePoint | undefined,
  flatness = 0.02,
): PlanePoint[][] {
  const vertices = new Map<string, PlanePoint | undefined>();
  const vertex = (from: readonly [number, number], to: readonly [number, number]): string => {
    const key = `${from.join()}:${to.join()}`;
    if (!vertices.has(key)) vertices.set(key, zero(nodeOf(grid, from), nodeOf(grid, to)));
    return key;
  };
  const links = new Map<string, string[]>();
  const link = (a: string, b: string): void => {
    if (!vertices.get(a) || !vertices.get(b)) return;
    links.set(a, [...(links.get(a) ?? []), b]);
    links.set(b, [...(links.get(b) ?? []), a]);
  };
  for (let j = 0; j + 1 < grid.y.length; j++) {
    for (let i = 0; i + 1 < grid.x.length; i++) for (const [a, b] of segmentsOf(grid, i, j, vertex)) link(a, b);
  }
  return chains(links).map((keys) =>
    refined(
      keys.map((key) => vertices.get(key)!),
      grid,
      zero,
      flatness,
    ),
  );
}

function nodeOf({ x, y }: PlaneGrid, [i, j]: readonly [number, number]): PlanePoint {
  return [x[i]!, y[j]!];
}

type Vertex = (from: readonly [number, number], to: readonly [number, number]) => string;

/** The pieces of the line in one cell: between the edges whose ends differ in sign. */
function segmentsOf(grid: PlaneGrid, i: number, j: number, vertex: Vertex): [string, string][] {
  const corners = [
    [i, j],
    [i + 1, j],
    [i + 1, j + 1],
    [i, j + 1],
  ] as const;
  const signs = corners.map(([a, b]) => grid.values[b]![a]);
  if (signs.some((value) => value === undefined)) return [];
  const positive = signs.map((value) => value! > 0);
  const edges = [0, 1, 2, 3].filter((e) => positive[e] !== positive[(e + 1) % 4]);
  const crossing = (e: number): string => {
    const [a, b] = [corners[e]!, corners[(e + 1) % 4]!];
    // The same edge has the same name from either cell.
    return a[0] < b[0] || a[1] < b[1] ? vertex(a, b) : vertex(b, a);
  };
  if (edges.length === 2) return [[crossing(edges[0]!), crossing(edges[1]!)]];
  if (edges.length < 4) return [];
  // A saddle: the corners that agree with the mean of all four belong together.
  const mean = signs.reduce<number>((sum, value) => sum + value!, 0) > 0;
  return mean === positive[0]
    ? [
        [crossing(0), crossing(1)],
        [crossing(2), crossing(3)],
      ]
    : [
        [crossing(3), crossing(0)],
        [crossing(1), crossing(2)],
      ];
}

/** Linked vertices in order; a closed line ends where it began. */
function chains(links: ReadonlyMap<string, readonly string[]>): string[][] {
  const used = new Set<string>();
  const follow = (start: string): string[] => {
    const chain = [start];
    used.add(start);
    for (let here = start; ;) {
      const next = links.get(here)!.find((key) => !used.has(key));
      if (next === undefined) break;
      used.add(next);
      chain.push(next);
      here = next;
    }
    return chain;
  };
  const ends = [...links.keys()].filter((key) => links.get(key)!.length === 1);
  const open = ends.filter((key) => !used.has(key)).flatMap((key) => (used.has(key) ? [] : [follow(key)]));
  const closed = [...links.keys()].flatMap((key) => {
    if (used.has(key)) return [];
    const chain = follow(key);
    return [chain.length > 2 ? [...chain, key] : chain];
  });
  return [...open, ...closed];
}

const DEEPEST = 5;

/** Puts a zero across the middle of each chord that is not flat, and so on. */
function refined(
  line: readonly PlanePoint[],
  grid: PlaneGrid,
  zero: (from: PlanePoint, to: PlanePoint) => PlanePoint | undefined,
  flatness: number,
): PlanePoint[] {
  const cell: PlanePoint = [spacing(grid.x), spacing(grid.y)];
  const between = (a: PlanePoint, b: PlanePoint, depth: number): PlanePoint[] => {
    const chord: PlanePoint = [(b[0] - a[0]) / cell[0], (b[1] - a[1]) / cell[1]];
    const length = Math.hypot(...chord);
    if (depth === DEEPEST || length < 0.05) return [];
    const normal: PlanePoint = [(-chord[1] * cell[0]) / 2, (chord[0] * cell[1]) / 2];
    const middle: PlanePoint = [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
    const found = zero([middle[0] - normal[0], middle[1] - normal[1]], [middle[0] + normal[0], middle[1] + normal[1]]);
    if (!found) return [];
    const sagitta = Math.hypot((found[0] - middle[0]) / cell[0], (found[1] - middle[1]) / cell[1]);
    if (sagitta < flatness) return [];
    return [...between(a, found, depth + 1), found, ...between(found, b, depth + 1)];
  };
  return line.flatMap((point, i) => (i === 0 ? [point] : [...between(line[i - 1]!, point, 0), point]));
}

function spacing(values: readonly number[]): number {
  return (values.at(-1)! - values[0]!) / (values.length - 1);
}
