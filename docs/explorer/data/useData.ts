import { onMounted, onUnmounted, shallowReactive } from "vue";
import type { Answer } from "../answering.ts";
import { ResponsiveWorker } from "../responsiveWorker.ts";
import { useComputing } from "../useComputing.ts";
import type { DataMessage, DataRequest, Prediction, TableSummary } from "./dataCurves.ts";
import type { DataQuestion } from "./dataWorker.ts";

/** Predicts curves in a worker: what is there stays until the next one is. */
export function useData() {
  const result = shallowReactive<{
    table: TableSummary | undefined;
    prediction: Prediction | undefined;
    error: string;
    complete: boolean;
  }>({ table: undefined, prediction: undefined, error: "", complete: true });
  const computing = useComputing();
  let worker: ResponsiveWorker<DataQuestion, Answer<DataMessage>> | undefined;
  let newest = 0;

  function ask(request: DataRequest): void {
    newest++;
    result.complete = false;
    computing.start();
    worker?.ask({ id: newest, request });
  }

  function receive({ id, messages, complete }: Answer<DataMessage>): void {
    if (id !== newest) return;
    for (const message of messages) {
      if (message.kind === "table") Object.assign(result, { table: message.table, error: "" });
      else if (message.kind === "curve") result.prediction = message.prediction;
      else Object.assign(result, { error: message.message, prediction: undefined });
    }
    result.complete = complete;
    if (complete) computing.end();
  }

  onMounted(() => {
    const create = () => new Worker(new URL("./dataWorker.ts", import.meta.url), { type: "module" });
    worker = new ResponsiveWorker(create, receive, 100);
  });
  onUnmounted(() => worker?.close());
  return { result, computing: computing.shown, ask };
}
