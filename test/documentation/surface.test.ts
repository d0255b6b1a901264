import { expect, test } from "vitest";
import { surfaces } from "./surface.ts";

const ENTRIES = {
  "replica-theory": "src/index.ts",
  "replica-theory/solve": "src/solve/index.ts",
  "replica-theory/data": "src/data/index.ts",
  "replica-theory/data/browser": "src/data/browser.ts",
  "replica-theory/equations": "src/equations/index.ts",
  "replica-theory/numerics": "src/numerics/index.ts",
  "replica-theory/compare": "src/compare/index.ts",
  "replica-theory/simulation": "src/simulation/index.ts",
  "replica-theory/simulation/browser": "src/simulation/browser.ts",
  "replica-theory/queue": "src/queue/index.ts",
};
const found = surfaces(Object.values(ENTRIES));

/**
 * What a user can import, and its types. A change of these files is a change for users: it belongs into the changelog, and
 * what is not an addition into a new major version (minor, below 1.0). `vitest -u` writes them.
 */
test.each(Object.keys(ENTRIES).map((name, i) => [name, i] as const))(
  "the surface of %s is announced",
  async (name, i) => {
    await expect(found[i]).toMatchFileSnapshot(`api/${name.replaceAll("/", ".")}.txt`);
  },
);
