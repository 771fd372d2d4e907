import process from "node:process";
import { checkOptions } from "../../_internal/check_options.ts";
import { KernelStartError } from "../runner_errors.ts";

/** A Jupyter Server, Kernel Gateway or Enterprise Gateway that runs the kernels. */
export interface ServerOptions {
  /**
   * Base URL, with a path where the server has one: `https://hub.example.org/user/ada/`. The address
   * that a server prints may be pasted as it is; a token in it is taken out and used.
   */
  readonly url: string;
  /** Sent in a header, never in a URL. @default the environment variable JUPYTER_TOKEN */
  readonly token?: string;
  /** Working folder of the kernels, seen from the server's root folder. @default that root folder */
  readonly path?: string;
  /** Milliseconds until a lost connection must be back. @default {60000} */
  readonly reconnectTimeout?: number;
  /**
   * Milliseconds to wait for a server that does not answer. @default {0}, but reconnectTimeout for
   * one that has answered before in this process, as it most likely restarts
   */
  readonly connectTimeout?: number;
}

/** Where a server is and how it is spoken to; no URL in it holds the token. */
export interface ServerAddress {
  /** Ends with a slash. */
  readonly baseUrl: string;
  /** The same for WebSockets. */
  readonly wsUrl: string;
  /** Empty where the server wants none. */
  readonly token: string;
  readonly path: string | undefined;
  readonly reconnectTimeout: number;
  readonly connectTimeout: number | undefined;
  /** The text without the token: all that a server says passes through here before it is shown. */
  redact(text: string): string;
}

const OPTIONS = ["url", "token", "path", "reconnectTimeout", "connectTimeout"];

/**
 * Reads the options of a server.
 *
 * @throws {KernelStartError} for a URL that cannot be one of a server
 * @throws {TypeError} for unknown options
 * @throws {RangeError} for a time that is not a number of milliseconds
 */
export function serverAddress(
  server: ServerOptions,
  { env = process.env }: { readonly env?: Readonly<Record<string, string | undefined>> } = {},
): ServerAddress {
  checkOptions("server", server, OPTIONS);
  const { path, reconnectTimeout = 60_000, connectTimeout } = server;
  for (const [name, value] of Object.entries({ reconnectTimeout, connectTimeout })) {
    if (value === undefined || value >= 0) continue;
    throw new RangeError(`server.${name} is ${value}, wanted milliseconds, 0 or more`);
  }
  const url = parseUrl(server.url);
  const token = server.token ?? url.searchParams.get("token") ?? env.JUPYTER_TOKEN ?? "";
  // What a server prints leads to its front page; the interface lies beside that.
  const base = url.pathname.replace(/(?<!\/user)\/(?:lab|tree)$/, "").replace(/\/*$/, "/");
  const baseUrl = url.origin + base;
  return {
    baseUrl,
    wsUrl: baseUrl.replace(/^http/, "ws"),
    token,
    path,
    reconnectTimeout,
    connectTimeout,
    redact: (text) => redacted(text, token),
  };
}

function parseUrl(text: string): URL {
  const wanted = "wanted one such as http://127.0.0.1:8888/";
  if (typeof text !== "string") {
    throw new TypeError(`server.url is ${text === null ? "null" : typeof text}, ${wanted}`);
  }
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw new KernelStartError(`"${redacted(text, "")}" is no URL of a Jupyter server, ${wanted}`);
  }
  if (!/^https?:$/.test(url.protocol)) {
    throw new KernelStartError(
      `The URL of the Jupyter server begins with "${url.protocol}", ${wanted}`,
    );
  }
  if (url.username !== "" || url.password !== "") {
    throw new KernelStartError(
      `The URL of the Jupyter server at ${url.host} holds a user name or password, which no Jupyter ` +
        "server takes. Leave them out and put the server's token into JUPYTER_TOKEN",
    );
  }
  return url;
}

function redacted(text: string, token: string): string {
  const plain = text.replace(/([?&]token=)[^&\s"'<>]+/g, "$1…");
  if (token === "") return plain;
  return plain.replaceAll(token, "…").replaceAll(encodeURIComponent(token), "…");
}
