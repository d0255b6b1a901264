import { onUnmounted, shallowReactive } from "vue";
import type { Answer } from "../answering.ts";
import type { AxisName } from "../fields.ts";
import { ResponsiveWorker } from "../responsiveWorker.ts";
import type { MapRequest, PlaneMap } from "./planeMap.ts";
import type { TuningMessage, TuningQuestion } from "./tuningWorker.ts";
import type { TuneRequest } from "./tune.ts";

type TuningWorker = ResponsiveWorker<TuningQuestion, Answer<TuningMessage>>;

const create = () => new Worker(new URL("./tuningWorker.ts", import.meta.url), { type: "module" });

/** Finds the best value of one parameter at a time; `found` takes it. */
export function useTune(found: (name: AxisName, value: number) => void) {
  const tuning = shallowReactive<{ busy: AxisName | ""; name: AxisName | ""; text: string }>({
    busy: "",
    name: "",
    text: "",
  });
  let worker: TuningWorker | undefined;
  let newest = 0;

  function start(request: TuneRequest): void {
    worker ??= new ResponsiveWorker(create, receive, 100);
    Object.assign(tuning, { busy: request.name, name: request.name, text: "" });
    worker.ask({ id: ++newest, part: "tune", request });
  }

  function receive({ id, messages, complete }: Answer<TuningMessage>): void {
    if (id !== newest) return;
    for (const message of messages) {
      if (message.kind === "error") tuning.text = message.message;
      if (message.kind !== "best") continue;
      tuning.text = message.text;
      found(message.name, message.value);
    }
    if (complete) tuning.busy = "";
  }

  /** Ends the search, and forgets what it found. */
  function stop(): void {
    if (tuning.busy !== "") {
      worker?.close();
      worker = undefined;
      newest++;
    }
    Object.assign(tuning, { busy: "", name: "", text: "" });
  }

  onUnmounted(() => worker?.close());
  return { tuning, start, stop };
}

/** A map that gets finer as one waits. */
export function useMap() {
  const state = shallowReactive<{ map: PlaneMap | undefined; share: number; error: string; complete: boolean }>({
    map: undefined,
    share: 0,
    error: "",
    complete: true,
  });
  let worker: TuningWorker | undefined;
  let newest = 0;

  function ask(request: MapRequest): void {
    worker ??= new ResponsiveWorker(create, receive);
    state.complete = false;
    worker.ask({ id: ++newest, part: "map", request });
  }

  function receive({ id, messages, complete }: Answer<TuningMessage>): void {
    if (id !== newest) return;
    for (const message of messages) {
      if (message.kind === "map") Object.assign(state, { map: message.map, share: message.share, error: "" });
      if (message.kind === "error") state.error = message.message;
    }
    state.complete = complete;
  }

  /** Ends the work on a map that nobody looks at. */
  function stop(): void {
    worker?.close();
    worker = undefined;
    newest++;
    state.complete = true;
  }

  onUnmounted(() => worker?.close());
  return { state, ask, stop };
}
