/**
 * JSON with comments and trailing commas, as in deno.json. Faults are named by line and column of the
 * text as it stands.
 *
 * @throws {SyntaxError} for anything else
 */
export function parseJsonc(text: string): unknown {
  return JSON.parse(withoutComments(text.replace(/^\uFEFF/, "")));
}

/** Blanks comments and trailing commas, so that every other character keeps its place. */
function withoutComments(text: string): string {
  const blank = (part: string) => part.replace(/[^\n\r]/g, " ");
  const plain = text.replace(
    /("(?:[^"\\\n]|\\.)*")|\/\/[^\n\r]*|\/\*[\s\S]*?\*\//g,
    (part, string) => string ?? blank(part),
  );
  return plain.replace(
    /("(?:[^"\\\n]|\\.)*")|(?<![{[,:]\s*),(?=\s*[}\]])/g,
    (_, string) => string ?? " ",
  );
}
