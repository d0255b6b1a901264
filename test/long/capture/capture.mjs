// Freezes what a build of the library answers, and compares two such files:
//   node test/long/capture/capture.mjs take DIST FILE [SCALE]    the answers of the build in DIST to FILE
//   node test/long/capture/capture.mjs compare BEFORE AFTER      every difference, exit code 1 beyond 1e-13
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { jsonProblems, simulations } from "./problems.mjs";

const [action, first, second, scale] = process.argv.slice(2);

/** Beyond this relative difference two numbers are not the same up to the order of operations. */
const TOLERANCE = 1e-13;
/** How a solver went there, not where it arrived. */
const PATH = new Set(["iterations", "residual", "errorEstimate", "detail"]);

function run(dist, args, input) {
  const { stdout, stderr, status } = spawnSync(process.execPath, [join(resolve(dist), "cli/main.js"), ...args], {
    input,
    encoding: "utf8",
    maxBuffer: 2 ** 30,
  });
  return { stdout, stderr: status === 0 ? "" : stderr, status };
}

function take(dist, file, scale) {
  const captured = { cases: {}, answers: {}, simulations: [] };
  for (const [command, cases] of Object.entries(jsonProblems(scale))) {
    const start = performance.now();
    const { stdout } = run(dist, [command, "--json"], cases.map((item) => JSON.stringify(item)).join("\n"));
    captured.cases[command] = cases;
    captured.answers[command] = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    console.log(
      `${command}: ${captured.answers[command].length} cases, ${((performance.now() - start) / 1000).toFixed(0)} s`,
    );
  }
  captured.simulations = simulations().map((args) => {
    const { stdout, stderr, status } = run(dist, ["simulate", ...args]);
    return { args, stdout, stderr, status };
  });
  writeFileSync(file, JSON.stringify(captured));
}

/** Leaves of two answers in which they differ, as [path, before, after, relative difference]. */
function* differences(before, after, path = "", scale = undefined) {
  if (typeof before === "number" && typeof after === "number") {
    if (Object.is(before, after)) return;
    const size = Math.max(Math.abs(before), Math.abs(after), scale ?? 0);
    yield [path, before, after, size === 0 ? 0 : Math.abs(before - after) / size];
  } else if (typeof before === "object" && typeof after === "object" && before !== null && after !== null) {
    // Entries of a list are compared with its largest: those that vanish by symmetry are rounding.
    const numbers = Array.isArray(before) ? before.flat(2).filter((value) => typeof value === "number") : [];
    const largest = Math.max(scale ?? 0, ...numbers.map(Math.abs));
    const coefficients = ["m", "theta", "nu", "psi"].flatMap((name) => before[name] ?? []);
    const readout = Math.max(0, ...coefficients.map(Math.abs));
    for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
      const among = ["m", "theta", "nu", "psi"].includes(key) ? readout : undefined;
      yield* differences(before[key], after[key], `${path}.${key}`, Array.isArray(before) ? largest : among);
    }
  } else if (before !== after) yield [path, before, after, NaN];
}

function compare(fileBefore, fileAfter) {
  const [before, after] = [fileBefore, fileAfter].map((file) => JSON.parse(readFileSync(file, "utf8")));
  let beyond = 0;
  for (const command of Object.keys(before.answers)) {
    const counts = { same: 0, rounding: 0, path: 0, beyond: 0 };
    const worst = [];
    // By case: a smaller capture may be compared with a larger one.
    const answers = new Map(after.cases[command].map((item, i) => [JSON.stringify(item), after.answers[command][i]]));
    before.answers[command].forEach((answer, i) => {
      const other = answers.get(JSON.stringify(before.cases[command][i]));
      if (other === undefined) return;
      const all = [...differences(answer, other)];
      const told = all.filter(([path]) => !PATH.has(path.split(".")[1]));
      const largest = told.filter(([, , , size]) => !(size <= TOLERANCE));
      if (all.length === 0) counts.same++;
      else if (told.length === 0) counts.path++;
      else if (largest.length === 0) counts.rounding++;
      else {
        counts.beyond++;
        const [path, a, b, size] = largest.reduce((top, item) =>
          item[3] > top[3] || Number.isNaN(item[3]) ? item : top,
        );
        worst.push({ i, path, a, b, size, said: answer.errorEstimate, item: before.cases[command][i] });
      }
    });
    console.log(`${command}: ${JSON.stringify(counts)}`);
    worst.sort((a, b) => (b.size || Infinity) - (a.size || Infinity));
    for (const { i, path, a, b, size, said, item } of worst.slice(0, 12)) {
      console.log(
        `  #${i} ${path}: ${JSON.stringify(a)} → ${JSON.stringify(b)} (${size.toExponential(1)}, estimate ${said})\n    ${JSON.stringify(item)}`,
      );
    }
    // What differs by less than the estimate that both give is within what the library promises.
    beyond += worst.filter(({ size, said }) => !(size <= said)).length;
  }
  const simulated = before.simulations.filter(({ stdout, status }, i) => {
    return after.simulations[i].stdout !== stdout || after.simulations[i].status !== status;
  });
  console.log(
    `simulations: ${before.simulations.length - simulated.length} of ${before.simulations.length} byte for byte`,
  );
  console.log(`${beyond} answers differ by more than ${TOLERANCE} and by more than their estimate`);
  return beyond + simulated.length === 0;
}

if (action === "take") take(first, second, scale === undefined ? 1 : Number(scale));
else if (!compare(first, second)) process.exitCode = 1;
