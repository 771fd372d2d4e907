/** What a report must not say of its writer. */
export interface RedactOptions {
  /** Home folder, or undefined where it is not known. */
  readonly home?: string;
  /** Name of the user, or undefined where it is not known. */
  readonly user?: string;
}

const TOKENS: readonly [RegExp, string][] = [
  // The password or token of an address.
  [/(\b[a-z][a-z0-9+.-]*:\/\/)[^\s/@:]*:[^\s/@]+@/gi, "$1[redacted]@"],
  [/([?&](?:token|key|secret|password|access_token|api_key)=)[^\s&#"']+/gi, "$1[redacted]"],
  // NAME=value and "name": "value" where the name tells that it is secret.
  [
    /(\b[\w-]*(?:token|secret|passw(?:or)?d|api[_-]?key|credential)[\w-]*["']?\s*[=:]\s*["']?)[^\s"',;]+/gi,
    "$1[redacted]",
  ],
  [/\b(?:Bearer|Basic)\s+[\w.+/=-]{8,}/gi, "[redacted]"],
  // Forms of well-known issuers, and JSON web tokens.
  [/\b(?:gh[pousr]_|github_pat_|npm_|hf_|sk-|xox[abp]-|glpat-)[\w-]{10,}/g, "[redacted]"],
  [/\beyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]*/g, "[redacted]"],
  [/\b[0-9a-f]{40}\b/gi, "[redacted]"],
];

/** Takes secrets out of a text: passwords in addresses, tokens by their form or by their name. */
export function redactTokens(text: string): string {
  return TOKENS.reduce((left, [pattern, into]) => left.replace(pattern, into), text);
}

/** Takes the home folder and the user's name out of a text as well. */
export function redactPerson(text: string, { home, user }: RedactOptions): string {
  let left = redactTokens(text);
  if (home !== undefined && home.length > 1) left = left.replaceAll(home, "~");
  // Of others, too, whose folders stand in paths.
  left = left.replace(/([/\\](?:home|Users)[/\\])[^/\\\s:"']+/g, "$1[user]");
  if (user !== undefined && user.length > 2) {
    const name = user.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    left = left.replace(new RegExp(`(?<![\\w-])${name}(?![\\w-])`, "g"), "[user]");
  }
  return left;
}
