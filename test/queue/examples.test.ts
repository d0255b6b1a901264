import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import * as simulation from "../../src/simulation/index.ts";
import { type Built, builtLibrary } from "../built.ts";
import { runExample } from "../documentation/runExample.ts";
import { examplesOf } from "../documentation/sourceExamples.ts";
import { sourceFiles } from "../documentation/sources.ts";
import { hasRedis, RedisServer } from "./redisServer.ts";

const examples = sourceFiles()
  .filter((path) => path.startsWith("queue/"))
  .flatMap(examplesOf);

describe.skipIf(!hasRedis)("every @example of the queue gives what its comments say", () => {
  let built: Built;
  let redis: RedisServer;
  let queue: Record<string, unknown>;
  beforeAll(async () => {
    built = await builtLibrary();
    queue = (await built.load("queue/index.js")) as Record<string, unknown>;
    redis = await RedisServer.start();
    vi.stubEnv("REPLICA_THEORY_QUEUE", redis.url);
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await redis.stop();
  });

  test.each(examples)("$path:$line", async ({ code }) => {
    const modules = { "replica-theory/queue": queue, "replica-theory/simulation": simulation };
    const shown = await runExample(code, modules, {});
    expect(shown.length).toBeGreaterThan(0);
    for (const { got, promised } of shown) expect(got).toBe(promised);
  });
});
