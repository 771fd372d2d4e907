import { join } from "node:path";
import process from "node:process";
import { checkOptions } from "../../_internal/check_options.ts";
import type { Manifest } from "../manifest.ts";
import {
  type OutboxItem,
  type Remote,
  type RemoteCall,
  type RemoteContent,
  RemoteError,
  type RemoteRun,
} from "./remote.ts";
import { WandbClient } from "./wandb_client.ts";
import {
  type HistoryLine,
  historyLine,
  pictureLine,
  wandbConfig,
  wandbRunId,
} from "./wandb_history.ts";
import { wholeLines } from "./whole_lines.ts";

/** Options of {@linkcode wandbRemote}. */
export interface WandbRemoteOptions {
  /** Project. @default WANDB_PROJECT, or "qsight" */
  readonly project?: string;
  /** User or team. @default WANDB_ENTITY, or the owner of the key */
  readonly entity?: string;
  /** Where WANDB_API_KEY, WANDB_BASE_URL, WANDB_PROJECT and WANDB_ENTITY are. @default process.env */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

const UPSERT = `mutation UpsertBucket($name: String, $project: String, $entity: String,
  $displayName: String, $commit: String, $config: JSONString, $tags: [String!]) {
  upsertBucket(input: { name: $name, modelName: $project, entityName: $entity,
    displayName: $displayName, commit: $commit, config: $config, tags: $tags }) {
    bucket { name project { name entity { name } } }
  }
}`;

const CREATE_FILES = `mutation CreateRunFiles($entity: String!, $project: String!, $run: String!,
  $files: [String!]!) {
  createRunFiles(input: { entityName: $entity, projectName: $project, runName: $run,
    files: $files }) { uploadHeaders files { name uploadUrl } }
}`;

/**
 * Weights & Biases over its HTTP interface, without a package: rows become history, pictures media
 * with a slider, other files files of the run. Everything is addressed by what it is (line of the
 * history, name of the file), so that sending twice changes nothing. The key is read from the
 * environment when sending begins and is written nowhere.
 *
 * Endpoints as in wandb/wandb, `core/internal/filestream` and `core/api/graphql`. Not
 * `@wandb/sdk` 0.5.1: it queues without a bound, waits for a failed request again instead of
 * sending it again, has no deadlines, sends no files and writes the key to ~/.netrc.
 *
 * @throws {TypeError} on an unknown option
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { wandbRemote } from "@qsight/qsight/runs";
 *
 * const remote = wandbRemote({ env: { WANDB_BASE_URL: "https://wandb.example.org" } });
 * assert.equal(remote.where, "https://wandb.example.org");
 * ```
 */
export function wandbRemote(options: WandbRemoteOptions = {}): Remote {
  checkOptions("wandbRemote()", options, ["project", "entity", "env"]);
  const { env = process.env } = options;
  const project = options.project ?? env.WANDB_PROJECT ?? "qsight";
  return new WandbRemote({ project, entity: options.entity ?? env.WANDB_ENTITY, env });
}

interface Bucket {
  readonly name: string;
  readonly project: { readonly name: string; readonly entity: { readonly name: string } };
}

class WandbRemote implements Remote {
  readonly name = "wandb";
  readonly where: string;
  readonly #options: WandbRemoteOptions & { readonly project: string };
  readonly #baseUrl: string;
  #client: WandbClient | undefined;
  #bucket: Bucket | undefined;
  /** Newest value of each metric; undefined until rows are sent. */
  #summary: Record<string, unknown> | undefined;

  constructor(options: WandbRemoteOptions & { readonly project: string }) {
    this.#options = options;
    this.#baseUrl = (options.env?.WANDB_BASE_URL || "https://api.wandb.ai").replace(/\/+$/, "");
    this.where = checkUrl(this.#baseUrl);
  }

  async begin(run: RemoteRun, call: RemoteCall): Promise<void> {
    const apiKey = this.#options.env?.WANDB_API_KEY?.trim() ?? "";
    if (apiKey === "") {
      throw new RemoteError(
        "WANDB_API_KEY is not set, wanted the key of your W&B account: set it in the environment",
        { kind: "denied" },
      );
    }
    this.#client = new WandbClient({ baseUrl: this.#baseUrl, apiKey });
    this.#bucket = await this.#upsert(run, call);
    this.#summary = undefined;
  }

  async #upsert({ id, config, manifest }: RemoteRun, { signal }: RemoteCall): Promise<Bucket> {
    const { project, entity } = this.#options;
    const variables = {
      name: wandbRunId(id),
      project,
      entity,
      displayName: id,
      commit: manifest?.git?.commit,
      config: wandbConfig(config),
      tags: manifest?.synthetic ? ["synthetic"] : [],
    };
    const { upsertBucket } = await this.#client!.graphql<{ upsertBucket: { bucket: Bucket } }>(
      UPSERT,
      { variables, signal },
    );
    return upsertBucket.bucket;
  }

