import process from "node:process";

/** Whether a process of this machine has that number. */
export function isProcess(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process is there as well.
    return (error as { code?: string }).code === "EPERM";
  }
}
