// A runner of tests for Stryker that loads the instrumented sources and their tests once, and runs mutants in the same process:
// compiled code stays compiled, where a new worker takes seconds a mutant.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { bundle } from "./bundle.mjs";
import { LONGEST, MOST } from "./faced.mjs";

/** Stryker changes to the directory of its copy after this file is read. */
const place = (file) => resolve(".mutants", file);
const namespace = () => (globalThis.__stryker__ ??= {});

let loads = 0;
const load = (name) => import(`${pathToFileURL(place(`${name}.mjs`)).href}?${loads++}`);

/** What a test throws, or nothing. `prepared` holds the suites whose preparation has run. */
async function failure({ suite, body }, prepared) {
  try {
    if (!prepared.has(suite)) {
      prepared.add(suite);
      for (const prepare of suite.before) await prepare();
    }
    await body();
  } catch (error) {
    return String(error?.message ?? error);
  }
}

/** The quick tests by the time they take, and the mutants that each of them reaches. */
async function measure() {
  const quick = await load("quick");
  const times = new Map();
  for (let run = 0; run < 3; run++)
    for (const test of quick.collected) {
      // A first run compiles: several times of what it takes then.
      if (times.get(test.id) > 5 * LONGEST) continue;
      const start = performance.now();
      const failed = await failure(test, new Set());
      if (failed !== undefined) throw new Error(`${test.id} fails without a mutant: ${failed}`);
      times.set(test.id, Math.min(times.get(test.id) ?? Infinity, performance.now() - start));
    }
  const tests = [...times].filter(([, time]) => time <= LONGEST).sort(([, one], [, other]) => one - other);
  const wanted = new Set(tests.map(([id]) => id));
  const counting = await load("counting");
  for (const test of counting.collected.filter(({ id }) => wanted.has(id))) {
    namespace().currentTestId = test.id;
    await failure(test, new Set());
  }
  namespace().currentTestId = undefined;
  return { tests, mutantCoverage: namespace().mutantCoverage ?? { static: {}, perTest: {} } };
}

class InProcessRunner {
  capabilities() {
    return { reloadEnvironment: false };
  }

  async init() {
    const measured = place("measured.json");
    if (!existsSync(measured)) {
      await bundle((process.env.MUTATE ?? "").split(","), place("."));
      writeFileSync(measured, JSON.stringify(await measure()));
    }
    this.measured = JSON.parse(readFileSync(measured, "utf8"));
    this.module = await load("quick");
  }

  async dryRun() {
    const { tests, mutantCoverage } = this.measured;
    return {
      status: "complete",
      tests: tests.map(([id, time]) => ({ id, name: id, status: 0, timeSpentMs: time })),
      mutantCoverage,
    };
  }

  /** The first of the tests that fails with the mutant, and why. */
  async killer(tests, mutant, limit, timeout) {
    const prepared = new Set();
    this.module.mutate(mutant, limit, performance.now() + timeout);
    for (const id of tests) {
      const failureMessage = await failure(
        this.module.collected.find((test) => test.id === id),
        prepared,
      );
      if (failureMessage !== undefined) return { id, failureMessage };
    }
  }

  async mutantRun({ activeMutant, testFilter, hitLimit = Infinity, timeout }) {
    const wanted = new Set(testFilter);
    let total = 0;
    const tests = this.measured.tests
      .filter(([id, time]) => (!testFilter || wanted.has(id)) && (total += time) <= MOST)
      .map(([id]) => id);
    const run = () => this.killer(tests, Number(activeMutant.id), hitLimit, 0.8 * timeout);
    let killed = await run();
    // What sources remember may be of an earlier mutant: a kill counts if the test passes without the mutant, and survival if it was met.
    const doubtful = killed ? await this.killer([killed.id], -1, Infinity, Infinity) : this.module.hitCount() === 0;
    if (doubtful) {
      this.module = await load("quick");
      killed = await run();
    }
    this.module.mutate(-1, Infinity, Infinity);
    return killed
      ? { status: "killed", killedBy: [killed.id], failureMessage: killed.failureMessage, nrOfTests: tests.length }
      : { status: "survived", nrOfTests: tests.length };
  }

  async dispose() {}
}

export const strykerPlugins = [{ kind: "TestRunner", name: "in-process", injectableClass: InProcessRunner }];
