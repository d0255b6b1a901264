import { planeObservable } from "../../../src/tuning/planeObservable.ts";
import { type AxisName, isLogarithmic, numberField } from "../fields.ts";
import { errorMessage, isExpected } from "../messages.ts";
import type { ExplorerModel } from "../state.ts";
import type { MapQuantity } from "./mapQuantities.ts";

export interface MapRequest {
  readonly model: ExplorerModel;
  readonly x: AxisName;
  readonly y: AxisName;
  readonly quantity: MapQuantity;
}

/** Values on a grid, values[j][i] at (x_i, y_j); undefined where there is none. */
export interface PlaneMap {
  readonly request: MapRequest;
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly values: readonly (readonly (number | undefined)[])[];
  /** Why points are missing, if any are. */
  readonly refusal: string;
}

export type MapMessage =
  | { readonly kind: "map"; readonly map: PlaneMap; readonly share: number }
  | { readonly kind: "error"; readonly message: string };

/** Intervals of the grids, each within the next. */
const LEVELS = [8, 16, 32, 64];
const FINEST = LEVELS.at(-1)!;

/** Values of an axis on the finest grid, three digits each. */
function valuesOf(axis: AxisName): number[] {
  const [min, max] = numberField(axis).axis;
  return Array.from({ length: FINEST + 1 }, (_, i) => {
    const t = i / FINEST;
    const value = isLogarithmic(axis) ? min * (max / min) ** t : min + (max - min) * t;
    return Number(value.toPrecision(4));
  });
}

/** A map that gets finer as one waits: what is known of a coarser grid stands for what is not computed yet. */
export function* refineMap(request: MapRequest): Generator<MapMessage | undefined> {
  const { model, x, y, quantity } = request;
  const [xs, ys] = [valuesOf(x), valuesOf(y)];
  const known = new Map<number, number | undefined>();
  const key = (i: number, j: number) => j * (FINEST + 1) + i;
  try {
    const observable = planeObservable({ ...model, theory: "network" }, undefined, quantity, [x, y]);
    // The parameter that tabulates a model anew runs slowest.
    const byColumn = observable.slower(x, y);
    for (const level of LEVELS) {
      const step = FINEST / level;
      const picture = (done: number): MapMessage => {
        const { refusal = "" } = observable;
        const values = gridOf(step, level === LEVELS[0] ? step : 2 * step, (i, j) => known.get(key(i, j)));
        return { kind: "map", map: { request, x: every(xs, step), y: every(ys, step), values, refusal }, share: done };
      };
      for (let a = 0; a <= level; a++) {
        for (let b = 0; b <= level; b++) {
          const [i, j] = byColumn ? [a * step, b * step] : [b * step, a * step];
          if (known.has(key(i, j))) continue;
          known.set(key(i, j), observable.at(xs[i]!, ys[j]!)?.value);
          yield undefined;
        }
        yield picture((a + 1) / (level + 1));
      }
    }
  } catch (error) {
    if (!isExpected(error)) throw error;
    const { errors, general = "" } = errorMessage(error);
    const [first] = Object.entries(errors).map(([field, message]) => `${field}: ${message}`);
    yield { kind: "error", message: first ?? general };
  }
}

const every = (values: readonly number[], step: number): number[] => values.filter((_, i) => i % step === 0);

function gridOf(
  step: number,
  coarse: number,
  at: (i: number, j: number) => number | undefined,
): (number | undefined)[][] {
  const positions = Array.from({ length: FINEST / step + 1 }, (_, i) => i * step);
  const down = (i: number) => i - (i % coarse);
  return positions.map((j) => positions.map((i) => at(i, j) ?? at(down(i), down(j))));
}
