import type { CommandContext } from "./command.ts";

/** placeholder until the matrix is there */
export function explainCommand(_text: string, _context: CommandContext): Promise<number> {
  return Promise.resolve(1);
}
