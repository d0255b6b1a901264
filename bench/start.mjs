// Start of a process: what the command line, the library and a first solution add to the time of bare Node.
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const path = (file) => fileURLToPath(new URL(`../dist/${file}`, import.meta.url));
const library = JSON.stringify(new URL("../dist/index.js", import.meta.url).href);
const student = {
  model: "trainedNetwork",
  student: "tanh",
  target: "sin",
  learningRate: 1,
  stepSampleRatio: 1,
  sampleRatio: 1,
  widthRatio: 1,
  ridge: 0.1,
};
const kebab = (name) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
const options = Object.entries(student).flatMap(([name, value]) => [`--${kebab(name)}`, String(value)]);
const script = (code) => ["--input-type=module", "-e", code];

const STARTS = [
  ["node -e 0", ["-e", "0"], 1],
  ["--version", [path("cli/main.js"), "--version"], 1.5],
  ["import", script(`import ${library};`), 2],
  ["solve in code", script(`import { solve } from ${library}; solve(${JSON.stringify(student)});`), 3],
  ["solve on the command line", [path("cli/main.js"), "solve", ...options], 3],
];
const ROUNDS = 15;

export default function run() {
  const best = STARTS.map(() => Infinity);
  // In turn, so that what else the machine does meets all alike.
  for (let round = 0; round < ROUNDS; round++) {
    STARTS.forEach(([, argv], i) => {
      const start = performance.now();
      execFileSync(process.execPath, argv, { stdio: "ignore" });
      best[i] = Math.min(best[i], performance.now() - start);
    });
  }
  console.log("start".padEnd(28), "ms".padStart(8), "ratio".padStart(8), "aim".padStart(8));
  STARTS.forEach(([name, , aim], i) => {
    const cells = [best[i].toFixed(0), (best[i] / best[0]).toFixed(2), String(aim)];
    console.log(name.padEnd(28), ...cells.map((cell) => cell.padStart(8)));
  });
}
