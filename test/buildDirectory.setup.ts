import { mkdtemp, rm } from "node:fs/promises";
import { resolve } from "node:path";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    /** Of this run, where the dependencies of what is built resolve. */
    buildDirectory: string;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const directory = resolve(await mkdtemp("node_modules/.built-"));
  project.provide("buildDirectory", directory);
  return () => rm(directory, { recursive: true });
}
