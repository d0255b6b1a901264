import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { MODELS, type ModelName } from "../../src/parameters/models.ts";
import { PARAMETERS, type Parameter } from "../../src/parameters/table.ts";
import { pages } from "./markdown.ts";
import { ROOT } from "./sources.ts";

const TABLE: Readonly<Record<string, Parameter>> = PARAMETERS;

/** The symbols of the table of parameters as the pages set them. */
const TEX: Readonly<Record<string, string>> = {
  ...{ α: "\\alpha", β: "\\beta", γ: "\\gamma", λ: "\\lambda", "α₀": "\\alpha_0", η̃: "\\tilde\\eta" },
  ...{ σ: "\\sigma", "σ*": "\\sigma_\\star", Δ: "\\Delta", ε: "\\epsilon", ℓ: "\\ell", "s₁": "s_1", R: "R", r: "r" },
};

const textOf = (path: string): string => readFileSync(join(ROOT, path), "utf8");

/** Rows of the tables whose first cell names parameters: those of a page of one model have what is different there. */
const rows = pages()
  .filter((path) => path.startsWith("docs/models/") || path === "docs/theory/symbols.md")
  .flatMap((path) => {
    const page = path.split("/").at(-1)!.replace(".md", "");
    const own = MODELS.find((model) => model.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`) === page);
    return textOf(path)
      .split("\n")
      .flatMap((text) => {
        const cells = text.split("|").map((cell) => cell.trim());
        const first = cells[1] ?? "";
        const names = [...first.matchAll(/`(\w+)`/g)].map(([, name]) => name!);
        if (names.length !== 1 || !(names[0]! in TABLE) || first.includes("](")) return [];
        return [{ path, name: names[0]!, cells: cells.slice(2), model: own }];
      });
  });

const entryOf = (name: string, model: ModelName | undefined): Parameter => {
  const entry = TABLE[name]!;
  return { ...entry, ...(model && entry.models[model]) };
};

describe("the tables of the pages say what the table of parameters says", () => {
  const withSymbol = rows.filter(({ name, model, path }) => {
    return TEX[entryOf(name, model).symbol] !== undefined && !(path.includes("several-steps") && name === "target");
  });
  const worded = ["loss", "labelFlips"];
  const symbols = withSymbol.filter(({ path, name }) => !(path.endsWith("models/index.md") && worded.includes(name)));

  test.each(symbols)("the symbol of $name in $path", ({ name, model, cells }) => {
    expect(cells.join(" | ")).toContain(TEX[entryOf(name, model).symbol]);
  });

  const withDefault = rows.flatMap((row) => {
    const stated = /default `?([^`|; ]+)`?|`([^`]+)` \(default\)/.exec(row.cells.join(" | "));
    return stated ? [{ ...row, stated: stated[1] ?? stated[2]! }] : [];
  });
  test.each(withDefault)("the default of $name in $path", ({ name, model, stated }) => {
    const { default: value, optional } = entryOf(name, model);
    const words =
      value === undefined ? (optional ?? "Infinity") : value === Infinity ? "Infinity" : JSON.stringify(value);
    expect(stated).toBe(words);
  });

  test("of as many as there are", () => {
    expect(symbols.length).toBe(28);
    expect(withDefault.length).toBe(17);
  });
});

test("every parameter is named on a page, and every model has one", () => {
  const text = pages().map(textOf).join("\n");
  const names = Object.keys(TABLE);
  expect(names.length).toBeGreaterThan(40);
  expect(names.filter((name) => !new RegExp(`\\b${name}\\b`).test(text))).toEqual([]);
  expect(MODELS.filter((model) => !text.includes(`\`${model}\``))).toEqual([]);
});
