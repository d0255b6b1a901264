import type { EquationsRequest } from "./equationsState.ts";
import { calculate, type EquationsMessage } from "./calculate.ts";
import { answering } from "../answering.ts";

export interface EquationsQuestion {
  readonly id: number;
  readonly request: EquationsRequest;
}

addEventListener(
  "message",
  answering<EquationsQuestion, EquationsMessage>(
    ({ request }) => calculate(request),
    ({ kind }) => kind,
  ),
);
