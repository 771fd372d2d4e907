/**
 * Registers a test that needs something a user's machine may lack. With a reason it is reported as
 * ignored and the reason stands in its name; CI fails on any reason that is not about a GPU.
 */
export function testOrSkip(
  name: string,
  missing: string | undefined,
  body: (t: Deno.TestContext) => void | Promise<void>,
): void {
  const title = missing === undefined ? name : `${name} (skipped: ${missing})`;
  Deno.test({ name: title, ignore: missing !== undefined, fn: body });
}

/** Why a program cannot be used here, or undefined when it is on PATH. */
export function missingProgram(program: string): string | undefined {
  const folders = (Deno.env.get("PATH") ?? "").split(":");
  const found = folders.some((folder) => {
    try {
      return Deno.statSync(`${folder}/${program}`).isFile;
    } catch {
      return false;
    }
  });
  return found ? undefined : `${program} is not on PATH`;
}
