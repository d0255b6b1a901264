import { onMounted, onUnmounted, shallowReactive, watch } from "vue";
import { withSwept } from "../../../src/curve/sweep.ts";
import type { Answer } from "../answering.ts";
import { ResponsiveWorker } from "../responsiveWorker.ts";
import { type ExplorerState, readState } from "../state.ts";
import type { StatisticsCurve, StatisticsMessage } from "./statisticsCurve.ts";
import type { StatisticsQuestion } from "./statisticsWorker.ts";

type StatisticsWorker = ResponsiveWorker<StatisticsQuestion, Answer<StatisticsMessage>>;

/** The chosen quantity along the axis, and the exponents of the target. */
export function useStatistics(state: ExplorerState) {
  const result = shallowReactive<{ curve: StatisticsCurve | undefined; complete: boolean; exponents: string }>({
    curve: undefined,
    complete: true,
    exponents: "",
  });
  const newest = { curve: 0, exponents: 0 };
  const workers: { curve?: StatisticsWorker; exponents?: StatisticsWorker } = {};

  function workerOf(part: "curve" | "exponents"): StatisticsWorker {
    const create = () => new Worker(new URL("./statisticsWorker.ts", import.meta.url), { type: "module" });
    return (workers[part] ??= new ResponsiveWorker(create, (answer) => receive(part, answer)));
  }

  function receive(part: "curve" | "exponents", { id, messages, complete }: Answer<StatisticsMessage>): void {
    if (id !== newest[part]) return;
    for (const message of messages) {
      if (message.kind === "statistics") result.curve = message.curve;
      else result.exponents = message.text;
    }
    if (part === "curve") result.complete = complete;
  }

  /** What the curve depends on; the marked point moves along it. */
  function curveKey(): string {
    const read = readState(state);
    if (state.quantity === "errors" || state.view !== "curve" || "errors" in read) return "";
    const { model, axis, domain } = read.request;
    return JSON.stringify([withSwept(model, { [axis]: 0 }), axis, domain]);
  }

  onMounted(() => {
    watch(
      curveKey,
      (key) => {
        newest.curve++;
        const read = readState(state);
        if (key === "" || "errors" in read) return;
        Object.assign(result, { curve: undefined, complete: false });
        workerOf("curve").ask({ id: newest.curve, part: "curve", request: read.request });
      },
      { immediate: true },
    );
    watch(
      () => state.target.trim(),
      (target) => {
        result.exponents = "";
        workerOf("exponents").ask({ id: ++newest.exponents, part: "exponents", target });
      },
      { immediate: true },
    );
  });
  onUnmounted(() => Object.values(workers).forEach((worker) => worker.close()));
  return result;
}
