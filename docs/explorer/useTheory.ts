import { onMounted, onUnmounted, reactive, shallowReactive, watch } from "vue";
import type { CurveRow } from "../../src/index.ts";
import { type ExplorerState, type FieldErrors, readState, type Request } from "./state.ts";
import type { LearnedFunctions, TheoryMessage, TheoryName } from "./theory.ts";
import type { TheoryAnswer, TheoryRequest } from "./theoryWorker.ts";

/** The picture: the last good one while the input is wrong. */
export interface Picture {
  /** What the curves belong to. */
  request: Request | undefined;
  rows: Record<TheoryName, readonly CurveRow[]>;
  functions: LearnedFunctions | undefined;
  complete: boolean;
  /** Milliseconds from the last change of the input to its first picture. */
  latency: number;
}

/** Keeps a picture up to date with the state, in a worker. */
export function useTheory(state: ExplorerState) {
  const picture = shallowReactive<Picture>({
    request: undefined,
    rows: { network: [], srf: [] },
    functions: undefined,
    complete: false,
    latency: NaN,
  });
  const problems = reactive<{ errors: FieldErrors; general: string }>({ errors: {}, general: "" });
  let worker: Worker | undefined;
  let asked: { id: number; request: Request; at: number } = { id: 0, request: undefined as never, at: 0 };

  function ask(): void {
    const read = readState(state);
    if ("errors" in read) {
      // Whatever is under way belongs to an input that is gone.
      asked = { ...asked, id: asked.id + 1 };
      setProblems(read.errors);
      return;
    }
    asked = { id: asked.id + 1, request: read.request, at: performance.now() };
    worker?.postMessage({ id: asked.id, request: read.request } satisfies TheoryRequest);
  }

  function setProblems(errors: FieldErrors, general = ""): void {
    problems.errors = errors;
    problems.general = general;
  }

  function receive({ id, messages, complete }: TheoryAnswer): void {
    if (id !== asked.id) return;
    for (const message of messages) show(message);
    picture.complete = complete;
  }

  function show(message: TheoryMessage): void {
    if (message.kind === "errors") {
      setProblems(message.errors, message.general);
      return;
    }
    setProblems({});
    if (message.kind === "functions") picture.functions = message.functions;
    else {
      const isFirst = picture.request !== asked.request;
      // Curves over another axis cannot stay beside these.
      const others = picture.request?.axis === asked.request.axis ? picture.rows : { network: [], srf: [] };
      picture.rows = { ...others, [message.theory]: message.rows };
      picture.request = asked.request;
      if (isFirst) requestAnimationFrame(() => (picture.latency = performance.now() - asked.at));
    }
  }

  onMounted(() => {
    worker = new Worker(new URL("./theoryWorker.ts", import.meta.url), { type: "module" });
    worker.addEventListener("message", ({ data }: MessageEvent<TheoryAnswer>) => receive(data));
    watch(state, ask, { immediate: true });
  });
  onUnmounted(() => worker?.terminate());
  return { picture, problems };
}
