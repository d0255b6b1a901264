import { beforeEach } from "vitest";

/** Tests of seconds, most of them other cases of what quicker ones test: thousands of runs cannot afford them. */
const SLOW = [
  /never jumps branch|240 neurons|560×800|as simulated|without a step there is none|objective = training error/,
  // Of the models of the feature spectrum some are enough.
  /(moments|ends at the edges).*: (two groups|wide network|strong|three bulk|nearly linear|almost|trained|gradient)/,
];

beforeEach(({ task, skip }) => {
  if (SLOW.some((name) => name.test(task.name))) skip();
});
