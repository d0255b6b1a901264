import { Queue as BullQueue } from "bullmq";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { specify } from "../../src/simulation/index.ts";
import { version } from "../../src/version.ts";
import { type Built, builtLibrary } from "../built.ts";
import { freePort, hasRedis, RedisServer } from "./redisServer.ts";
import { CliProcess, until } from "./processes.ts";
import { description, grid, modelArguments } from "./scenario.ts";

type Queue = typeof import("../../src/queue/index.ts");
type Worker = Awaited<ReturnType<Queue["startWorker"]>>;

const password = "s3cret-passphrase";
const specification = specify(description, grid);
const prefix = "replica-theory";

describe.skipIf(!hasRedis)("laws: what fails says so, and nothing is lost", () => {
  let built: Built;
  let queue: Queue;
  let redis: RedisServer;
  let lines: string[];
  let workers: Worker[];
  const log = (line: string): void => void lines.push(line);
  const startWorker = async (options: object = {}): Promise<Worker> => {
    const worker = await queue.startWorker({ queue: url(), backend: "wasm", concurrency: 2, log, ...options });
    workers.push(worker);
    return worker;
  };
  const url = (): string => redis.url.replace("//", `//:${password}@`);
  const bullQueue = async (use: (trials: BullQueue) => Promise<void>): Promise<void> =>
    redis.use(
      async (client) => {
        const trials = new BullQueue(`trials-${version}-wasm`, { connection: client, prefix });
        await use(trials).finally(() => trials.close());
      },
      { password },
    );

  beforeAll(async () => {
    built = await builtLibrary();
    queue = (await built.load("queue/index.js")) as Queue;
  });
  beforeEach(async () => {
    [lines, workers] = [[], []];
    redis = await RedisServer.start("--requirepass", password);
  });
  afterEach(async () => {
    await Promise.all(workers.map((worker) => worker.close()));
    await redis.stop();
  });

  it("a worker that starts while its server is away waits for it, and says so once", async () => {
    await redis.kill();
    const starting = startWorker();
    await until(() => lines.length > 0);
    await redis.resume();
    expect((await starting).completed).toBe(0);
    const waiting = /^queue redis:\/\/127.0.0.1:\d+\/0: cannot be reached: ECONNREFUSED.*; waiting for it$/;
    expect(lines.filter((line) => waiting.test(line))).toHaveLength(1);
    expect(lines.join("\n")).not.toMatch(/^\s+at /m);
  });

  it("a wrong or missing password, an unreachable server: one line without the password", async () => {
    const wrong = redis.url.replace("//", "//:wrong-passphrase@");
    await expect(queue.connect({ queue: wrong })).rejects.toThrow(
      `queue ${redis.url}/0: the server refuses the user name`,
    );
    await expect(queue.connect({ queue: redis.url })).rejects.toThrow("the server needs a password");
    const nobody = `redis://:${password}@127.0.0.1:${await freePort()}`;
    const error = await queue.connect({ queue: nobody }).catch((caught: unknown) => caught as Error);
    expect((error as Error).message).toMatch(/^queue redis:\/\/127.0.0.1:\d+\/0: cannot be reached: ECONNREFUSED/);
    const { inspect } = await import("node:util");
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(password);
  });

  it("a server that drops keys when full is refused", async () => {
    await redis.use((client) => client.config("SET", "maxmemory-policy", "allkeys-lru"), { password });
    await redis.use((client) => client.config("SET", "maxmemory", "100mb"), { password });
    await expect(startWorker()).rejects.toThrow(/drops keys when memory is full \(maxmemory-policy allkeys-lru\)/);
  });

  it("the command line: same errors, exit code 1, and the password in no process title", async () => {
    const status = new CliProcess(built.directory, ["status", "--queue", redis.url.replace("//", "//:wrong-one@")]);
    expect(await status.ended).toBe(1);
    expect(status.output).toBe(`error: queue ${redis.url}/0: the server refuses the user name or password\n`);
    const worker = new CliProcess(built.directory, ["worker", "--queue", url(), "--backend", "wasm"]);
    await worker.prints(/is ready/);
    const { readFileSync, existsSync } = await import("node:fs");
    const title = `/proc/${worker.pid}/cmdline`;
    if (existsSync(title)) expect(readFileSync(title, "utf8")).not.toContain(password);
    const environment = { REPLICA_THEORY_QUEUE: redis.url, REPLICA_THEORY_QUEUE_PASSWORD: password };
    const run = new CliProcess(
      built.directory,
      ["simulate", ...modelArguments, "--trials", "5", "--queue"],
      environment,
    );
    expect(await run.ended).toBe(0);
    expect(run.output).toMatch(/^sampleRatio,ridge,dimension,trials,seed,testError.mean/m);
    worker.kill("SIGTERM");
    expect(await worker.ended).toBe(0);
    expect(worker.output + run.output).not.toContain(password);
  });

  it("a full server: the submission fails and can be repeated; results are kept until there is room", async () => {
    const connection = await queue.connect({ queue: url() });
    const limit = (bytes: number): Promise<unknown> =>
      redis.use((client) => client.config("SET", "maxmemory", bytes), { password });
    await limit(1);
    const submission = { specification, backend: "wasm", trials: 30 } as const;
    await expect(queue.submit(connection, submission)).rejects.toThrow(/Redis is full \(maxmemory, noeviction\)/);
    await limit(0);
    const run = await queue.submit(connection, submission);
    await limit(1);
    await startWorker({ lockSeconds: 1 });
    await until(() => lines.some((line) => line.includes("Redis is full")));
    await limit(0);
    const { trials } = await queue.waitForRun(connection, run);
    expect(trials.map(({ trial }) => trial)).toEqual(Array.from({ length: 30 }, (_, trial) => trial));
    connection.close();
  });

  it("malformed jobs and jobs of another version are refused with the reason and stay among the failed", async () => {
    const job = { version, run: "0123456789abcdef", backend: "wasm", specification, trial: 0 };
    const cases = {
      "no-job": [{ hello: 1 }, /malformed: version/],
      "no-trial": [{ ...job, trial: -1 }, /malformed: trial/],
      "no-dimension": [{ ...job, specification: { ...specification, dimension: 1 } }, /specification\.dimension/],
      "another-run": [job, /its parameters are not those of the run it names/],
      "another-version": [{ ...job, version: "0.0.1" }, /of replica-theory 0\.0\.1 and this is .*results could differ/],
    } as const;
    await startWorker();
    await bullQueue(async (trials) => {
      for (const [jobId, [data]] of Object.entries(cases)) await trials.add("trial", data, { jobId, attempts: 3 });
      await until(async () => (await trials.getFailedCount()) === Object.keys(cases).length);
      for (const [jobId, [, reason]] of Object.entries(cases)) {
        const failed = await trials.getJob(jobId);
        expect(failed!.failedReason).toMatch(reason);
        expect(failed!.attemptsMade).toBe(1);
      }
    });
  });

  it("a worker leaves trials of another version and backend alone and says so", async () => {
    await redis.use(
      async (client) => {
        await client.sadd(`${prefix}:queues`, "0.0.1 wasm");
        const other = new BullQueue("trials-0.0.1-wasm", { connection: client, prefix });
        await other.add("trial", { version: "0.0.1" }, { jobId: "other-0" });
        await startWorker();
        expect(lines.join()).toMatch(
          /refused: 1 trials of replica-theory 0\.0\.1 with wasm wait for a worker of that version/,
        );
        expect(await other.getWaitingCount()).toBe(1);
        await other.close();
      },
      { password },
    );
  });

  it("a run whose trials fail names them, keeps the others, and can be submitted again", async () => {
    const connection = await queue.connect({ queue: url() });
    const run = await queue.submit(connection, { specification, backend: "wasm", trials: 4 });
    await bullQueue(async (trials) => {
      const job = await trials.getJob(`${run.run}-trial-2`);
      await job!.updateData({ ...(job!.data as object), version: "0.0.1" });
      await startWorker();
      await expect(queue.waitForRun(connection, run)).rejects.toThrow(
        /1 of 4 trials failed \(trial 2: the job is of replica-theory 0\.0\.1.*submit the run again/,
      );
      const { runs } = await queue.status(connection);
      expect(runs).toMatchObject([{ run: run.run, trials: 4, completed: 3, failed: [{ job: `${run.run}-trial-2` }] }]);
      await job!.updateData({ ...(job!.data as object), version });
    });
    const result = await queue.waitForRun(connection, await queue.submit(connection, run));
    expect(result.trials.length).toBe(4);
    connection.close();
  });

  it("the lock is renewed while a trial takes longer than it lasts", async () => {
    const long = specify(description, { ...grid, dimension: 150, testSamples: 200_000 });
    const connection = await queue.connect({ queue: url() });
    const run = await queue.submit(connection, { specification: long, backend: "wasm", trials: 1 });
    const worker = await startWorker({ lockSeconds: 0.5 });
    const start = performance.now();
    await queue.waitForRun(connection, run);
    expect(performance.now() - start).toBeGreaterThan(500);
    expect(lines).toEqual([]);
    expect(worker.completed).toBe(1);
    connection.close();
  });

  it("a run that grows runs only the new trials, and one trial has no standard error", async () => {
    const connection = await queue.connect({ queue: url() });
    const worker = await startWorker();
    const submission = { specification, backend: "wasm" } as const;
    const one = await queue.waitForRun(connection, await queue.submit(connection, { ...submission, trials: 1 }));
    expect(one.points[0]!.testError.standardError).toBeNaN();
    const five = await queue.waitForRun(connection, await queue.submit(connection, { ...submission, trials: 5 }));
    expect(five.trials[0]).toEqual(one.trials[0]);
    await until(() => worker.completed === 5);
    await queue.waitForRun(connection, await queue.submit(connection, { ...submission, trials: 5 }));
    expect(worker.completed).toBe(5);
    connection.close();
  });
});
