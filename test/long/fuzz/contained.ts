import { expect } from "vitest";
import { ExpressionError, ParameterError, QuadratureError } from "../../../src/index.ts";
import { type CliRun, runCli } from "../../cli/runCli.ts";

/** Longest time of the processor, in microseconds, that any one input may take: far above what the slowest takes. */
const LONGEST = 60e6;

const SHARED = [Object.prototype, Function.prototype, Array.prototype, globalThis] as const;
const names = () => SHARED.map((object) => Reflect.ownKeys(object).length);

/** Runs an action and sees that it neither hangs nor leaves anything behind. */
export async function contained<T>(action: () => T | Promise<T>): Promise<T> {
  const before = names();
  const start = process.cpuUsage();
  try {
    return await action();
  } finally {
    expect(process.cpuUsage(start).user).toBeLessThan(LONGEST);
    expect(names()).toEqual(before);
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  }
}

const EXPECTED = [ExpressionError, ParameterError, QuadratureError];

/** What an action of the library returns, or undefined after an error that it is expected to throw. */
export function legal<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch (error) {
    if (!EXPECTED.some((type) => error instanceof type)) throw error;
    expect((error as Error).message).not.toBe("");
    return undefined;
  }
}

/** Runs a command line, which ends with an exit code, and with a message of few lines where it fails. */
export async function command(line: readonly string[], input?: string): Promise<CliRun> {
  const run = await runCli(line, input);
  expect([0, 1, 2]).toContain(run.code);
  expect(run.err).not.toContain("error: unexpected");
  if (run.code === 2) expect(run.err).not.toBe("");
  if (run.code === 1) expect(`${run.err}${run.out}`).not.toBe("");
  return run;
}

/** Fields that are null where there is nothing. */
const OPTIONAL = ["outlier", "linearBaseline"];

/** No NaN anywhere in a result, nor the null that JSON makes of it. */
export function expectNumbers(value: unknown): void {
  if (typeof value === "number") expect(value).not.toBeNaN();
  else if (typeof value === "object" && value !== null) {
    for (const [name, item] of Object.entries(value))
      if (!OPTIONAL.includes(name) || item !== null) expectNumbers(item);
  } else {
    expect(value).not.toBeNull();
    expect(value).not.toBe("nan");
  }
}
