import { createHash } from "node:crypto";

/** One mutant in so many is run, the same ones every time: MUTATION_SAMPLE, by default all. Another MUTATION_DRAW draws others. */
const oneIn = Number(process.env["MUTATION_SAMPLE"] ?? 1);
const draw = Number(process.env["MUTATION_DRAW"] ?? 0);

const drawn = ({ fileName, location, replacement }) => {
  const mutant = [fileName.replace(/.*[/\\]src[/\\]/, ""), JSON.stringify(location), replacement].join(" ");
  return createHash("sha256").update(mutant).digest().readUInt32BE() % oneIn === draw;
};

/** To Stryker a mutant outside the sample is one that does not compile: it counts in no score. */
const checker = {
  init: async () => {},
  check: async (mutants) =>
    Object.fromEntries(
      mutants.map((mutant) => [
        mutant.id,
        drawn(mutant) ? { status: "passed" } : { status: "compileError", reason: "not in the sample" },
      ]),
    ),
};

export const strykerPlugins = [{ kind: "Checker", name: "sample", value: checker }];
