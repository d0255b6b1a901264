import { answering } from "../answering.ts";
import type { Request } from "../state.ts";
import { exponentsOf, statisticsCurve, type StatisticsMessage } from "./statisticsCurve.ts";

/** A curve of statistics, or the exponents of a target: each has a worker of its own. */
export type StatisticsQuestion =
  | { readonly id: number; readonly part: "curve"; readonly request: Request }
  | { readonly id: number; readonly part: "exponents"; readonly target: string };

/** Milliseconds without a change before the exponents of a target that is being typed. */
const PAUSE = 200;

addEventListener(
  "message",
  answering<StatisticsQuestion, StatisticsMessage>(
    (question) => (question.part === "curve" ? statisticsCurve(question.request) : exponentsOf(question.target)),
    ({ kind }) => kind,
    ({ part }) => (part === "exponents" ? PAUSE : 0),
  ),
);
