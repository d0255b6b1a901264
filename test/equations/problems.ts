import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { BranchOptions, SaddlePointDescription } from "../../src/equations/index.ts";
import { ROOT } from "../documentation/sources.ts";

/** A file of the catalogue: a description, and the branch of its figure. */
export interface CatalogueEntry {
  readonly file: string;
  readonly text: string;
  readonly description: SaddlePointDescription;
  readonly branch?: BranchOptions;
}

const DIRECTORY = join(ROOT, "docs/equations/catalogue");

export function catalogue(): CatalogueEntry[] {
  return readdirSync(DIRECTORY)
    .sort()
    .map((file) => {
      const text = readFileSync(join(DIRECTORY, file), "utf8");
      const { branch, ...description } = JSON.parse(text) as SaddlePointDescription & { branch?: BranchOptions };
      return { file, text, description, ...(branch && { branch }) };
    });
}

export function fromCatalogue(name: string): CatalogueEntry {
  return catalogue().find(({ file }) => file === `${name}.json`)!;
}