  async send(item: OutboxItem, content: RemoteContent): Promise<void> {
    switch (item.kind) {
      case "rows":
        return await this.#sendRows(item, content);
      case "picture": {
        const { path, line } = pictureLine(content.content, item);
        await this.#upload(path, content);
        return await this.#stream({ ...historyAt(item, line), uploaded: [path] }, content);
      }
      case "file":
        await this.#upload(item.path, content);
        return await this.#stream({ uploaded: [item.path] }, content);
      case "end": {
        const manifest: Manifest = JSON.parse(new TextDecoder().decode(content.content));
        // What only the manifest tells, for a run that was followed.
        await this.#upsert({ ...content.run, manifest }, content);
        const end = { complete: true, exitcode: manifest.status === "finished" ? 0 : 1 };
        return await this.#stream(end, content);
      }
    }
  }

  async #sendRows(item: OutboxItem, content: RemoteContent): Promise<void> {
    const line = historyLine(content.content, item);
    this.#summary ??= await readSummary(content.run.folder, item);
    const summary = { ...this.#summary, ...line };
    const { files } = historyAt(item, line);
    const body = {
      files: { ...files, "wandb-summary.json": { offset: 0, content: [JSON.stringify(summary)] } },
    };
    await this.#stream(body, content);
    this.#summary = summary;
  }

  async #stream(body: unknown, content: RemoteContent): Promise<void> {
    const { name, project } = this.#bucket!;
    const path = [project.entity.name, project.name, name].map(encodeURIComponent).join("/");
    await this.#client!.post(`/files/${path}/file_stream`, body, content);
  }

  async #upload(path: string, { content, signal }: RemoteContent): Promise<void> {
    const { name: run, project } = this.#bucket!;
    const variables = { entity: project.entity.name, project: project.name, run, files: [path] };
    const { createRunFiles } = await this.#client!.graphql<{
      createRunFiles: {
        uploadHeaders?: readonly string[] | null;
        files: readonly { readonly uploadUrl?: string | null }[];
      };
    }>(CREATE_FILES, { variables, signal });
    const url = createRunFiles.files[0]?.uploadUrl;
    if (!url) {
      const message =
        `W&B at ${this.where}: no place to put ${path}. Check its name and your quota`;
      throw new RemoteError(message, { kind: "rejected" });
    }
    const headers = Object.fromEntries(
      (createRunFiles.uploadHeaders ?? []).map((header) => {
        const colon = header.indexOf(":");
        return [header.slice(0, colon).trim(), header.slice(colon + 1).trim()];
      }),
    );
    await this.#client!.request({ method: "PUT", url, headers, body: content, signal });
  }
}

/** Lines are addressed by their number: the same line again takes the place of itself. */
function historyAt({ line: offset }: OutboxItem, line: HistoryLine) {
  return { files: { "wandb-history.jsonl": { offset, content: [JSON.stringify(line)] } } };
}

/** The newest values up to an item, for a process that goes on where another one stopped. */
async function readSummary(folder: string, { start = 0 }: OutboxItem) {
  const summary: Record<string, unknown> = {};
  for await (const { text, start: at } of wholeLines(join(folder, "metrics.jsonl"))) {
    if (at >= start) break;
    Object.assign(summary, historyLine(new TextEncoder().encode(text), {}));
  }
  delete summary._step;
  return summary;
}

function checkUrl(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed?.protocol === "https:" || parsed?.protocol === "http:") return parsed.origin;
  throw new TypeError(
    "wandbRemote(): WANDB_BASE_URL is no http or https address, wanted e.g. https://api.wandb.ai: " +
      "mend or unset it",
  );
}
