/**
 * Whether an error of that name is one of ours (or of a platform with names of its own): such errors
 * explain themselves, of the language's own ones a reader needs the stack.
 */
export function explainsItself(name: string): boolean {
  return !/^(?:Type|Range|Syntax|Reference|URI|Eval)?Error$/.test(name);
}
