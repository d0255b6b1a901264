/** Bins of equal width, or of equal ratio, and what a histogram over them is to be compared with. */
export interface Bins {
  readonly centers: readonly number[];
  /** Width, or ratio of the ends, of each. */
  readonly width: number;
  /** Averages of a density over the bins around the given centres. */
  readonly averages: (
    density: (x: readonly number[]) => readonly number[],
    centers: readonly number[],
  ) => readonly number[];
  /** Share of the values in the bin, divided by its width or the logarithm of its ratio. */
  readonly density: (values: readonly number[], center: number) => number;
}

/** Parts of a bin, each small enough for the bulk's ends. */
const PARTS = 48;
/** Room beyond the ends. */
const ROOM = 0.05;

/** `count` bins from 0 to a little beyond the largest value. */
export function linearBins(largest: number, count: number): Bins {
  const width = ((1 + ROOM) * largest) / count;
  return {
    width,
    centers: Array.from({ length: count }, (_, i) => (i + 0.5) * width),
    averages: (density, centers) => averages(density, centers, (center, part) => center + part * width),
    density: (values, center) => share(values, (value) => Math.abs(value - center) <= width / 2) / width,
  };
}

/** `count` bins of equal ratio, a little beyond both ends. A density is one of ln x. */
export function logarithmicBins(smallest: number, largest: number, count: number): Bins {
  const first = smallest * (1 - 2 * ROOM);
  const size = Math.log(((1 + 2 * ROOM) * largest) / first) / count;
  const inBin = (center: number) => (value: number) => value > 0 && Math.abs(Math.log(value / center)) <= size / 2;
  return {
    width: Math.exp(size),
    centers: Array.from({ length: count }, (_, i) => first * Math.exp((i + 0.5) * size)),
    averages: (density, centers) => averages(density, centers, (center, part) => center * Math.exp(part * size)),
    density: (values, center) => share(values, inBin(center)) / size,
  };
}

function averages(
  density: (x: readonly number[]) => readonly number[],
  centers: readonly number[],
  place: (center: number, part: number) => number,
): number[] {
  const places = Array.from({ length: PARTS }, (_, i) => (i + 0.5) / PARTS - 0.5);
  const values = density(centers.flatMap((center) => places.map((part) => place(center, part))));
  return centers.map((_, i) => values.slice(i * PARTS, (i + 1) * PARTS).reduce((sum, value) => sum + value, 0) / PARTS);
}

function share(values: readonly number[], inBin: (value: number) => boolean): number {
  return values.filter(inBin).length / values.length;
}
