/** Something that a training would stumble over. */
export interface PreflightFinding {
  /** With an error the training would fail, or train nothing; a warning is likely a mistake. */
  readonly level: "error" | "warning";
  /** What was found. */
  readonly message: string;
  /** What to do. */
  readonly fix: string;
}

/** Our errors say what was found, and at their end, behind a semicolon or a full stop, how to mend it. */
export function caught(work: () => unknown): PreflightFinding[] {
  try {
    work();
    return [];
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    const cut = text.includes("; ") ? "; " : ". ";
    const at = text.lastIndexOf(cut);
    if (at === -1) return [{ level: "error", message: text, fix: "change what the message names" }];
    return [{ level: "error", message: text.slice(0, at), fix: text.slice(at + cut.length) }];
  }
}
