import { readdirSync, readFileSync } from "node:fs";
import { notebookPage } from "../.vitepress/notebooks.ts";

/** A page for each notebook of this folder. */
export default {
  paths: () =>
    readdirSync(import.meta.dirname)
      .filter((file) => file.endsWith(".ipynb"))
      .map((file) => ({
        params: { name: file.slice(0, -".ipynb".length) },
        content: notebookPage(readFileSync(`${import.meta.dirname}/${file}`, "utf8")),
      })),
};
