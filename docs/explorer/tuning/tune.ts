import { optimum } from "../../../src/index.ts";
import type { AxisName } from "../fields.ts";
import type { ExplorerModel } from "../state.ts";

export interface TuneRequest {
  readonly model: ExplorerModel;
  readonly name: AxisName;
}

/** The best value of a parameter, all others as they are. */
export type TuneMessage =
  | { readonly kind: "best"; readonly name: AxisName; readonly value: number; readonly text: string }
  | { readonly kind: "error"; readonly message: string };

/** Where the network's test error is least. */
export function* tune({ model, name }: TuneRequest): Generator<TuneMessage> {
  try {
    const { at, value, ends, minima } = optimum({ ...model, theory: "network" }, { over: [name] });
    const best = Number(at[name]!.toPrecision(6));
    const where = ends[name] === "limit" ? ", a limit" : ends[name] === "range" ? ", where the search ends" : "";
    const others = minima.length > 1 ? `; ${minima.length - 1} further local minimum` : "";
    yield { kind: "best", name, value: best, text: `test error ${Number(value.toPrecision(4))}${where}${others}` };
  } catch (error) {
    yield { kind: "error", message: error instanceof Error ? error.message : String(error) };
  }
}
