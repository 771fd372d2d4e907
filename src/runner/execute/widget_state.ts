import { Buffer } from "node:buffer";
import type { KernelClient } from "../protocol/kernel_client.ts";
import type { Message } from "../protocol/message_codec.ts";
import type { Notebook, Output } from "../notebook/nbformat.ts";

const MIME = "application/vnd.jupyter.widget-state+json";

type Json = Record<string, unknown>;

interface Model {
  readonly state: Json;
  readonly buffers: Map<string, { encoding: "base64"; path: unknown[]; data: string }>;
}

/**
 * The widgets of a notebook: keeps the state of each model, as nbclient does, so that the executed
 * notebook shows them without a kernel. An output widget (`widgets.Output`) takes the outputs of the
 * request that it names for itself.
 */
export class WidgetState {
  readonly #client: KernelClient;
  readonly #models = new Map<string, Model>();
  /** Which output widget takes the outputs of a request. */
  readonly #captures = new Map<string, string>();

  constructor(client: KernelClient) {
    this.#client = client;
  }

  /** Takes a message that is about a widget; false for any other. */
  take(message: Message): boolean {
    const { header: { msg_type }, content } = message;
    if (msg_type === "comm_open" && content.target_name === "jupyter.widget") {
      this.#models.set(String(content.comm_id), { state: {}, buffers: new Map() });
      this.#update(String(content.comm_id), message);
      return true;
    }
    if (msg_type === "comm_msg" && this.#models.has(String(content.comm_id))) {
      if ((content.data as Json | undefined)?.method === "update") {
        this.#update(String(content.comm_id), message);
      }
      return true;
    }
    return msg_type.startsWith("comm_");
  }

  /** Hands an output to the widget that asked for it; false where none did. */
  capture(requestId: string, output: Output | "clear"): boolean {
    const id = this.#captures.get(requestId);
    const model = id === undefined ? undefined : this.#models.get(id);
    if (id === undefined || model === undefined) return false;
    const outputs = output === "clear" ? [] : [...(model.state.outputs as Output[] ?? [])];
    const last = outputs.at(-1);
    if (output !== "clear") {
      const joins = output.output_type === "stream" && last?.output_type === "stream" &&
        last.name === output.name;
      if (joins) outputs[outputs.length - 1] = { ...last, text: last.text + output.text };
      else outputs.push(output);
    }
    model.state.outputs = outputs;
    this.#client.notify("comm_msg", {
      comm_id: id,
      data: { method: "update", state: { outputs }, buffer_paths: [] },
    });
    return true;
  }

  /** Writes the state of all widgets into the notebook's metadata; without widgets, nothing. */
  store(notebook: Notebook): void {
    if (this.#models.size === 0) return;
    const state: Json = {};
    for (const [id, model] of this.#models) {
      const buffers = [...model.buffers.values()];
      const { _model_name, _model_module, _model_module_version } = model.state;
      state[id] = {
        model_name: _model_name,
        model_module: _model_module,
        model_module_version: _model_module_version,
        state: model.state,
        ...(buffers.length === 0 ? {} : { buffers }),
      };
    }
    notebook.metadata.widgets = { [MIME]: { version_major: 2, version_minor: 0, state } };
  }

  #update(id: string, { content, buffers }: Message): void {
    const model = this.#models.get(id)!;
    const { state = {}, buffer_paths: paths = [] } = content.data as {
      state?: Json;
      buffer_paths?: unknown[][];
    };
    Object.assign(model.state, state);
    for (const [index, path] of paths.entries()) {
      const data = Buffer.from(buffers[index] ?? new Uint8Array()).toString("base64");
      model.buffers.set(JSON.stringify(path), { encoding: "base64", path, data });
    }
    if (model.state._model_name !== "OutputModel" || !("msg_id" in state)) return;
    for (const [request, widget] of this.#captures) {
      if (widget === id) this.#captures.delete(request);
    }
    if (typeof state.msg_id === "string" && state.msg_id !== "") {
      this.#captures.set(state.msg_id, id);
    }
  }
}
