import { Redis } from "ioredis";
import process from "node:process";
import { setTimeout } from "node:timers/promises";
import { type QueueAddress, readAddress } from "./address.ts";

/** The queue cannot be used. Its message names the server, never the credentials. */
export class QueueError extends Error {
  override readonly name = "QueueError";
  constructor(
    /** The address without credentials. */
    readonly queue: string,
    readonly reason: string,
  ) {
    super(`queue ${queue}: ${reason}`);
  }
}

/** A checked connection to a Redis server; it reconnects by itself when the server comes back. */
export interface Connection {
  readonly shown: string;
  readonly client: Redis;
  /** Ends the connection. */
  close(): void;
}

/** Where the queue is, and who is told of it. */
export interface ConnectionOptions {
  /** redis:// or rediss:// URL; default the environment variable REPLICA_THEORY_QUEUE. */
  readonly queue?: string;
  /** One line for the user: a lost connection, a full server. */
  readonly log?: (line: string) => void;
  /** Whether a server that cannot be reached is waited for, which is logged; default false. */
  readonly wait?: boolean;
  /** Ends the waiting. */
  readonly signal?: AbortSignal;
}

const connectSeconds = 10;
const slowestRetry = 5000;

/**
 * Connects to a Redis server and checks that a queue can live there. The first connection fails at once, unless it is to `wait`; a later
 * loss is waited out.
 *
 * @throws ParameterError if the URL is none.
 * @throws QueueError if the server is unreachable, refuses the credentials, is too old, or may evict keys.
 *
 * @example
 * ```ts
 * import { connect } from "replica-theory/queue";
 * // To the server that REPLICA_THEORY_QUEUE names.
 * const connection = await connect({});
 * console.log(connection.client.status); // ready
 * connection.close();
 * ```
 */
export async function connect(options: ConnectionOptions): Promise<Connection> {
  const { queue, log = () => undefined, wait = false, signal } = options;
  const address = readAddress(queue, process.env);
  for (let attempt = 0; ; attempt++) {
    try {
      return await connectOnce(address, log);
    } catch (error) {
      const away = error instanceof QueueError && error.reason.startsWith(AWAY);
      if (!(wait && away) || signal?.aborted === true) throw error;
      if (attempt === 0) log(`${error.message}; waiting for it`);
      await setTimeout(retryDelay(attempt), undefined, { ...(signal && { signal }) }).catch(() => undefined);
    }
  }
}

/** How the reason of a server begins that may come back. */
const AWAY = "cannot be reached";

const retryDelay = (attempt: number): number => Math.min(100 * 2 ** Math.min(attempt, 10), slowestRetry);

async function connectOnce(address: QueueAddress, log: (line: string) => void): Promise<Connection> {
  let connected = false;
  let lastError: Error | undefined;
  const client = new Redis({
    ...clientOptions(address),
    lazyConnect: true,
    connectTimeout: connectSeconds * 1000,
    // Commands wait for the server to come back.
    maxRetriesPerRequest: null,
    retryStrategy: (attempt) => (connected ? retryDelay(attempt) : null),
  });
  client.on("error", (error: Error) => {
    lastError = error;
  });
  const close = (): void => {
    client.removeAllListeners("close");
    client.disconnect();
  };
  try {
    await client.connect();
    checkServer(address.shown, await client.info());
  } catch (error) {
    close();
    if (error instanceof QueueError) throw error;
    throw new QueueError(address.shown, connectionReason(address, lastError ?? (error as Error)));
  }
  connected = true;
  client.on("close", () => log(`queue ${address.shown}: connection lost, trying again`));
  client.on("ready", () => log(`queue ${address.shown}: connected again`));
  return { shown: address.shown, client, close };
}

function clientOptions({ host, port, database, tls, username, password }: QueueAddress): object {
  return {
    host,
    port,
    db: database,
    ...(tls && { tls: {} }),
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
  };
}

/** @throws QueueError for a version without what BullMQ needs, or a server that may drop trials when it is full. */
function checkServer(shown: string, info: string): void {
  const field = (name: string): string | undefined => new RegExp(`^${name}:(.*?)\\r?$`, "m").exec(info)?.[1];
  const [major = 0, minor = 0] = (field("redis_version") ?? "").split(".").map(Number);
  if (!(major > 6 || (major === 6 && minor >= 2))) {
    throw new QueueError(shown, `Redis ${field("redis_version") ?? "of unknown version"} is too old: 6.2 or later`);
  }
  const policy = field("maxmemory_policy");
  if (policy !== undefined && policy !== "noeviction" && field("maxmemory") !== "0") {
    throw new QueueError(
      shown,
      `it drops keys when memory is full (maxmemory-policy ${policy}); results would be lost: set noeviction`,
    );
  }
}

function connectionReason(address: QueueAddress, error: Error): string {
  const { message, code } = error as NodeJS.ErrnoException;
  if (/WRONGPASS|NOAUTH|NOPERM|invalid password/i.test(message)) {
    const given = address.password === undefined ? "needs a password" : "refuses the user name or password";
    return `the server ${given}`;
  }
  if (/ETIMEDOUT|timed? ?out/i.test(message)) return `${AWAY}: no answer within ${connectSeconds} s`;
  return `${AWAY}: ${code === undefined ? message : `${code}, ${message}`}`;
}

/** Whether a command failed because the server's memory is full. */
export function isFull(error: unknown): boolean {
  return error instanceof Error && /\bOOM\b/.test(error.message);
}

export const fullReason =
  "Redis is full (maxmemory, noeviction): give it more memory or remove finished runs; what it holds is safe";
