/**
 * A text on one line, without what a terminal would obey or an SVG may not hold: control characters
 * and line breaks become a space, half a character becomes the sign for one that is unknown. Names
 * may come from other people's files.
 */
export function printable(text: string): string {
  // deno-lint-ignore no-control-regex
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\ufffe\uffff]+/g, " ")
    .replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, "\ufffd");
}
