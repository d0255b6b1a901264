import { ParameterError } from "../errors.ts";

/** Where the queue is, with the credentials apart from what may be shown. */
export interface QueueAddress {
  /** Without user name and password: for messages. */
  readonly shown: string;
  readonly host: string;
  readonly port: number;
  readonly database: number;
  readonly tls: boolean;
  readonly username?: string;
  readonly password?: string;
}

/**
 * Names of the environment variables that stand for the address and its credentials.
 *
 * @example
 * ```ts
 * import { environmentNames } from "replica-theory/queue";
 * console.log(environmentNames.url); // REPLICA_THEORY_QUEUE
 * ```
 */
export const environmentNames = {
  url: "REPLICA_THEORY_QUEUE",
  username: "REPLICA_THEORY_QUEUE_USERNAME",
  password: "REPLICA_THEORY_QUEUE_PASSWORD",
} as const;

const legal =
  "redis://host:port/database, or rediss:// for TLS, with user:password@ before the host (percent-encoded) or the password in " +
  environmentNames.password;

/**
 * Reads the address of a Redis server.
 *
 * @param url redis://[user[:password]@]host[:port][/database], or rediss:// for TLS; default the environment variable
 *   REPLICA_THEORY_QUEUE. User name and password that it does not have come from REPLICA_THEORY_QUEUE_USERNAME and
 *   REPLICA_THEORY_QUEUE_PASSWORD.
 * @throws ParameterError that shows no credentials, if it is no such URL.
 */
export function readAddress(
  url?: string,
  environment: Readonly<Record<string, string | undefined>> = {},
): QueueAddress {
  const text = url ?? environment[environmentNames.url];
  if (text === undefined) throw new ParameterError("queue", undefined, `required: ${legal}`);
  const { protocol, hostname, port, pathname, search, hash, ...parsed } = parse(text);
  const tls = protocol === "rediss:";
  const database = /^\/?$/.test(pathname) ? 0 : Number(/^\/(\d{1,4})$/.exec(pathname)?.[1]);
  if (!(tls || protocol === "redis:") || hostname === "" || Number.isNaN(database) || search !== "" || hash !== "") {
    throw illegal(text);
  }
  const username = parsed.username || environment[environmentNames.username];
  const password = parsed.password || environment[environmentNames.password];
  return {
    shown: `${protocol}//${hostname}:${port || 6379}/${database}`,
    host: hostname.replace(/^\[|\]$/g, ""),
    port: Number(port || 6379),
    database,
    tls,
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
  };
}

type Parsed = Pick<URL, "protocol" | "hostname" | "port" | "pathname" | "search" | "hash" | "username" | "password">;

function parse(text: string): Parsed {
  try {
    const { protocol, hostname, port, pathname, search, hash, username, password } = new URL(text);
    const decoded = { username: decodeURIComponent(username), password: decodeURIComponent(password) };
    return { protocol, hostname, port, pathname, search, hash, ...decoded };
  } catch {
    // The error would carry the text, and with it the password.
    throw illegal(text);
  }
}

/**
 * What was given may hold a password anywhere: at most its scheme and what follows the last @ are shown, and with a query
 * or a fragment, in which an @ may stand, too, the scheme alone.
 */
function illegal(text: string): ParameterError {
  const shown = /^([a-z]+:\/\/)(?:[^?#]*@)?([\w.:[\]/-]*)$/is.exec(text);
  return new ParameterError(
    "queue",
    shown ? `${shown[1]!}${text.includes("@") ? "***@" : ""}${shown[2]!}` : "***",
    legal,
  );
}
