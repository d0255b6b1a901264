/** A piece of the answer to a request; the last one is marked. */
export interface Answer<Message> {
  readonly id: number;
  readonly messages: readonly Message[];
  readonly complete: boolean;
}

/** Milliseconds of work between two looks at the mail. */
const SLICE = 12;

/**
 * Listener of a worker that answers the newest request piece by piece; a newer one ends the work on it.
 *
 * @param calculate yields messages, and nothing where it may be interrupted
 * @param kindOf later messages of a kind replace earlier ones
 * @param pause milliseconds without a newer request before the work begins
 */
export function answering<Request extends { readonly id: number }, Message>(
  calculate: (request: Request) => Iterable<Message | undefined>,
  kindOf: (message: Message) => string,
  pause: (request: Request) => number = () => 0,
): (event: MessageEvent<Request>) => void {
  let newest = 0;
  const nextTask = taskQueue();

  async function answer(request: Request): Promise<void> {
    const { id } = request;
    const news = new Map<string, Message>();
    const post = (complete: boolean) => {
      const messages = [...news.values()];
      news.clear();
      postMessage({ id, messages, complete } satisfies Answer<Message>);
    };
    // Whoever asked learns that the worker is not at anything else.
    post(false);
    const wait = pause(request);
    // While a slider moves, requests come faster than they are answered: only the newest counts.
    await (wait > 0 ? new Promise((resolve) => setTimeout(resolve, wait)) : nextTask());
    if (id !== newest) return;
    const shown = new Set<string>();
    let until = performance.now() + SLICE;
    for (const message of calculate(request)) {
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

  return ({ data }) => {
    newest = data.id;
    void answer(data);
  };
}

/** Lets messages in; timers would be held back by the browser. */
function taskQueue(): () => Promise<void> {
  const { port1, port2 } = new MessageChannel();
  const waiting: (() => void)[] = [];
  port1.onmessage = () => waiting.shift()?.();
  return () =>
    new Promise<void>((resolve) => {
      waiting.push(resolve);
      port2.postMessage(null);
    });
}
