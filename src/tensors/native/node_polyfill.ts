import util from "node:util";

/** What Node had until version 22 and @tensorflow/tfjs-node 4.22.0 still calls. */
interface OldUtil {
  isNullOrUndefined?: (value: unknown) => boolean;
  isArray?: (value: unknown) => boolean;
}

/**
 * Gives `node:util` back the two functions that left it with Node 23 (Deno never had them), so that
 * @tensorflow/tfjs-node can run operations. What is there stays. To be called before the import.
 */
export function installUtilPolyfill(): void {
  const old = util as OldUtil;
  old.isNullOrUndefined ??= (value) => value === null || value === undefined;
  old.isArray ??= Array.isArray;
}
