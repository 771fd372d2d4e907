import type { Recorder } from "../runs/export/_recorder.ts";

/** Sets variables of the environment while a test runs. */
export async function withEnv(
  env: Readonly<Record<string, string | undefined>>,
  test: () => Promise<void>,
): Promise<void> {
  const before = Object.keys(env).map((name) => [name, Deno.env.get(name)] as const);
  const set = (name: string, value: string | undefined) =>
    value === undefined ? Deno.env.delete(name) : Deno.env.set(name, value);
  for (const [name, value] of Object.entries(env)) set(name, value);
  try {
    await test();
  } finally {
    for (const [name, value] of before) set(name, value);
  }
}

/** The variables that lead W&B to a recorder, and none of the user's own. */
export const service = (recorder: Recorder) => ({
  ...recorder.env,
  WANDB_PROJECT: undefined,
  WANDB_ENTITY: undefined,
});
