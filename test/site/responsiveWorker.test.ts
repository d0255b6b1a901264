import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ResponsiveWorker, type WorkerLike } from "../../docs/explorer/responsiveWorker.ts";

interface Question {
  readonly id: number;
}
interface Reply {
  readonly id: number;
  readonly complete: boolean;
}

/** A worker that answers when the test says so. */
class FakeWorker implements WorkerLike {
  readonly asked: number[] = [];
  terminated = false;
  private listener: ((event: { readonly data: unknown }) => void) | undefined;
  postMessage(message: unknown): void {
    this.asked.push((message as Question).id);
  }
  terminate(): void {
    this.terminated = true;
  }
  addEventListener(_type: "message", listener: (event: { readonly data: unknown }) => void): void {
    this.listener = listener;
  }
  answer(reply: Reply): void {
    this.listener?.({ data: reply });
  }
}

let workers: FakeWorker[];
let received: Reply[];
let responsive: ResponsiveWorker<Question, Reply>;

beforeEach(() => {
  vi.useFakeTimers();
  [workers, received] = [[], []];
  const create = (): FakeWorker => {
    const worker = new FakeWorker();
    workers.push(worker);
    return worker;
  };
  responsive = new ResponsiveWorker<Question, Reply>(create, (reply) => void received.push(reply), 100);
});
afterEach(() => vi.useRealTimers());

test("a worker that sees its requests is kept, and answers to old ones are dropped", () => {
  responsive.ask({ id: 1 });
  workers[0]!.answer({ id: 1, complete: false });
  responsive.ask({ id: 2 });
  workers[0]!.answer({ id: 1, complete: true });
  workers[0]!.answer({ id: 2, complete: true });
  vi.advanceTimersByTime(1000);
  expect(workers).toHaveLength(1);
  expect(workers[0]!.asked).toEqual([1, 2]);
  expect(received).toEqual([
    { id: 1, complete: false },
    { id: 2, complete: true },
  ]);
});

test("a worker at something endless is replaced, and the newest request starts at once", () => {
  responsive.ask({ id: 1 });
  workers[0]!.answer({ id: 1, complete: false });
  responsive.ask({ id: 2 });
  vi.advanceTimersByTime(50);
  responsive.ask({ id: 3 });
  vi.advanceTimersByTime(49);
  expect(workers[0]!.terminated).toBe(false);
  vi.advanceTimersByTime(2);
  expect(workers.map(({ terminated }) => terminated)).toEqual([true, false]);
  expect(workers[1]!.asked).toEqual([3]);
  // What the old one still sends does not count.
  workers[0]!.answer({ id: 3, complete: true });
  expect(received).toHaveLength(1);
  workers[1]!.answer({ id: 3, complete: true });
  expect(received.at(-1)).toEqual({ id: 3, complete: true });
  // From now on another one is ready.
  expect(workers).toHaveLength(3);
  responsive.ask({ id: 4 });
  vi.advanceTimersByTime(101);
  expect(workers[2]!.asked).toEqual([4]);
  responsive.close();
  expect(workers.every(({ terminated }) => terminated)).toBe(true);
});
