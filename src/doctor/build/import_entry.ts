// Run in a process of its own: imports the file that it is given, and says how many names it exports.
import process from "node:process";

if (import.meta.main) {
  const door = await import(process.argv[2]);
  process.stdout.write(`${Object.keys(door).length} names\n`);
  process.exit(0);
}
