import type { RidgePoint } from "./ridgeSolution.ts";
import type { ScaledPoint } from "./traceMap.ts";

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
