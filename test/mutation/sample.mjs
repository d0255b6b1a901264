import { createHash } from "node:crypto";

/** One mutant in so many is run, the same ones every time: MUTATION_SAMPLE, by default all. */
const oneIn = Number(process.env["MUTATION_SAMPLE"] ?? 1);

const drawn = ({ fileName, location, replacement }) => {
  const mutant = [fileName.replace(/.*[/\\]src[/\\]/, ""), JSON.stringify(location), replacement].join(" ");
  return createHash("sha256").update(mutant).digest().readUInt32BE() % oneIn === 0;
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
