import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { writeAtomic } from "../_internal/write_atomic.ts";
import type { FileDigest } from "./file_digest.ts";
import type { GitState } from "./git_state.ts";
import { ifGone } from "./if_gone.ts";

/** What `manifest.json` says about a finished run. Written last: it tells that the run is whole. */
export interface Manifest {
  /** Form of this file. */
  readonly schema: "qsight.run/1";
  /** `"run"`, or `"model"` for a released model, which is never pruned. */
  readonly kind: "run" | "model";
  /** Name of the run folder. */
  readonly id: string;
  /** What the run was called, if anything. */
  readonly name: string | null;
  /** How the run ended. */
  readonly status: "finished" | "interrupted" | "failed";
  /** True when any image was made up; every artefact of the run then says so. */
  readonly synthetic: boolean;
  /** Seed of the run. */
  readonly seed: number;
  /** What `config.json` holds. */
  readonly config: unknown;
  /** SHA-256 of `config.json`. */
  readonly configSha256: string;
  /** Commit of the source, or null outside a repository. */
  readonly git: GitState | null;
  /** Version by name: this package, the runtime, V8, and what the caller adds. */
  readonly versions: Readonly<Record<string, string>>;
  /** Snapshot of the machine. */
  readonly hardware: unknown;
  /** Backend report as the tensors gave it: asked, found, chosen, why. */
  readonly backend: unknown;
  /** Whether another backend was chosen than in the run before; null when that is not known. */
  readonly backendChanged: boolean | null;
  /** Name and fingerprint of the data. */
  readonly data: unknown;
  /** Statistics of the sampler lock. */
  readonly lock: unknown;
  /** ISO 8601, UTC. */
  readonly started: string;
  /** ISO 8601, UTC. */
  readonly ended: string;
  /** Estimate and truth, so that estimates can be learnt from. */
  readonly duration: {
    /** Null when nothing was estimated. */
    readonly estimatedSeconds: number | null;
    /** From opening to finishing the run. */
    readonly actualSeconds: number;
  };
  /** Anything else that was handed to `finish()`. */
  readonly facts: Readonly<Record<string, unknown>>;
  /** What a reader should know, e.g. numbers that JSON cannot hold. */
  readonly notes: readonly string[];
  /** All files of the run but this one. */
  readonly files: readonly FileDigest[];
  /** Files that a repair found missing or changed, as the run wrote them. @default none */
  readonly damaged?: readonly FileDigest[];
}

const insidePath = z.string().refine(
  (path) => !path.startsWith("/") && !path.includes("\\") && !path.split("/").includes(".."),
  "a path inside the run folder",
);

const digests = z.array(z.object({
  path: insidePath,
  bytes: z.number().int().nonnegative(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
}));

const manifestSchema = z.object({
  schema: z.literal("qsight.run/1"),
  kind: z.enum(["run", "model"]),
  id: z.string().min(1),
  name: z.string().nullable(),
  status: z.enum(["finished", "interrupted", "failed"]),
  synthetic: z.boolean(),
  seed: z.number().int(),
  config: z.unknown(),
  configSha256: z.string().regex(/^[0-9a-f]{64}$/),
  git: z.object({ commit: z.string(), branch: z.string().nullable() }).nullable(),
  versions: z.record(z.string(), z.string()),
  hardware: z.unknown(),
  backend: z.unknown(),
  backendChanged: z.boolean().nullable(),
  data: z.unknown(),
  lock: z.unknown(),
  started: z.iso.datetime(),
  ended: z.iso.datetime(),
  duration: z.object({
    estimatedSeconds: z.number().nullable(),
    actualSeconds: z.number().nonnegative(),
  }),
  facts: z.record(z.string(), z.unknown()),
  notes: z.array(z.string()),
  files: digests,
  damaged: digests.optional(),
});

/** A manifest that is missing, is not JSON, or does not have the form of one. */
export class ManifestError extends Error {
  /** Name of the class, for a cell that shows nothing else. */
  override readonly name = "ManifestError";
}

/**
 * The manifest of a run folder, checked against its schema. Keys this version does not know are
 * passed over, so that older code reads newer runs of the same schema.
 *
 * @throws {ManifestError} when there is none (the run was stopped before its end) or it is malformed
 */
export async function readManifest(folder: string): Promise<Manifest> {
  const manifest = await findManifest(folder);
  if (manifest !== null) return manifest;
  throw new ManifestError(
    `No manifest.json in ${folder}: the run has not ended or was stopped. Wait for it or start it again`,
  );
}

/**
 * {@linkcode readManifest} of a run that need not have ended; null without a manifest.
 *
 * @throws {ManifestError} when it is malformed
 */
export async function findManifest(folder: string): Promise<Manifest | null> {
  const path = join(folder, "manifest.json");
  const text = await readFile(path, "utf8").catch(ifGone(undefined));
  if (text === undefined) return null;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new ManifestError(
      `${path} is not JSON (${(error as Error).message}): restore it from a copy`,
    );
  }
  return parseManifest(value, path);
}

/** Writes a manifest in its one form; what is in it is up to the caller. */
export async function writeManifest(folder: string, manifest: object): Promise<void> {
  await writeAtomic(join(folder, "manifest.json"), JSON.stringify(manifest, null, 2) + "\n");
}

/** The backend that computed, from the report of one or its bare name; null when none is named. */
export function chosenBackend(backend: Manifest["backend"]): string | null {
  const chosen = typeof backend === "string"
    ? backend
    : (backend as { readonly chosen?: unknown } | null | undefined)?.chosen;
  return typeof chosen === "string" ? chosen : null;
}

/** A value as a manifest; {@linkcode ManifestError} names `where` and each field that is wrong. */
export function parseManifest(value: unknown, where: string): Manifest {
  const parsed = manifestSchema.safeParse(value);
  if (parsed.success) return parsed.data as Manifest;
  const faults = parsed.error.issues
    .map(({ path, message }) => `${path.join(".") || "value"}: ${message}`).join("; ");
  throw new ManifestError(`${where}: not a run manifest: ${faults}. Mend these fields`);
}
