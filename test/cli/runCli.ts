import { run } from "../../src/cli/program.ts";

export interface CliRun {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/**
 * Runs a command line in this process.
 *
 * @param input text for its standard input, or pieces of it, which may wait for what has been written
 */
export async function runCli(
  argv: readonly string[],
  input: string | ((written: () => string) => AsyncIterable<string>) = "",
): Promise<CliRun> {
  let [out, err] = ["", ""];
  const pieces = typeof input === "string" ? () => whole(input) : input;
  const code = await run(argv, {
    standardInput: () => pieces(() => out),
    write: (text) => {
      out += text;
      return Promise.resolve();
    },
    log: (line) => {
      err += `${line}\n`;
    },
    interactive: false,
    holdInterrupt: () => ({ signal: new AbortController().signal, release: () => undefined }),
  });
  return { code, out, err };
}

// eslint-disable-next-line @typescript-eslint/require-await -- what is there waits for nothing
async function* whole(text: string): AsyncGenerator<string> {
  yield text;
}
