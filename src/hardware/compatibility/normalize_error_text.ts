/**
 * What stays the same of an error text wherever it was seen: no colours and frames, no numbers of
 * lines and versions, one kind of quotes and of separators in paths, lower case, single blanks.
 */
export function normalizeErrorText(text: string): string {
  return text
    .replace(COLOURS, "")
    .replace(ESCAPED, (_, quote) => quote ?? " ")
    .toLowerCase()
    .replace(/[`'"´‘’‚“”„«»]+/g, "'")
    .replace(FRAMES, " ")
    .replace(/^[ \t]*>[ \t>]*/gm, "")
    .replace(/[\\/]+/g, "/")
    .replace(NUMBER, "#")
    .replace(/\s+/g, " ")
    .trim();
}

/** Sequences of a terminal; of those pasted from JSON or a browser the escape is spelt or gone. */
const COLOURS =
  // deno-lint-ignore no-control-regex
  /(?:\x1b|\\u001b|\\x1b|\x9b)\[[\d;?]*[ -/]*[@-~]|\x1b\][^\x07]*\x07|(?<![\w\]])\[\d{1,3}(?:;\d{1,3})*m/gi;

/** Ends of lines and quotes as JSON writes them. */
const ESCAPED = /\\r?\\?n(?=\s|$)|\\(["'])/g;

/** Boxes drawn around warnings. */
const FRAMES = /[\u2500-\u257f|]/g;

/** Versions, places, ports; a number that is a part of a name stays. */
const NUMBER = /(?<![a-z_\d])[v^~=]?\d+(?:\.(?:\d+|x))*(?:-(?:alpha|beta|rc)[.\d]*)?(?![a-z_])/g;
