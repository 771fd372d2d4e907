import process from "node:process";
import { UsageError } from "./usage.ts";

/** @throws {UsageError} when the environment has no key of W&B */
export function requireWandbKey(command: string): void {
  if (process.env.WANDB_API_KEY?.trim()) return;
  throw new UsageError(
    `qsight ${command}: WANDB_API_KEY is not set; set it to the key of your W&B account`,
  );
}
