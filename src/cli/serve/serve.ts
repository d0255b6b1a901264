import { lstat, unlink } from "node:fs/promises";
import { connect, createServer, type Server, type Socket } from "node:net";
import process from "node:process";
import { linesOf } from "../../json/cases.ts";
import { FileError, type Io, reasonOf } from "../io.ts";
import { Session } from "./session.ts";

/** Serves the client on the standard streams until its input ends; what it has asked for by then is answered. */
export async function serveStreams(io: Io, thread: URL): Promise<void> {
  const session = new Session((line) => void io.write(line), thread);
  for await (const line of linesOf(io.standardInput())) session.take(line);
  await session.drained();
  session.close();
}

/**
 * Serves clients on a local socket until the signal is aborted, each by a thread of its own. A client that disconnects loses
 * interest in its requests.
 *
 * @throws FileError if the socket cannot be made, or another process serves there
 */
export async function serveSocket(path: string, thread: URL, signal: AbortSignal, ready: () => void): Promise<void> {
  await removeStale(path);
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    void serveClient(socket, thread).finally(() => sockets.delete(socket));
  });
  await listen(server, path);
  ready();
  await new Promise<void>((resolve) => {
    signal.addEventListener("abort", () => resolve());
  });
  // This removes the socket from the file system, too.
  server.close();
  for (const socket of sockets) socket.destroy();
}

async function serveClient(socket: Socket, thread: URL): Promise<void> {
  const session = new Session((line) => {
    if (socket.writable) socket.write(line);
  }, thread);
  socket.setEncoding("utf8");
  try {
    for await (const line of linesOf(socket)) session.take(line);
  } catch {
    // The connection broke: there is nobody to tell.
  } finally {
    session.close();
    socket.destroy();
  }
}

/** Permissions of a socket that only its owner may use. */
const OWNER_ONLY = 0o177;

async function listen(server: Server, path: string): Promise<void> {
  const mask = process.umask(OWNER_ONLY);
  try {
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject).listen(path, resolve);
    });
  } catch (error) {
    throw new FileError("socket", path, reasonOf(error));
  } finally {
    process.umask(mask);
  }
}

/** Removes the socket of a process that is no more. */
async function removeStale(path: string): Promise<void> {
  const found = await lstat(path).catch(() => undefined);
  if (!found) return;
  if (!found.isSocket()) throw new FileError("socket", path, "it is there and no socket");
  const answers = await new Promise<boolean>((resolve) => {
    const probe = connect(path, () => {
      probe.destroy();
      resolve(true);
    }).on("error", () => resolve(false));
  });
  if (answers) throw new FileError("socket", path, "another process serves there");
  await unlink(path);
}
