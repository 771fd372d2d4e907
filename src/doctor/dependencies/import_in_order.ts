// Run in a process of its own: imports the packages that it is given, and names each that has loaded.
import process from "node:process";

if (import.meta.main) {
  for (const name of process.argv.slice(2)) {
    await import(name);
    process.stdout.write(`${name}\n`);
  }
  // Some packages keep timers or workers.
  process.exit(0);
}
