import { beforeEach } from "vitest";

/** Tests of seconds, most of them other cases of what quicker ones test: thousands of runs cannot afford them. */
const SLOW = [
  /never jumps branch|240 neurons|560×800|as simulated|without a step there is none|objective = training error/,
  /F = 10⁴ moves/,
  // Of typed equations: three averages within each other, and the curves of papers with many points.
  /E\(a, E\(b, E\(c|nothing is found below|LASSO|seen through noise|of a teacher's signs|two folds/,
  // Of the models of the feature spectrum some are enough.
  /(moments|ends at the edges).*: (two groups|wide network|strong|three bulk|nearly linear|almost|trained|gradient)/,
];

beforeEach(({ task, skip }) => {
  if (SLOW.some((name) => name.test(task.name))) skip();
});
