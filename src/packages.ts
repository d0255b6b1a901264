/** Something that needs packages which an application without it does not install. */
export class MissingPackageError extends Error {
  override readonly name = "MissingPackageError";
  constructor(
    /** What needs them. */
    readonly purpose: string,
    /** With their versions. */
    readonly packages: readonly string[],
  ) {
    super(`${purpose}: a package is not installed; npm install ${packages.join(" ")}`);
  }
}

/**
 * Loads what needs optional packages.
 *
 * @throws MissingPackageError that says what to install
 */
export async function needed<T>(purpose: string, packages: readonly string[], load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    if ((error as { readonly code?: unknown }).code !== "ERR_MODULE_NOT_FOUND") throw error;
    throw new MissingPackageError(purpose, packages);
  }
}
