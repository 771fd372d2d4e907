/**
 * Carries a JSON value through tfjs's layer configuration unchanged. tfjs rewrites strings and keys
 * between camelCase and snake_case while it saves and loads ("classical_a" would come back as
 * "classicalA"); hexadecimal digits survive that.
 */
export function toConfigText(value: unknown): string {
  const bytes = new TextEncoder().encode(JSON.stringify(value));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The value behind {@linkcode toConfigText}. */
export function fromConfigText(text: string): unknown {
  const bytes = Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
  return JSON.parse(new TextDecoder().decode(bytes));
}
