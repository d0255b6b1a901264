import { answering } from "../answering.ts";
import { type DataMessage, type DataRequest, predict } from "./dataCurves.ts";

export interface DataQuestion {
  readonly id: number;
  readonly request: DataRequest;
}

addEventListener(
  "message",
  answering<DataQuestion, DataMessage>(
    ({ request }) => predict(request),
    ({ kind }) => kind,
  ),
);
