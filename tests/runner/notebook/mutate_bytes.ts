import { Buffer } from "node:buffer";
import type { SeededRandom } from "../../../src/_internal/seeded_random.ts";

interface Mutated {
  readonly label: string;
  readonly bytes: Uint8Array;
}

type Change = (bytes: Buffer, random: SeededRandom) => Uint8Array;

/** Two places in the file, the first one first. */
function span(bytes: Buffer, random: SeededRandom): [number, number] {
  const [a, b] = [random.integer(bytes.length + 1), random.integer(bytes.length + 1)];
  return a < b ? [a, b] : [b, a];
}

const CHANGES: Readonly<Record<string, Change>> = {
  "bits flipped": (bytes, random) => {
    for (let i = random.integer(8); i >= 0; i--) {
      bytes[random.integer(bytes.length)] ^= 1 << random.integer(8);
    }
    return bytes;
  },
  "cut short": (bytes, random) => bytes.subarray(0, random.integer(bytes.length)),
  "span doubled": (bytes, random) => {
    const [from, to] = span(bytes, random);
    return Buffer.concat([bytes.subarray(0, to), bytes.subarray(from)]);
  },
  "span lost": (bytes, random) => {
    const [from, to] = span(bytes, random);
    return Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)]);
  },
  "line lost": (bytes, random) => {
    const lines = bytes.toString().split("\n");
    lines.splice(random.integer(lines.length), 1);
    return Buffer.from(lines.join("\n"));
  },
  "line doubled": (bytes, random) => {
    const lines = bytes.toString().split("\n");
    const at = random.integer(lines.length);
    lines.splice(at, 0, lines[random.integer(lines.length)]);
    return Buffer.from(lines.join("\n"));
  },
  "letters put in": (bytes, random) => {
    const letters = [
      "`",
      "```\n",
      "~~~",
      "---\n",
      "[",
      '"',
      "{",
      "# %%",
      "\t",
      "\r",
      ": ",
      "é",
      "\0",
    ];
    const [at] = span(bytes, random);
    const middle = letters[random.integer(letters.length)];
    return Buffer.concat([bytes.subarray(0, at), Buffer.from(middle), bytes.subarray(at)]);
  },
  "mark before": (bytes) => Buffer.concat([Buffer.from("\ufeff"), bytes]),
  "UTF-16": (bytes) => Buffer.from("\ufeff" + bytes.toString(), "utf16le"),
  "UTF-16, big end first": (bytes) => Buffer.from("\ufeff" + bytes.toString(), "utf16le").swap16(),
  "merge conflict": (bytes, random) => {
    const lines = bytes.toString().split("\n");
    lines.splice(random.integer(lines.length), 0, "<<<<<<< HEAD", "=======", ">>>>>>> other");
    return Buffer.from(lines.join("\n"));
  },
  "CRLF": (bytes) => Buffer.from(bytes.toString().replaceAll("\n", "\r\n")),
  "twice": (bytes) => Buffer.concat([bytes, bytes]),
  "empty": () => Buffer.alloc(0),
  "blank": () => Buffer.from(" \n\t\n"),
  "noise": (bytes, random) =>
    Buffer.from(Array.from({ length: bytes.length % 512 }, () => random.integer(256))),
};

/** The bytes of a file after one kind of damage, which knows nothing of the format. */
export function mutateBytes(bytes: Buffer, random: SeededRandom): Mutated {
  const labels = Object.keys(CHANGES);
  const label = labels[random.integer(labels.length)];
  return { label, bytes: CHANGES[label](bytes, random) };
}
