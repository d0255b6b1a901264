import { computed, onMounted, onUnmounted, reactive, ref, shallowReactive, watch } from "vue";
import type { Answer } from "../answering.ts";
import { ResponsiveWorker } from "../responsiveWorker.ts";
import { useComputing } from "../useComputing.ts";
import type { BranchPicture } from "./branchPicture.ts";
import type { EquationsMessage } from "./calculate.ts";
import { type EquationsProblem, type EquationsRequest, type EquationsState, readEquations } from "./equationsState.ts";
import type { EquationsQuestion } from "./equationsWorker.ts";
import { placeOf } from "./placeOf.ts";
import type { SaddlePointSolution } from "../../../src/equations/index.ts";

/** Keeps curves and branches up to date with the problem, in a worker: the last good ones while something is wrong. */
export function useEquations(state: EquationsState) {
  const read = computed(() => readEquations(state));
  const picture = shallowReactive<{
    drawn: BranchPicture | undefined;
    ended: string;
    solution: SaddlePointSolution | undefined;
    complete: boolean;
    latency: number;
  }>({ drawn: undefined, ended: "", solution: undefined, complete: false, latency: NaN });
  const failed = ref<EquationsProblem>();
  const problem = computed(() => read.value.error ?? failed.value);
  const computing = useComputing();
  let worker: ResponsiveWorker<EquationsQuestion, Answer<EquationsMessage>> | undefined;
  const asked = reactive({ id: 0, at: 0 });
  let request: EquationsRequest | undefined;

  function ask(): void {
    asked.id++;
    request = read.value.request;
    if (!request) {
      // What is being computed belongs to an input that is gone.
      computing.end();
      picture.complete = true;
      return;
    }
    asked.at = performance.now();
    picture.complete = false;
    computing.start();
    worker?.ask({ id: asked.id, request });
  }

  function receive({ id, messages, complete }: Answer<EquationsMessage>): void {
    if (id !== asked.id) return;
    for (const message of messages) show(message);
    picture.complete = complete;
    if (!complete) return;
    computing.end();
    requestAnimationFrame(() => (picture.latency = performance.now() - asked.at));
  }

  function show(message: EquationsMessage): void {
    if (message.kind === "error") {
      const range = read.value.problem && placeOf(read.value.problem, message.blame);
      failed.value = { message: message.message, ...(range && { range }) };
      return;
    }
    failed.value = undefined;
    if (message.kind === "solution") {
      picture.solution = message.solution;
      return;
    }
    picture.drawn = { request: request!, branches: message.branches, events: message.events };
    picture.ended = message.ended ?? "";
  }

  const key = computed(() => JSON.stringify([read.value.request, read.value.error]));
  onMounted(() => {
    const create = () => new Worker(new URL("./equationsWorker.ts", import.meta.url), { type: "module" });
    worker = new ResponsiveWorker(create, receive);
    watch(key, ask, { immediate: true });
  });
  onUnmounted(() => worker?.close());
  return { read, picture, problem, computing: computing.shown };
}
