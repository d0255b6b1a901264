// npm run bench [-- part …]: runs every part in this directory, or those named.
import { readdirSync } from "node:fs";

const parts = readdirSync(new URL(".", import.meta.url))
  .filter((file) => file.endsWith(".mjs") && file !== "run.mjs")
  .map((file) => file.slice(0, -".mjs".length));
const wanted = process.argv.slice(2);
const unknown = wanted.find((part) => !parts.includes(part));
if (unknown) throw new Error(`no benchmark "${unknown}": there are ${parts.join(", ")}`);
for (const part of wanted.length > 0 ? wanted : parts) {
  console.log(`\n== ${part}`);
  const { default: run } = await import(new URL(`${part}.mjs`, import.meta.url).href);
  await run();
}
