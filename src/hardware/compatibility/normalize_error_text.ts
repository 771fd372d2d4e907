/**
 * What stays the same of an error text wherever it was seen: no colours, no frames, no paths before
 * a file's name, no numbers of lines and versions, one kind of quotes, and single blanks.
 */
export function normalizeErrorText(text: string): string {
  return text
    .replace(COLOURS, "")
    .toLowerCase()
    .replace(/[`'"´‘’‚“”„«»]+/g, "'")
    .replace(/[\u2500-\u257f|]/g, " ")
    .replace(/^[ \t>]+/gm, "")
    .replace(PATH, "$1")
    .replace(NUMBER, "#")
    .replace(/#(?::#)+/g, "#")
    .replace(/(?<=\.[a-z]{1,4}):#/g, "")
    .replace(/\s+/g, " ")
    .trim();
}

/** Sequences of a terminal; of those pasted from JSON or a browser the escape is spelt or gone. */
const COLOURS =
  // deno-lint-ignore no-control-regex
  /(?:\x1b|\\u001b|\\x1b|\x9b)\[[\d;?]*[ -/]*[@-~]|\x1b\][^\x07]*\x07|(?<![\w\]])\[\d{1,3}(?:;\d{1,3})*m/gi;

/** Folders before a name, of files and URLs; a package such as `@a/b` or `a/b` is none. */
const PATH =
  /(?<![\w@.~-])(?:[a-z][a-z+.]*:\/\/+)?(?:[a-z]:)?(?:…|~|\.{1,2})?(?:[\\/]+[^\\/\s':,()<>…]+)*[\\/]+([^\\/\s':,()<>…]+)/g;

/** Versions, places, ports; a number that is a part of a name stays. */
const NUMBER = /(?<![a-z_\d])[v^~=]?\d+(?:\.(?:\d+|x))*(?:-(?:alpha|beta|rc)[.\d]*)?(?![a-z_])/g;
