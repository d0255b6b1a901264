import { parentPort } from "node:worker_threads";

/** A thread whose calculation is its parameters, never ends, or ends the thread. */
const waiting = new Set();
parentPort.on("message", (message) => {
  if ("cancel" in message) {
    if (waiting.delete(message.cancel))
      parentPort.postMessage({ serial: message.cancel, error: '{"name":"CancelledError","message":"cancelled"}' });
    return;
  }
  const { serial, method, params, progress } = message;
  if (progress) parentPort.postMessage({ serial, progress: { completed: 0, total: 1 } });
  if (method === "endless") waiting.add(serial);
  else if (method === "die") process.exit(3);
  else parentPort.postMessage({ serial, result: JSON.stringify(params ?? null) });
});
