import { readFileSync } from "node:fs";
import { basename } from "node:path";

export interface Pictured {
  readonly name: string;
  readonly title: string;
}

declare const data: readonly Pictured[];
export { data };

/** The figures of the papers; the first line of a table is the title. */
export default {
  watch: ["../figures/*.csv"],
  load: (tables: readonly string[]): Pictured[] =>
    [...tables].sort().flatMap((path) => {
      const title = /^# (.*)/.exec(readFileSync(path, "utf8"))?.[1];
      return title === undefined ? [] : [{ name: basename(path, ".csv"), title }];
    }),
};
