import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { ROOT } from "../documentation/sources.ts";

const run = promisify(execFile);

/** The package as `npm pack` makes it, installed in an otherwise empty project. */
export interface Consumer {
  /** The empty project. */
  readonly directory: string;
  readonly tarball: string;
  /** What npm says of the tarball. */
  readonly packed: {
    readonly size: number;
    readonly unpackedSize: number;
    readonly files: readonly { path: string }[];
  };
  write(file: string, text: string): Promise<void>;
  /** Standard output of a program run in the project. */
  run(program: string, ...args: string[]): Promise<string>;
  remove(): Promise<void>;
}

/** A program of the repository's own tools. */
export const tool = (name: string): string => join(ROOT, "node_modules/.bin", name);

/** Standard output and errors of a program, and its message where it fails. */
export async function output(directory: string, program: string, args: readonly string[]): Promise<string> {
  try {
    const { stdout } = await run(program, [...args], { cwd: directory, maxBuffer: 1e8 });
    return stdout;
  } catch (error) {
    const { message, stdout, stderr } = error as { message: string; stdout?: string; stderr?: string };
    throw new Error([message, stdout, stderr].filter(Boolean).join("\n"), { cause: error });
  }
}

/** Packs what was built, and installs it. */
export async function installPacked(): Promise<Consumer> {
  const directory = await mkdtemp(join(tmpdir(), "consumer-"));
  const pack = ["pack", "--json", "--ignore-scripts", "--pack-destination", directory];
  const [packed] = JSON.parse(await output(ROOT, "npm", pack)) as (Consumer["packed"] & { filename: string })[];
  const tarball = join(directory, packed!.filename);
  await writeFile(join(directory, "package.json"), JSON.stringify({ name: "consumer", private: true, type: "module" }));
  await output(directory, "npm", ["install", "--no-audit", "--no-fund", "--prefer-offline", tarball]);
  return {
    directory,
    tarball,
    packed: packed!,
    write: (file, text) => writeFile(join(directory, file), text),
    run: (program, ...args) => output(directory, program, args),
    remove: () => rm(directory, { recursive: true }),
  };
}
