#!/usr/bin/env node
import process from "node:process";
import { processIo } from "./io.ts";
import { run } from "./program.ts";

// An address on the command line may hold a password: other users of the machine see it without.
const shown = process.argv.slice(2).map((argument) => argument.replace(/\/\/[^/@]*@/, "//***@"));
process.title = ["replica-theory", ...shown].join(" ");
// A reader that stops early (`| head`) is no error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  process.exit(error.code === "EPIPE" ? 0 : 1);
});
process.exitCode = await run(process.argv.slice(2), processIo());
