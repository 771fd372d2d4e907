import process from "node:process";

/**
 * Sends a signal to a process group, named by its leader; nothing happens where it is gone already.
 * Windows has no groups: there the leader alone gets it.
 */
export function signalGroup(leader: number, signal: "SIGINT" | "SIGKILL"): void {
  try {
    process.kill(process.platform === "win32" ? leader : -leader, signal);
  } catch {
    // It is gone already. Its number alone would be no good: somebody else may have it by now.
  }
}
