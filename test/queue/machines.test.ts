import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { specify } from "../../src/simulation/index.ts";
import type { TrialRecord } from "../../src/simulation/trialRecord.ts";
import { version } from "../../src/version.ts";
import { type Built, builtLibrary } from "../built.ts";
import { CliProcess, until } from "./processes.ts";
import { hasRedis, RedisServer } from "./redisServer.ts";
import { description } from "./scenario.ts";

type Queue = typeof import("../../src/queue/index.ts");
type Simulation = typeof import("../../src/simulation/index.ts");

const trials = 200;
// Large enough for a signal to hit a worker in mid-trial.
const grid = { sampleRatios: [0.5, 1.2], dimension: 50, testSamples: 5000, seed: 7 };

describe.skipIf(!hasRedis)("laws: machines that fail", () => {
  let built: Built;
  let redis: RedisServer;
  beforeAll(async () => {
    built = await builtLibrary();
    redis = await RedisServer.start("--appendonly", "yes", "--appendfsync", "always");
  });
  afterAll(() => redis.stop());

  it("200 trials, a worker killed in mid-trial, one stopped, Redis killed and started again: one result each", async () => {
    const queue = (await built.load("queue/index.js")) as Queue;
    const simulation = (await built.load("simulation/index.js")) as Simulation;
    const workers = [1, 2, 3].map(() => {
      const options = ["--backend", "wasm", "--concurrency", "2", "--lock-seconds", "2"];
      return new CliProcess(built.directory, ["worker", "--queue", redis.url, ...options]);
    });
    await Promise.all(workers.map((worker) => worker.prints(/is ready/)));
    const lines: string[] = [];
    const log = (line: string): void => void lines.push(line);
    const connection = await queue.connect({ queue: redis.url, log });
    const specification = specify(description, grid);
    const run = await queue.submit(connection, { specification, backend: "wasm", trials });
    const completed = (): Promise<number> => connection.client.hlen(`replica-theory:results:${run.run}`);
    const waiting = queue.waitForRun(connection, run, { log });

    await until(async () => (await completed()) >= 20);
    await killInMidTrial(workers[0]!, redis);
    await until(async () => (await completed()) >= 60);
    workers[1]!.kill("SIGTERM");
    expect(await workers[1]!.ended).toBe(0);
    expect(workers[1]!.output).toMatch(/worker stopped after [1-9]\d* trials/);
    await until(async () => (await completed()) >= 90);
    await redis.kill();
    await redis.resume();
    const result = await waiting;
    expect(lines.join()).toContain("connection lost");
    const stored = await connection.client.hgetall(`replica-theory:results:${run.run}`);
    connection.close();
    workers[2]!.kill("SIGTERM");
    expect(await workers[2]!.ended).toBe(0);

    const inProcess = await simulation.simulate(description, { ...grid, trials, workers: 2, backend: "wasm" });
    expect(Object.keys(stored).length).toBe(trials);
    expect(result.trials).toEqual(inProcess.trials);
    expect(result.points).toEqual(inProcess.points);
    const records = Object.entries(stored).map(([id, line]) => ({ id, record: JSON.parse(line) as TrialRecord }));
    for (const { id, record } of records) expect(record.trial).toBe(Number(id));
  });
});

/** Stops a worker in its tracks, makes sure that it holds trials, and ends it. */
async function killInMidTrial(worker: CliProcess, redis: RedisServer): Promise<void> {
  const holds = (): Promise<boolean> =>
    redis.use(async (client) => {
      const key = `replica-theory:trials-${version}-wasm`;
      for (const id of await client.lrange(`${key}:active`, 0, -1)) {
        if ((await client.hget(`${key}:${id}`, "pb"))?.endsWith(`-${worker.pid}`)) return true;
      }
      return false;
    });
  do {
    worker.kill("SIGCONT");
    await new Promise((resolve) => setTimeout(resolve, 10));
    worker.kill("SIGSTOP");
  } while (!(await holds()));
  worker.kill("SIGKILL");
  await worker.ended;
}
