import { messageOf } from "./message_of.ts";
import { OPTIONAL_PACKAGES, type OptionalPackage } from "./optional_packages.ts";

/**
 * Loads a package that may not be installed.
 *
 * @param load the import itself, `() => import("sharp")`: bundlers must see the name
 * @throws {AbsentPackageError} that says how to install it; what else goes wrong while it loads is thrown as it is
 */
export async function loadPackage<T>(name: OptionalPackage, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    throw isAbsent(name, error) ? new AbsentPackageError(name, error) : error;
  }
}

/** How to install a package, as the end of a sentence. */
export function installHint(name: OptionalPackage): string {
  const exact = `${name}@${OPTIONAL_PACKAGES[name]}`;
  return `Run "npm install ${exact}", or in a Deno project "deno add npm:${exact}"`;
}

/** A package that this part of QSight needs is not installed; the message says how to install it. */
export class AbsentPackageError extends Error {
  /** Tells it from other errors. */
  override readonly name = "AbsentPackageError";

  /** Of what was thrown when it was imported. */
  constructor(name: OptionalPackage, cause: unknown) {
    super(
      `${name} is not installed, and this part of QSight needs it. ${installHint(name)}`,
      { cause },
    );
  }
}

/** A package that lacks one of its own is there, and says itself what is wrong. */
function isAbsent(name: string, error: unknown): boolean {
  const [first] = messageOf(error).split("\n");
  return /\bnot a dependency\b|cannot find (?:package|module)|could not (?:find|resolve)/i
    .test(first) && [`"${name}"`, `'${name}'`, `npm:${name}@`].some((text) => first.includes(text));
}
