/**
 * Simulations on many machines: BullMQ on Redis. Needs the optional packages bullmq and ioredis.
 *
 * @module replica-theory/queue
 */
export { environmentNames } from "./address.ts";
export { connect, QueueError, type Connection, type ConnectionOptions } from "./connection.ts";
export { runName } from "./payload.ts";
export { simulateOnQueue, type QueueSimulationOptions } from "./simulate.ts";
export { status, type QueueState, type QueueStatus, type RunState } from "./status.ts";
export { submit, type Submission, type SubmittedRun } from "./submit.ts";
export { waitForRun, type WaitOptions } from "./wait.ts";
export { startWorker, type QueueWorker, type QueueWorkerOptions } from "./worker.ts";
