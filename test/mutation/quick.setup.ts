import { beforeEach } from "vitest";

/** Tests of seconds, most of them other cases of what quicker ones test: thousands of runs cannot afford them. */
const SLOW =
  /never jumps branch|strong (ReLU |softplus )?spike of few|three bulk|almost an edge|240 neurons|without a step there is none|560×800|objective = training error|edges and outliers as simulated/;

beforeEach(({ task, skip }) => {
  if (SLOW.test(task.name)) skip();
});
