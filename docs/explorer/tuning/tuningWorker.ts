import { answering } from "../answering.ts";
import { type MapMessage, type MapRequest, refineMap } from "./planeMap.ts";
import { tune, type TuneMessage, type TuneRequest } from "./tune.ts";

/** The best value of a parameter, or a map: each has a worker of its own. */
export type TuningQuestion =
  | { readonly id: number; readonly part: "tune"; readonly request: TuneRequest }
  | { readonly id: number; readonly part: "map"; readonly request: MapRequest };
export type TuningMessage = TuneMessage | MapMessage;

addEventListener(
  "message",
  answering<TuningQuestion, TuningMessage>(
    (question) => (question.part === "map" ? refineMap(question.request) : tune(question.request)),
    ({ kind }) => kind,
  ),
);
