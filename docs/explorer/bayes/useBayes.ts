import { onMounted, onUnmounted, shallowRef, watch } from "vue";
import { withSwept } from "../../../src/curve/sweep.ts";
import type { Answer } from "../answering.ts";
import { ResponsiveWorker } from "../responsiveWorker.ts";
import { type ExplorerModel, type ExplorerState, readState } from "../state.ts";
import { type BayesLine, samplesOfSteps } from "./bayesLine.ts";
import type { BayesQuestion } from "./bayesWorker.ts";

/** The Bayes-optimal line beside the errors, while it is wanted. */
export function useBayes(state: ExplorerState) {
  const line = shallowRef<BayesLine>();
  let newest = 0;
  let worker: ResponsiveWorker<BayesQuestion, Answer<BayesLine>> | undefined;

  /** What the line depends on; the marked point moves along it. */
  function key(): string {
    const read = readState(state);
    if (!state.bayes || state.quantity !== "errors" || state.view !== "curve" || "errors" in read) return "";
    const { axis, domain, model } = read.request;
    const { target, sampleRatio, labelNoise } = model;
    const still = withSwept(model, { [axis]: 0 }) as ExplorerModel;
    const shown = { target, sampleRatio, labelNoise, stepSampleRatio: String(samplesOfSteps(still)), [axis]: 0 };
    return JSON.stringify([shown, axis, domain]);
  }

  function ask(key: string): void {
    newest++;
    line.value = undefined;
    const read = readState(state);
    if (key === "" || "errors" in read) return;
    const create = () => new Worker(new URL("./bayesWorker.ts", import.meta.url), { type: "module" });
    worker ??= new ResponsiveWorker(create, ({ id, messages }) => {
      if (id === newest) line.value = messages.at(-1) ?? line.value;
    });
    worker.ask({ id: newest, request: read.request });
  }

  onMounted(() => watch(key, ask, { immediate: true }));
  onUnmounted(() => worker?.close());
  return line;
}
