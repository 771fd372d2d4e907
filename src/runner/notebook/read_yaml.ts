import type { Tags } from "yaml";
import { loadPackage } from "../../_internal/load_package.ts";

/** How a YAML text is read, and what happens to a fault in it. */
export interface ReadYamlOptions {
  /** Throws what the caller throws; the line counts from 1. */
  readonly fail: (line: number, reason: string) => never;
  /** Changes the kinds of plain values that YAML 1.2 has. @default unchanged */
  readonly tags?: (tags: Tags) => Tags;
  /** Maps as `Map` with their own kinds of keys, and whole numbers as bigint. @default {false} */
  readonly exact?: boolean;
}

/** The value of a YAML 1.2 text of one document. */
export async function readYaml(
  text: string,
  { fail, tags, exact = false }: ReadYamlOptions,
): Promise<unknown> {
  const { parseDocument } = await loadPackage("yaml", () => import("yaml"));
  const document = parseDocument(text, {
    intAsBigInt: exact,
    prettyErrors: false,
    // "silent" would also let a second document pass.
    logLevel: "error",
    ...(tags === undefined ? {} : { customTags: tags }),
  });
  const fault = document.errors[0] ?? document.warnings[0];
  if (fault !== undefined) {
    fail(text.slice(0, fault.pos[0]).split("\n").length, fault.message);
  }
  try {
    return document.toJS({ mapAsMap: exact });
  } catch (error) {
    // Such as an alias of nothing, or more aliases than any honest text has.
    return fail(1, (error as Error).message);
  }
}
