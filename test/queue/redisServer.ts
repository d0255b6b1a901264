import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";

/** Whether Debian's redis-server is installed; the tests that need it are skipped with a message where it is not. */
export const hasRedis = spawnSync("redis-server", ["--version"]).status === 0;
if (!hasRedis)
  console.warn("redis-server is not installed: tests of the queue are skipped (apt-get install redis-server)");

/** A Redis server of its own on a free loopback port, its data in a directory of its own. */
export class RedisServer {
  private process: ChildProcess | undefined;

  private constructor(
    readonly port: number,
    private readonly directory: string,
    private readonly settings: readonly string[],
  ) {}

  static async start(...settings: string[]): Promise<RedisServer> {
    const server = new RedisServer(await freePort(), mkdtempSync(join(tmpdir(), "redis-")), settings);
    await server.resume();
    return server;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** Starts the server on what it left on the disk. */
  async resume(): Promise<void> {
    const base = ["--port", String(this.port), "--bind", "127.0.0.1", "--dir", this.directory, "--save", ""];
    this.process = spawn("redis-server", [...base, ...this.settings], { stdio: "ignore" });
    for (let attempt = 0; attempt < 100; attempt++) {
      if (await answers(this.port)) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    await this.stop();
    throw new Error("redis-server does not start");
  }

  /** Ends the server at once, without a chance to write. */
  async kill(): Promise<void> {
    const { process } = this;
    if (process?.exitCode !== null || process.signalCode !== null) return;
    const ended = new Promise((resolve) => process.once("exit", resolve));
    process.kill("SIGKILL");
    await ended;
  }

  async stop(): Promise<void> {
    await this.kill();
    rmSync(this.directory, { recursive: true });
  }

  /** Runs commands on a connection of their own. */
  async use<T>(work: (client: Redis) => Promise<T>, options: { password?: string } = {}): Promise<T> {
    const client = new Redis({ port: this.port, host: "127.0.0.1", ...options });
    try {
      return await work(client);
    } finally {
      client.disconnect();
    }
  }
}

/** A port that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Whether a server is there and has loaded its data; it may ask for a password. */
async function answers(port: number): Promise<boolean> {
  const client = new Redis({ port, host: "127.0.0.1", lazyConnect: true, retryStrategy: () => null });
  let refused = false;
  client.on("error", (error: NodeJS.ErrnoException) => {
    refused = error.code !== undefined;
  });
  try {
    await client.connect();
    return true;
  } catch {
    return !refused;
  } finally {
    client.disconnect();
  }
}
