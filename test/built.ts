import { mkdtemp, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "tsdown";
import config from "../tsdown.config.ts";

/** The library as it is published: worker threads and processes load JavaScript files, which the sources are not. */
export interface Built {
  /** Absolute path of what a package has in `dist`. */
  readonly directory: string;
  /** Imports a built module by its path in `dist`. */
  readonly load: (module: string) => Promise<unknown>;
  readonly remove: () => Promise<void>;
}

/** Builds the library into a directory of its own, where its dependencies resolve. */
export async function buildLibrary(): Promise<Built> {
  const directory = resolve(await mkdtemp("node_modules/.built-"));
  await build({
    ...config,
    config: false,
    outDir: directory,
    dts: false,
    sourcemap: false,
    clean: false,
    logLevel: "silent",
  });
  return {
    directory,
    load: (module) => import(/* @vite-ignore */ pathToFileURL(join(directory, module)).href),
    remove: () => rm(directory, { recursive: true }),
  };
}
