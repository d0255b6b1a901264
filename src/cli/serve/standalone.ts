/**
 * Server and thread in one file, for packages of other languages. Its client is the process that has started it: when that is gone, so is
 * the interest in what is not answered.
 */
import process from "node:process";
import { isMainThread } from "node:worker_threads";
import { linesOf } from "../../json/cases.ts";
import { Session } from "./session.ts";
import { workInThread } from "./thread.ts";

async function serveParent(): Promise<void> {
  const session = new Session((line) => void process.stdout.write(line), new URL(import.meta.url));
  process.stdout.on("error", () => process.exit());
  for await (const line of linesOf(process.stdin.setEncoding("utf8") as AsyncIterable<string>)) session.take(line);
  process.exit();
}

if (isMainThread) await serveParent();
else workInThread();
