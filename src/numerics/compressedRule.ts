const NODES = 16;
const PANEL_LENGTH = 0.8;

/**
 * Replaces a discrete rule of many points by one of few, exact to rounding for functions that are analytic in
 * t = asinh(y/scale) up to |Im t| = π/2: polynomial in y, or with poles on the imaginary axis beyond ±i·scale. The t axis
 * is cut into panels, and each weight is spread over the panel's Chebyshev nodes by Lagrange interpolation.
 *
 * @param points [y, weight, weight, …], any number of weights
 * @param few up to so many points are returned as they are
 * @returns columns: y, then the weights
 */
export function compressRule(points: readonly (readonly number[])[], scale: number, few: number): Float64Array[] {
  const columns = points[0]!.length;
  const parameters = points.map(([y]) => Math.asinh(y! / scale));
  const low = Math.min(...minmax(parameters));
  const high = Math.max(...minmax(parameters));
  const panels = Math.max(1, Math.ceil((high - low) / PANEL_LENGTH));
  if (points.length <= Math.max(few, panels * NODES)) {
    return Array.from({ length: columns }, (_, c) => Float64Array.from(points, (point) => point[c]!));
  }
  const half = (0.5 * (high - low)) / panels;
  const out = Array.from({ length: columns }, () => new Float64Array(panels * NODES));
  for (let panel = 0; panel < panels; panel++) {
    const centre = low + (2 * panel + 1) * half;
    for (let j = 0; j < NODES; j++) out[0]![panel * NODES + j] = scale * Math.sinh(centre + half * CHEBYSHEV[j]!);
  }
  const lagrange = new Float64Array(NODES);
  points.forEach((point, i) => {
    const panel = Math.min(panels - 1, Math.floor((parameters[i]! - low) / (2 * half)));
    lagrangeValues((parameters[i]! - low) / half - (2 * panel + 1), lagrange);
    for (let c = 1; c < columns; c++) {
      const column = out[c]!;
      for (let j = 0; j < NODES; j++) column[panel * NODES + j]! += point[c]! * lagrange[j]!;
    }
  });
  return dropNegligible(out);
}

/** Nodes whose weights are all too small to count, as in panels that hold hardly any points. */
function dropNegligible(columns: Float64Array[]): Float64Array[] {
  const weights = columns.slice(1);
  const sizes = weights.map((column) => column.reduce((sum, w) => sum + Math.abs(w), 0));
  const keep = (i: number) => weights.some((column, c) => Math.abs(column[i]!) > 1e-30 * sizes[c]!);
  return columns.map((column) => column.filter((_, i) => keep(i)));
}

function minmax(values: readonly number[]): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}

/** Chebyshev nodes of the first kind and their barycentric weights. */
const ANGLES = Array.from({ length: NODES }, (_, j) => ((2 * j + 1) * Math.PI) / (2 * NODES));
const CHEBYSHEV = Float64Array.from(ANGLES, (angle) => -Math.cos(angle));
const BARYCENTRIC = Float64Array.from(ANGLES, (angle, j) => (j % 2 === 0 ? 1 : -1) * Math.sin(angle));

function lagrangeValues(t: number, out: Float64Array): void {
  let sum = 0;
  for (let j = 0; j < NODES; j++) {
    const distance = t - CHEBYSHEV[j]!;
    if (distance === 0) {
      out.fill(0);
      out[j] = 1;
      return;
    }
    out[j] = BARYCENTRIC[j]! / distance;
    sum += out[j]!;
  }
  for (let j = 0; j < NODES; j++) out[j]! /= sum;
}
