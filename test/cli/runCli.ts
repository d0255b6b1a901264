import { run } from "../../src/cli/program.ts";

export interface CliRun {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a command line in this process, with text for its standard input. */
export async function runCli(argv: readonly string[], input = ""): Promise<CliRun> {
  let [out, err] = ["", ""];
  const code = await run(argv, {
    readStandardInput: () => Promise.resolve(input),
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
