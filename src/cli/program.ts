import { Command, CommanderError } from "commander";
import { version } from "../version.ts";
import { COMMANDS, type CommandEntry } from "./commands.ts";
import type { Io } from "./io.ts";

/**
 * Runs one command line. Of the commands only the one that is wanted is loaded.
 *
 * @returns exit code: 0 done, 1 a point or case failed, 2 bad usage or bad input
 */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  let code = 0;
  const exit = (value: number): void => {
    code = value;
  };
  const program = new Command("replica-theory")
    .description("Learning curves of two-layer networks after one large gradient step: theory and simulation.")
    .version(version)
    .configureHelp({ subcommandTerm: (command) => `${command.name()} ${usageOf(command)}` });
  const words = argv.filter((word) => !word.startsWith("-"));
  const wanted = words[0] === "help" ? words[1] : words[0];
  for (const entry of COMMANDS) program.addCommand(await commandOf(entry, wanted, io, exit));
  const pending: Promise<void>[] = [];
  for (const command of [program, ...program.commands]) {
    command.exitOverride().configureOutput({
      writeOut: (text) => void pending.push(io.write(text)),
      // A suggestion comes on a line of its own; an error is one line. Help stays as it is.
      writeErr: (text) => io.log(text.startsWith("error:") ? text.trim().replaceAll("\n", " ") : text.trimEnd()),
    });
  }
  try {
    await program.parseAsync(argv, { from: "user" });
  } catch (error) {
    code = failure(error, io);
  }
  await Promise.all(pending);
  return code;
}

async function commandOf(
  { name, description, load }: CommandEntry,
  wanted: string | undefined,
  io: Io,
  exit: (code: number) => void,
): Promise<Command> {
  const command = name === wanted ? (await load())(io, exit) : new Command(name);
  return command.description(description);
}

/** What stands behind the name of a command in the list of them. */
function usageOf(command: Command): string {
  return COMMANDS.find(({ name }) => name === command.name())?.usage ?? command.usage().replace("[options] ", "");
}

/** Errors that say what was wrong with the input; by name, as most commands do without the modules that make them. */
const BAD_INPUT = [
  ...["ParameterError", "ExpressionError", "QuadratureError", "ConvergenceError"],
  ...["JsonInputError", "FileError", "ResultFileError", "MissingPackageError"],
];

function failure(error: unknown, io: Io): number {
  // Commander has written its own message; help and version are no failures.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (!(error instanceof Error)) {
    io.log(`error: unexpected ${String(error)}`);
    return 1;
  }
  const { name, message, stack } = error;
  if (BAD_INPUT.includes(name)) {
    io.log(`error: ${message}`);
    return 2;
  }
  io.log(name === "TrialError" ? `error: ${message}` : `error: unexpected ${stack ?? message}`);
  return 1;
}
