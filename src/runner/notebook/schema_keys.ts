/**
 * The keys that the schema of nbformat 4.5 knows: it forbids all others outside of metadata.
 * A notebook of a newer minor version may have more, and they are kept there.
 */
const KEYS = {
  notebook: ["cells", "metadata", "nbformat", "nbformat_minor"],
  code: ["cell_type", "id", "source", "metadata", "execution_count", "outputs"],
  markdown: ["cell_type", "id", "source", "metadata", "attachments"],
  raw: ["cell_type", "id", "source", "metadata", "attachments"],
  stream: ["output_type", "name", "text"],
  display_data: ["output_type", "data", "metadata"],
  execute_result: ["output_type", "data", "metadata", "execution_count"],
  error: ["output_type", "ename", "evalue", "traceback"],
} as const;

/** The newest minor version whose schema is known here. */
export const KNOWN_MINOR = 5;

/** A part of a notebook that the schema describes. */
export type SchemaPart = keyof typeof KEYS;

/** Only what the schema of a notebook with this minor version allows. */
export function allowedKeys<T extends object>(
  value: T,
  { part, minor }: { readonly part: SchemaPart; readonly minor: number },
): T {
  if (minor > KNOWN_MINOR) return value;
  const known: readonly string[] = KEYS[part];
  if (Object.keys(value).every((key) => known.includes(key))) return value;
  return Object.fromEntries(Object.entries(value).filter(([key]) => known.includes(key))) as T;
}
