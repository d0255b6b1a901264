import { onUnmounted, shallowReactive } from "vue";
import {
  type ExplorerState,
  type FieldErrors,
  readSimulation,
  type Request,
  type SimulationSettings,
} from "./state.ts";
import type { SimulatedPoint, SimulationMessage, SimulationRequest } from "./simulationWorker.ts";

export interface SimulationRun {
  status: "idle" | "running" | "stopped" | "finished";
  completed: number;
  total: number;
  points: readonly SimulatedPoint[];
  settings: SimulationSettings | undefined;
  errors: FieldErrors;
  general: string;
}

const IDLE: SimulationRun = {
  status: "idle",
  completed: 0,
  total: 0,
  points: [],
  settings: undefined,
  errors: {},
  general: "",
};

/** Simulated networks beside the theory, in a worker of their own that a stop ends at once. */
export function useSimulation(state: ExplorerState) {
  const run = shallowReactive<SimulationRun>({ ...IDLE });
  let worker: Worker | undefined;

  function start(request: Request): void {
    clear();
    const read = readSimulation(state);
    if ("errors" in read) {
      run.errors = read.errors;
      return;
    }
    run.status = "running";
    run.settings = read.settings;
    worker = new Worker(new URL("./simulationWorker.ts", import.meta.url), { type: "module" });
    worker.addEventListener("message", ({ data }: MessageEvent<SimulationMessage>) => receive(data));
    worker.postMessage({ request, settings: read.settings } satisfies SimulationRequest);
  }

  function receive(message: SimulationMessage): void {
    if (message.kind === "errors") {
      end("idle");
      run.errors = message.errors;
      run.general = message.general ?? "";
      return;
    }
    Object.assign(run, { completed: message.completed, total: message.total, points: message.points });
    if (message.completed === message.total) end("finished");
  }

  function end(status: SimulationRun["status"]): void {
    worker?.terminate();
    worker = undefined;
    run.status = status;
  }

  /** Ends the run; what it has simulated stays. */
  function stop(): void {
    end("stopped");
  }

  /** Ends the run and forgets its points, which belong to another model. */
  function clear(): void {
    end("idle");
    Object.assign(run, IDLE);
  }

  onUnmounted(() => worker?.terminate());
  return { run, start, stop, clear };
}
