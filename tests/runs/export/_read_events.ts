import assert from "node:assert/strict";
import { missingProgram } from "../../_tools/test_or_skip.ts";

const PYTHON = "/usr/bin/python3";
const SCRIPT = new URL("./_read_events.py", import.meta.url).pathname;

/** Why event files cannot be checked by programs that are not ours; undefined where they can. */
export function missingReader(): string | undefined {
  const protoc = missingProgram("protoc");
  if (protoc !== undefined) return `${protoc}: apt install protobuf-compiler`;
  try {
    const { success } = new Deno.Command(PYTHON, { args: ["-c", "import crc32c"] }).outputSync();
    return success ? undefined : `${PYTHON} has no crc32c: apt install python3-crc32c`;
  } catch {
    return `there is no ${PYTHON}`;
  }
}

/** The records of a file by Python's crc32c, and how many bytes of a torn one are left behind them. */
export async function readRecords(path: string): Promise<{ records: Uint8Array[]; rest: number }> {
  const { success, stdout, stderr } = await new Deno.Command(PYTHON, { args: [SCRIPT, path] })
    .output();
  assert.ok(success, new TextDecoder().decode(stderr));
  const lines = new TextDecoder().decode(stdout).trim().split("\n");
  const rest = Number(lines.pop()!.split(" ")[1]);
  return {
    rest,
    records: lines.map((line) => Uint8Array.from(atob(line), (c) => c.charCodeAt(0))),
  };
}

/** Each record of a file, decoded by `protoc --decode_raw`. */
export async function decodeEvents(path: string): Promise<string[]> {
  const { records, rest } = await readRecords(path);
  assert.equal(rest, 0);
  return await Promise.all(records.map(decodeRaw));
}

async function decodeRaw(message: Uint8Array): Promise<string> {
  const child = new Deno.Command("protoc", {
    args: ["--decode_raw"],
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(message);
  await writer.close();
  const { success, stdout } = await child.output();
  assert.ok(success, "protoc could not decode a record");
  return new TextDecoder().decode(stdout);
}

/** The only event file in a folder. */
export function eventFile(folder: string): string {
  const files = Array.from(Deno.readDirSync(folder)).filter(({ isFile }) => isFile);
  assert.equal(files.length, 1, `${folder}: ${files.map(({ name }) => name)}`);
  assert.match(files[0].name, /^events\.out\.tfevents\.\d{10}\./);
  return `${folder}/${files[0].name}`;
}

/** The 64 bits of a double as `--decode_raw` prints them. */
export function doubleBits(value: number): string {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  return `0x${view.getBigUint64(0).toString(16).padStart(16, "0")}`;
}

/** The 32 bits of a float as `--decode_raw` prints them. */
export function floatBits(value: number): string {
  const view = new DataView(new ArrayBuffer(4));
  view.setFloat32(0, value);
  return `0x${view.getUint32(0).toString(16).padStart(8, "0")}`;
}
