// The commands that a Markdown document shows, in its shell blocks and in its sentences.

const PROGRAMS = /^(?:\w+=\S+ )?(?:deno|npm|npx|node|qsight|apt-get|make|\.ci\/run)(?= |$)/;

/** Each command once, on one line, with `deno` and `deno task qsight` for their other spellings. */
export function documentCommands(markdown: string): string[] {
  const blocks = Array.from(markdown.matchAll(/^```sh\n([\s\S]*?)^```$/gm), ([, block]) => block);
  const lines = blocks.flatMap((block) => block.replace(/\\\n/g, " ").split("\n"))
    .map((line) => line.replace(/(^|\s)#.*$/, ""));
  const prose = markdown.replace(/^```[\s\S]*?^```$/gm, "");
  const inline = Array.from(prose.matchAll(/`([^`]+)`/g), ([, code]) => code);
  const commands = [...lines, ...inline]
    .map((text) => text.replace(/\s+/g, " ").trim())
    // A name alone, such as `deno` or `npm`, is no command.
    .filter((text) => PROGRAMS.test(text) && (text.includes(" ") || text === ".ci/run"))
    .map((text) =>
      text.replace(/^npx -y deno@\S+ ?/, "deno ").trim().replace(/^qsight /, "deno task qsight ")
    )
    .filter((text) => text !== "deno");
  return [...new Set(commands)];
}
