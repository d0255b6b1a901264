import type { Command } from "commander";
import type { Io } from "./io.ts";

/** A command in the list of them, without what it needs to run. */
export interface CommandEntry {
  readonly name: string;
  readonly description: string;
  /** What stands behind the name. */
  readonly usage: string;
  /** Loads what it needs, and nothing of the others. */
  readonly load: () => Promise<(io: Io, exit: (code: number) => void) => Command>;
}

/** Every command; a new one is an entry here and a module. */
export const COMMANDS: readonly CommandEntry[] = [
  {
    name: "solve",
    description: "solve single points: errors and overlaps of the trained readout",
    usage: "[options]",
    load: async () => (await import("./solveCommand.ts")).solveCommand,
  },
  {
    name: "curve",
    description: "learning curves: sweeps of theory, simulated networks, tables and figures",
    usage: "[options]",
    load: async () => (await import("./curveCommand.ts")).curveCommand,
  },
  {
    name: "data",
    description: "learning curve of ridge regression, predicted from one data set",
    usage: "[options] <table>",
    load: async () => (await import("./dataCommand.ts")).dataCommand,
  },
  {
    name: "simulate",
    description: "simulate finite networks: here, in shards, or on many machines",
    usage: "[options]",
    load: async () => (await import("./simulateCommand.ts")).simulateCommand,
  },
  {
    name: "merge",
    description: "join the files of shards, name or run the missing trials, and summarise",
    usage: "[options] <files...>",
    load: async () => (await import("./mergeCommand.ts")).mergeCommand,
  },
  {
    name: "worker",
    description:
      "run trials from a queue, on as many machines as you like; Ctrl-C or SIGTERM finishes the running ones",
    usage: "[options]",
    load: async () => (await import("./queueCommands.ts")).workerCommand,
  },
  {
    name: "status",
    description: "what a queue holds: workers, runs, failed trials and why",
    usage: "[options]",
    load: async () => (await import("./queueCommands.ts")).statusCommand,
  },
  {
    name: "validate",
    description: "test theory against simulated networks of two or more sizes",
    usage: "[options]",
    load: async () => (await import("./validateCommand.ts")).validateCommand,
  },
  {
    name: "function",
    description: "the function that the network has learned",
    usage: "[options]",
    load: async () => (await import("./functionCommand.ts")).functionCommand,
  },
  {
    name: "bounds",
    description: "bounds on the error of any readout of the features",
    usage: "[options]",
    load: async () => (await import("./boundsCommand.ts")).boundsCommand,
  },
  {
    name: "exponents",
    description: "information exponent, leap and generative exponent of a target",
    usage: "[options]",
    load: async () => (await import("./exponentsCommand.ts")).exponentsCommand,
  },
  {
    name: "weights",
    description: "singular values of the weights after the step",
    usage: "[options]",
    load: async () => (await import("./weightsCommand.ts")).weightsCommand,
  },
  {
    name: "spectrum",
    description: "spectrum of the features: density, edges, outliers",
    usage: "[options]",
    load: async () => (await import("./spectrumCommand.ts")).spectrumCommand,
  },
  {
    name: "equations",
    description: "saddle-point equations of one's own: solutions, curves, branches with their transitions",
    usage: "[options] [file]",
    load: async () => (await import("./equationsCommand.ts")).equationsCommand,
  },
  {
    name: "optimum",
    description: "best values of one to four parameters",
    usage: "[options]",
    load: async () => (await import("./optimumCommand.ts")).optimumCommand,
  },
  {
    name: "derivatives",
    description: "derivatives of errors and overlaps by parameters",
    usage: "[options]",
    load: async () => (await import("./derivativesCommand.ts")).derivativesCommand,
  },
  {
    name: "map",
    description: "maps of an observable over two parameters, with contour lines and boundaries",
    usage: "[options]",
    load: async () => (await import("./mapCommand.ts")).mapCommand,
  },
  {
    name: "serve",
    description: "answer requests of other programs, line by line on standard streams or on a local socket",
    usage: "[options]",
    load: async () => (await import("./serveCommand.ts")).serveCommand,
  },
  {
    name: "figure",
    description: "reproduce figures of the papers: theory and simulated networks",
    usage: "[options] [names...]",
    load: async () => (await import("./figureCommand.ts")).figureCommand,
  },
];
