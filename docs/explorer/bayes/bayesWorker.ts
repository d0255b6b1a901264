import { answering } from "../answering.ts";
import type { Request } from "../state.ts";
import { bayesLine, type BayesLine } from "./bayesLine.ts";

export interface BayesQuestion {
  readonly id: number;
  readonly request: Request;
}

/** Milliseconds without a change before the work begins: a point takes some. */
const PAUSE = 150;

addEventListener(
  "message",
  answering<BayesQuestion, BayesLine>(
    ({ request }) => bayesLine(request),
    ({ kind }) => kind,
    () => PAUSE,
  ),
);
