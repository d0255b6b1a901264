import { Command, CommanderError } from "commander";
import { ConvergenceError, ExpressionError, ParameterError, QuadratureError } from "../errors.ts";
import { ResultFileError, TrialError } from "../simulation/index.ts";
import { JsonInputError } from "../json/cases.ts";
import { boundsCommand } from "./boundsCommand.ts";
import { curveCommand } from "./curveCommand.ts";
import { equationsCommand } from "./equationsCommand.ts";
import { functionCommand } from "./functionCommand.ts";
import { figureCommand } from "./figureCommand.ts";
import { FileError, type Io } from "./io.ts";
import { mergeCommand } from "./mergeCommand.ts";
import { statusCommand, workerCommand } from "./queueCommands.ts";
import { simulateCommand } from "./simulateCommand.ts";
import { solveCommand } from "./solveCommand.ts";
import { spectrumCommand } from "./spectrumCommand.ts";
import { validateCommand } from "./validateCommand.ts";
import { weightsCommand } from "./weightsCommand.ts";
import { version } from "../version.ts";

/**
 * Runs one command line.
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
    .addCommand(solveCommand(io, exit))
    .addCommand(curveCommand(io, exit))
    .addCommand(simulateCommand(io, exit))
    .addCommand(mergeCommand(io, exit))
    .addCommand(workerCommand(io, exit))
    .addCommand(statusCommand(io, exit))
    .addCommand(validateCommand(io, exit))
    .addCommand(functionCommand(io, exit))
    .addCommand(boundsCommand(io, exit))
    .addCommand(weightsCommand(io, exit))
    .addCommand(spectrumCommand(io, exit))
    .addCommand(equationsCommand(io, exit))
    .addCommand(figureCommand(io, exit));
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

function failure(error: unknown, io: Io): number {
  // Commander has written its own message; help and version are no failures.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  const expected = [
    ParameterError,
    ExpressionError,
    QuadratureError,
    ConvergenceError,
    JsonInputError,
    FileError,
    ResultFileError,
  ];
  if (error instanceof TrialError) {
    io.log(`error: ${error.message}`);
    return 1;
  }
  const message = error instanceof Error ? error.message : String(error);
  if (expected.some((type) => error instanceof type)) {
    io.log(`error: ${message}`);
    return 2;
  }
  io.log(`error: unexpected ${error instanceof Error ? (error.stack ?? message) : message}`);
  return 1;
}
