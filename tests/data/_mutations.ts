// Data sets with one damaged file, for the test and the soak.
import assert from "node:assert/strict";
import { join } from "node:path";
import sharp from "sharp";
import { SeededRandom } from "../../src/_internal/seeded_random.ts";
import { checkData, DataError, type DataSplits, loadData } from "../../src/data/mod.ts";
import { encodePng } from "../../src/images/mod.ts";
import { medmnist, npz, withFolder } from "./write_npz.ts";

/** Kinds of files that are damaged. */
export const KINDS = ["npz", "png", "jpg", "csv"] as const;

/** How many loads of each kind gave data, and how many an error of ours. */
export type Outcomes = Record<typeof KINDS[number], { valid: number; refused: number }>;

/** Longer than any load of so small files takes on a slow machine. */
const DEADLINE = 60_000;

/**
 * Loads data sets in which one file is damaged, `rounds` in all, the kinds in turn.
 *
 * @throws AssertionError for a crash, a hang, an error that is not ours, and data that are not valid
 */
export async function checkMutations(rounds: number, seed: number): Promise<Outcomes> {
  const random = new SeededRandom(`data mutations/${seed}`);
  const outcomes = Object.fromEntries(KINDS.map((kind) => [kind, { valid: 0, refused: 0 }]));
  await withFolder(async (folder) => {
    const files = await wholeFiles();
    for (const [name, bytes] of Object.entries(files)) {
      await Deno.mkdir(join(folder, name, ".."), { recursive: true });
      await Deno.writeFile(join(folder, name), bytes);
    }
    for (let round = 0; round < rounds; round++) {
      const kind = KINDS[round % KINDS.length], [spec, name] = TARGETS[kind];
      const damaged = mutate(files[name], random);
      await Deno.writeFile(join(folder, name), damaged);
      const what = `${kind}, round ${round} of seed ${seed}`;
      // Every second image goes the other way: left out and reported.
      const onUnreadable = round % 8 < 4 ? "error" : "skip";
      const options = { imageSize: 16, valFraction: 0.5, onUnreadable } as const;
      try {
        assertValid(await inTime(loadData(join(folder, spec), options), what), what);
        outcomes[kind].valid++;
      } catch (error) {
        assert.ok(
          error instanceof DataError,
          `${what}: ${error instanceof Error ? error.stack : error}`,
        );
        assert.ok(error.message.length > 20 && error.path !== "", what);
        outcomes[kind].refused++;
      }
      await Deno.writeFile(join(folder, name), files[name]);
    }
  });
  return outcomes as Outcomes;
}

/** What is loaded, and the file in it that is damaged. */
const TARGETS: Record<typeof KINDS[number], readonly [spec: string, file: string]> = {
  npz: ["a.npz", "a.npz"],
  png: ["classes", "classes/a/1.png"],
  jpg: ["classes", "classes/b/1.jpg"],
  csv: ["table", "table/t.csv"],
};

async function wholeFiles(): Promise<Record<string, Uint8Array>> {
  const files: Record<string, Uint8Array> = { "a.npz": npz(medmnist()) };
  const side = 20, raw = { width: side, height: side, channels: 3 as const };
  for (let i = 0; i < 4; i++) {
    const data = Uint8Array.from({ length: side * side * 3 }, (_, k) => (k * (i + 3)) % 251);
    const png = encodePng({ ...raw, data });
    const jpg = new Uint8Array(await sharp(data, { raw }).jpeg().toBuffer());
    Object.assign(files, { [`classes/a/${i}.png`]: png, [`classes/b/${i}.jpg`]: jpg });
    Object.assign(files, { [`table/${i}_left.png`]: png, [`table/${i}_right.jpg`]: jpg });
  }
  const rows = [0, 1, 2, 3].map((i) =>
    `${i}_left,${i % 2},"p${i}"\r\n${i}_right.jpg,${i % 3},p${i}`
  );
  files["table/t.csv"] = new TextEncoder().encode(
    ["image,level,patient", ...rows, ""].join("\r\n"),
  );
  return files;
}

/** Numbers that parsers stumble over. */
const EDGES = [
  ...[[0], [255], [0, 0, 0, 0], [255, 255, 255, 255], [127, 255, 255, 255], [255, 255, 255, 127]],
  ...["\n", ",", '"', '""', ",,,,", "-1", "1e9", "NaN", "\u0000", "../", "999999999999"].map(
    (text) => [...new TextEncoder().encode(text)],
  ),
];

/** One to four changes: a byte, a bit, an edge, a hole, a repetition, or a cut. */
export function mutate(bytes: Uint8Array, random: SeededRandom): Uint8Array {
  let out = Array.from(bytes);
  for (let changes = 1 + random.integer(4); changes > 0; changes--) {
    const at = random.integer(out.length + 1), length = 1 + random.integer(40);
    switch (random.integer(7)) {
      case 0:
        out[at] = random.integer(256);
        break;
      case 1:
        out[at] = (out[at] ?? 0) ^ (1 << random.integer(8));
        break;
      case 2:
        EDGES[random.integer(EDGES.length)].forEach((byte, i) => out[at + i] = byte);
        break;
      case 3:
        out.splice(at, 0, ...EDGES[random.integer(EDGES.length)]);
        break;
      case 4:
        out.splice(at, length);
        break;
      case 5:
        out.splice(at, 0, ...out.slice(at, at + length));
        break;
      default:
        if (random.integer(3) === 0) out = out.slice(0, at);
    }
  }
  return Uint8Array.from(out);
}

/** Data that can be trained on. */
function assertValid(data: DataSplits, what: string): void {
  for (const set of [data.train, data.val]) {
    assert.ok(set.count > 0, what);
    assert.equal(set.images.length, set.count * set.height * set.width * 3, what);
    assert.equal(set.labels.length, set.count, what);
    assert.equal(set.ids.length, set.count, what);
    assert.ok(set.labels.every((label) => label >= 0 && label < set.classes.length), what);
  }
  assert.equal(checkData(data).schema, "qsight.data/1");
}

async function inTime<T>(work: Promise<T>, what: string): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what}: hangs`)), DEADLINE);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
