import { packedPair } from "../bulk/packed.ts";
import type { LinearBasis } from "../bulk/weightResolvent.ts";
import type { Table } from "../problem/table.ts";
import { toCoordinates } from "./coordinates.ts";
import type { RidgePoint, ScaledPoint } from "./limits.ts";

/**
 * Starting traces, as coordinates. Below the threshold λ bounds g = π/λ from above; beyond it, and for large λ, the features' own
 * scale does. Newton in logarithms then needs a step for every few powers of e between start and solution.
 */
export function coldStart(
  { groups, weights }: Table,
  { rank: r, expansion }: LinearBasis,
  point: ScaledPoint,
  rank: number,
  z: Float64Array,
): void {
  const x = new Float64Array(z.length);
  const bounded = point.ridge > 0 && !(point.delta === 1 && point.samples > rank);
  groups.forEach((group, k) => {
    const mean = (values: Float64Array) => values.reduce((sum, value, i) => sum + weights[i]! * value, 0);
    const linear = group.mu1.reduce((sum, value, i) => sum + weights[i]! * value * value, 0);
    const power = group.bulkVariance * linear + mean(group.mu2Squared);
    const g = group.fraction / (point.ridge + (bounded ? 0 : (point.samples / point.widthRatio) * power));
    // Beyond the threshold V is of order 1, however large g is along directions that no data resists.
    const resisted = bounded ? 1 : 1 + point.samples * group.bulkVariance * linear * g;
    const V1 = (group.bulkVariance * g) / resisted;
    for (let a = 0; a < r; a++) x[packedPair(r, a, a)]! += expansion[k * r + a]! ** 2 * V1;
    x[x.length - groups.length + k] = g;
  });
  toCoordinates(x, r, z);
}

/** A solution in logarithmic coordinates, with the units it was found in and, on a line of points, the step to it. */
export interface WarmStart {
  readonly z: Float64Array;
  readonly point: ScaledPoint;
  readonly at: RidgePoint;
  readonly slope?: { readonly parameter: keyof RidgePoint; readonly z: Float64Array };
}

/** The one parameter in which two points differ, if both are positive and finite there. */
function changedParameter(a: RidgePoint, b: RidgePoint): keyof RidgePoint | undefined {
  const changed = (["sampleRatio", "widthRatio", "ridge"] as const).filter((name) => a[name] !== b[name]);
  const [name] = changed;
  if (changed.length !== 1 || !name) return undefined;
  return a[name] > 0 && b[name] > 0 && a[name] < Infinity && b[name] < Infinity ? name : undefined;
}

/** Beyond this factor between two points the secant of a sweep is not trusted. */
const FARTHEST = Math.log(1.5);

/** Continues the line through the last two solutions, in logarithms of the parameter that moves. */
export function extrapolate(previous: WarmStart, at: RidgePoint, z: Float64Array): void {
  z.set(previous.z);
  const { slope } = previous;
  if (!slope || changedParameter(previous.at, at) !== slope.parameter) return;
  const distance = Math.log(at[slope.parameter] / previous.at[slope.parameter]);
  if (Math.abs(distance) > FARTHEST) return;
  for (let i = 0; i < z.length; i++) z[i]! += distance * slope.z[i]!;
}

/** The solution as the start of the next one. */
export function remember(
  previous: WarmStart | undefined,
  at: RidgePoint,
  z: Float64Array,
  point: ScaledPoint,
): WarmStart {
  const parameter = previous && changedParameter(previous.at, at);
  if (!parameter) return { z: z.slice(), point, at };
  const distance = Math.log(at[parameter] / previous.at[parameter]);
  if (Math.abs(distance) > FARTHEST) return { z: z.slice(), point, at };
  return { z: z.slice(), point, at, slope: { parameter, z: z.map((value, i) => (value - previous.z[i]!) / distance) } };
}
