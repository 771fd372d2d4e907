import { ConfigFileError } from "../training/config/config_file.ts";
import { UsageError } from "./usage.ts";

/** What a person wrote wrongly is no fault of the program: it is said without a stack. */
export async function asUsage<T>(what: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ConfigFileError) throw new UsageError(`qsight train: ${error.message}`);
    const isArgument = error instanceof TypeError || error instanceof RangeError ||
      error instanceof SyntaxError;
    if (!isArgument) throw error;
    throw new UsageError(`qsight train: ${what}: ${error.message}`);
  }
}
