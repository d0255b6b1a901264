// What the tests import from "vitest" where mutants are run: tests are collected, and run by another file, in this process.
import { format } from "node:util";

export { expect } from "vitest";

let suite = { path: "", before: [] };
export const collected = [];

/** The names of the cases of a table differ by their number. */
const each = (declare) => (cases) => (name, body) =>
  cases.forEach((values, index) => {
    const list = Array.isArray(values) ? values : [values];
    declare(`${index}: ${format(name, ...list)}`, () => body(...list));
  });

export const test = (name, body) => {
  const id = `${suite.path}${name}`;
  collected.push({ id: collected.some((other) => other.id === id) ? `${id} (${collected.length})` : id, body, suite });
};
test.each = each(test);
export const it = test;

export const describe = (name, body) => {
  const outer = suite;
  suite = { path: `${outer.path}${name} > `, before: [...outer.before] };
  body();
  suite = outer;
};
describe.each = each(describe);

export const beforeAll = (prepare) => suite.before.push(prepare);
