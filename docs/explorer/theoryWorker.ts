import type { Request } from "./state.ts";
import { emptyCache, explore, exploreNetworkSpectrum, exploreSpectra, type TheoryMessage } from "./theory.ts";

/** A request with its number; a newer one ends the work on it. */
export interface TheoryRequest {
  readonly id: number;
  readonly request: Request;
  readonly part: Part;
}

/** The curves and functions, and spectra: each part has a worker of its own. */
export type Part = "curves" | "spectra" | "networkSpectrum";
const CALCULATIONS = { curves: explore, spectra: exploreSpectra, networkSpectrum: exploreNetworkSpectrum };

/** A piece of the answer; the last one is marked. */
export interface TheoryAnswer {
  readonly id: number;
  readonly messages: readonly TheoryMessage[];
  readonly complete: boolean;
}

/** Milliseconds of work between two looks at the mail. */
const SLICE = 12;
/** Milliseconds without a change before the longest calculation, which nothing interrupts, begins. */
const PAUSE = 150;

const cache = emptyCache();
let newest = 0;

const { port1, port2 } = new MessageChannel();
const waiting: (() => void)[] = [];
port1.onmessage = () => waiting.shift()?.();
/** Lets messages in; timers would be held back by the browser. */
const nextTask = () =>
  new Promise<void>((resolve) => {
    waiting.push(resolve);
    port2.postMessage(null);
  });

/** Later messages of a kind replace earlier ones. */
function kindOf(message: TheoryMessage): string {
  return message.kind === "curve" ? message.theory : message.kind;
}

async function answer({ id, request, part }: TheoryRequest): Promise<void> {
  // While a slider moves, requests come faster than they are answered: only the newest counts.
  await (part === "networkSpectrum" ? new Promise((resolve) => setTimeout(resolve, PAUSE)) : nextTask());
  if (id !== newest) return;
  const news = new Map<string, TheoryMessage>();
  const post = (complete: boolean) => {
    const messages = [...news.values()];
    news.clear();
    postMessage({ id, messages, complete } satisfies TheoryAnswer);
  };
  const shown = new Set<string>();
  let until = performance.now() + SLICE;
  for (const message of CALCULATIONS[part](request, cache)) {
    if (message) news.set(kindOf(message), message);
    // The first picture of its kind goes out at once.
    const isFirst = message && !shown.has(kindOf(message));
    if (isFirst) shown.add(kindOf(message));
    if (isFirst || performance.now() > until) {
      if (news.size > 0) post(false);
      await nextTask();
      if (id !== newest) return;
      until = performance.now() + SLICE;
    }
  }
  post(true);
}

addEventListener("message", ({ data }: MessageEvent<TheoryRequest>) => {
  newest = data.id;
  void answer(data);
});
