import { describe, expect, test } from "vitest";
import { withFormulas } from "../../docs/.vitepress/apiFormulas.ts";

describe("formulas of the sources' comments, as Markdown", () => {
  test("an indented paragraph is set as it stands", () => {
    expect(withFormulas("Map:\n\n  γ = h1*∕|b₀|,\n  r = 0.\n\nExact.")).toBe(
      "Map:\n\n```text\nγ = h1*∕|b₀|,\nr = 0.\n```\n\nExact.",
    );
  });

  test("stars of symbols are no emphasis; code and real emphasis stay", () => {
    expect(withFormulas("zero iff h1* h1 = 0 and σ* = 0: `σ*`, **h1**")).toBe(
      "zero iff h1\\* h1 = 0 and σ\\* = 0: `σ*`, **h1**",
    );
    expect(withFormulas("```ts\n  const x = h1*2;\n```")).toBe("```ts\n  const x = h1*2;\n```");
  });

  test("citations of the theory lead to its pages", () => {
    expect(withFormulas("the map (Cui24; theory §2, `theory §3`)")).toBe(
      "the map (Cui24; [theory §2](/theory/gradient-step), `theory §3`)",
    );
    expect(withFormulas("overlaps (convexLosses §2)")).toBe("overlaps ([convex losses §2](/theory/convex-losses))");
  });

  test("paragraphs of a list item stay in it", () => {
    const list = "- one\n\n  more of it\n\n  and more";
    expect(withFormulas(list)).toBe(list);
  });
});
