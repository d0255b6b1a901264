/** A package of a lock file. */
interface Package {
  readonly name: string;
  readonly version: string;
  readonly licence: string | undefined;
  readonly development: boolean;
}
export function packagesOf(lock: unknown): Package[];
export function link(entry: Pick<Package, "name" | "version">): string;
export function heading(licence: string): string;
