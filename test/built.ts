import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { build, type UserConfig } from "tsdown";
import { inject } from "vitest";
import config from "../tsdown.config.ts";

/** The library as it is published: worker threads and processes load JavaScript files, which the sources are not. */
export interface Built {
  /** Absolute path of what a package has in `dist`. */
  readonly directory: string;
  /** Imports a built module by its path in `dist`. */
  readonly load: (module: string) => Promise<unknown>;
}

/** The build that the test files of a run share: the first that asks for it makes it, the others wait. */
export async function builtLibrary(): Promise<Built> {
  const run = inject("buildDirectory");
  const directory = join(run, "dist");
  const outcome = join(run, "outcome");
  if (await isFirst(join(run, "begun"))) {
    const quick: UserConfig = { dts: false, sourcemap: false, clean: false, copy: [], logLevel: "silent" };
    const made = build({ ...config, ...quick, config: false, outDir: directory });
    await writeFile(outcome, await made.then(() => "", String));
  }
  while (!existsSync(outcome)) await delay(100);
  return { directory, load: (module) => import(/* @vite-ignore */ pathToFileURL(join(directory, module)).href) };
}

/** Only one process can make a directory. */
const isFirst = (directory: string): Promise<boolean> =>
  mkdir(directory).then(
    () => true,
    () => false,
  );
