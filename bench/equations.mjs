// Points per second of typed equations along a curve, beside the script that everyone writes: 100 Gauss–Hermite nodes, a damped loop.
import { spawnSync } from "node:child_process";
import { saddlePoint } from "replica-theory/equations";

const POINTS = 2000;
const problems = {
  hopfield: {
    over: ["alpha", 0.01, 0.1],
    description: {
      unknowns: { m: { start: 0.9 }, q: { start: 0.9, min: 0, max: 1 } },
      parameters: { alpha: 0.05, T: 0.2 },
      where: { beta: "1/T", r: "q/(1 - beta*(1 - q))^2", t: "tanh(beta*(m + sqrt(alpha*r)*z))" },
      equations: { m: "E(z, t)", q: "E(z, t^2)" },
    },
  },
  sherringtonKirkpatrick: {
    over: ["h", 0.1, 1],
    description: {
      unknowns: { q: { start: 0.5, min: 0, max: 1 } },
      parameters: { beta: 1.5, h: 0.2 },
      equations: { q: "E(z, tanh(beta*(sqrt(q)*z + h))^2)" },
    },
  },
  spikedWigner: {
    over: ["lambda", 1.05, 2],
    description: {
      unknowns: { q: { start: 0.6, min: 0, max: 1 } },
      parameters: { lambda: 1.5 },
      equations: { q: "E(z, tanh(lambda*q + sqrt(lambda*q)*z))" },
    },
  },
};

/** Points per second of processor time. */
function pointsPerSecond(description, [name, from, to]) {
  const problem = saddlePoint(description);
  const sweep = { [name]: Array.from({ length: POINTS }, (_, i) => from + ((to - from) * i) / (POINTS - 1)) };
  let best = Infinity;
  for (let run = 0; run < 3; run++) {
    const start = process.cpuUsage();
    const rows = problem.curve({ sweep });
    const used = process.cpuUsage(start);
    if (rows.some(({ status }) => status !== "converged")) throw new Error(`${name}: a point failed`);
    best = Math.min(best, (used.user + used.system) / 1e6);
  }
  return POINTS / best;
}

export default function run() {
  const script = new URL("numpyEquations.py", import.meta.url).pathname;
  const numpy = spawnSync("python3", [script], { encoding: "utf8" });
  const loops = numpy.status === 0 ? JSON.parse(numpy.stdout) : undefined;
  if (!loops) console.log("python3 with numpy is not there: no comparison");
  for (const [name, { description, over }] of Object.entries(problems)) {
    const own = pointsPerSecond(description, over);
    const beside = loops
      ? `; numpy, damped loop: ${loops[name].toFixed(0)}, ${(own / loops[name]).toFixed(0)} times as many`
      : "";
    console.log(`${name}: ${own.toFixed(0)} points/s, warm${beside}`);
  }
}
