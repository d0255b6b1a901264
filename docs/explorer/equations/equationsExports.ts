import { toCsv } from "../../../src/index.ts";
import { abscissae, POINTS } from "./calculate.ts";
import { type BranchPicture, EVENT_NAMES, numbersOf } from "./branchPicture.ts";
import type { EquationsRequest } from "./equationsState.ts";

/** All rows with all their numbers, the branches numbered where there are several, and the special points. */
export function rowsCsv({ branches, events }: BranchPicture): string {
  const rows = branches.flatMap((list, branch) =>
    list.map((row) => ({
      ...(branches.length > 1 && { branch }),
      ...row.parameters,
      ...numbersOf(row),
      status: row.status,
      stable: row.status === "converged" ? row.stable : undefined,
      residual: row.residual,
      errorEstimate: row.status === "converged" ? row.errorEstimate : undefined,
      event: undefined as string | undefined,
    })),
  );
  const special = events.map(({ kind, parameters, values }) => {
    return { ...parameters, ...values, status: "event", event: EVENT_NAMES[kind] };
  });
  return toCsv([...rows, ...special]);
}

/** What a description says to readers: comments in code. */
const FOR_READERS = ["name", "source", "description", "comment"];

/** The same with the published package. */
export function typescriptOf(request: EquationsRequest): string {
  const { description, task, over, from, to, follow } = request;
  const fields = Object.fromEntries(Object.entries(description).filter(([name]) => !FOR_READERS.includes(name)));
  const call =
    task === "branch"
      ? [
          `const branch = problem.branch({ over: ${JSON.stringify(over)}, from: ${from}, to: ${to}${follow ? ", follow: true" : ""} });`,
          `const rows = branch.status === "converged" ? branch.rows : [];`,
          `const events = branch.status === "converged" ? branch.events : [];`,
        ]
      : [
          `const values = Array.from({ length: ${POINTS} }, (_, i) => ${from} + (${Number((to - from).toPrecision(15))} * i) / ${POINTS - 1});`,
          `const rows = problem.curve({ sweep: { ${key(over)}: values } });`,
        ];
  return [
    `import { saddlePoint } from "replica-theory/equations";`,
    ``,
    ...comments(description, "//"),
    `const problem = saddlePoint(${typescriptLiteral(fields)});`,
    ...call,
    ``,
  ].join("\n");
}

function comments(description: EquationsRequest["description"], mark: string): string[] {
  const texts = FOR_READERS.map((name) => description[name]).filter((text): text is string => typeof text === "string");
  return texts.flatMap((text) => text.split(/\r?\n/).map((line) => `${mark} ${line}`));
}

const key = (name: string): string => (/^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(name) ? name : JSON.stringify(name));

function typescriptLiteral(value: unknown, indent = ""): string {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return JSON.stringify(value);
  const entries = Object.entries(value).map(
    ([name, item]) => `${key(name)}: ${typescriptLiteral(item, `${indent}  `)}`,
  );
  const line = `{ ${entries.join(", ")} }`;
  if (indent !== "" && line.length < 90) return line;
  return `{\n${entries.map((entry) => `${indent}  ${entry},\n`).join("")}${indent}}`;
}

/** The same in Python. */
export function pythonOf(request: EquationsRequest): string {
  const { description, task, over, from, to, follow } = request;
  const call =
    task === "branch"
      ? `branch={"over": ${JSON.stringify(over)}, "from": ${from}, "to": ${to}, "follow": ${follow ? "True" : "False"}}`
      : `sweep={${JSON.stringify(over)}: [${from} + ${Number((to - from).toPrecision(15))} * i / ${POINTS - 1} for i in range(${POINTS})]}`;
  return [
    `import replica_theory`,
    ``,
    `problem = ${pythonLiteral(description)}`,
    `result = replica_theory.equations(problem, ${call})`,
    ``,
  ].join("\n");
}

function pythonLiteral(value: unknown, indent = ""): string {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (Array.isArray(value)) return `[${value.map((item) => pythonLiteral(item, indent)).join(", ")}]`;
  if (typeof value !== "object") return JSON.stringify(value);
  const entries = Object.entries(value).map(
    ([name, item]) => `${JSON.stringify(name)}: ${pythonLiteral(item, `${indent}    `)}`,
  );
  const line = `{${entries.join(", ")}}`;
  if (indent !== "" && line.length < 90) return line;
  return `{\n${entries.map((entry) => `${indent}    ${entry},\n`).join("")}${indent}}`;
}

/** The same as a command, which reads the problem from a file. */
export function commandOf({ task, over, from, to, follow }: EquationsRequest): string {
  const range =
    task === "branch"
      ? `${over}=${from}:${to} --branch${follow ? " --follow" : ""}`
      : `${over}=${from}:${to}:${abscissae({ from, to }).length}`;
  return `replica-theory equations problem.json --over ${range} --out figure.svg rows.csv\n`;
}
