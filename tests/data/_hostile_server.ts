// A file server on the loopback that misbehaves on request.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What one request sees; called with the number of the request, from 1. */
export type Answer = (request: IncomingMessage, response: ServerResponse, number: number) => void;

/** Runs a body against a server and hands it what was asked. */
export async function withServer(
  answer: Answer,
  body: (base: string, asked: { url: string; range: string | undefined }[]) => Promise<void>,
): Promise<void> {
  const asked: { url: string; range: string | undefined }[] = [];
  const server = createServer((request, response) => {
    asked.push({ url: request.url ?? "", range: request.headers.range });
    answer(request, response, asked.length);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  try {
    await body(`http://127.0.0.1:${port}/`, asked);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

/** What an honest server does, with faults on request. */
export interface Faults {
  /** Bytes after which the connection is cut. */
  readonly cutAfter?: number;
  /** Bytes after which nothing more comes, and the connection stays. */
  readonly stallAfter?: number;
  /** Sends the whole file whatever was asked. */
  readonly ignoreRange?: boolean;
  /** Says no length. */
  readonly chunked?: boolean;
}

/** Answers with a file, or the part of it that was asked for. */
export function sendFile(
  content: Uint8Array,
  { cutAfter, stallAfter, ignoreRange = false, chunked = false }: Faults = {},
): Answer {
  return (request, response) => {
    const asked = /bytes=(\d+)-/.exec(request.headers.range ?? "");
    const start = asked && !ignoreRange ? Number(asked[1]) : 0;
    if (start >= content.length && start > 0) {
      response.writeHead(416, { "content-range": `bytes */${content.length}` }).end();
      return;
    }
    const part = content.subarray(start);
    const range = `bytes ${start}-${content.length - 1}/${content.length}`;
    response.writeHead(start > 0 ? 206 : 200, {
      ...!chunked && { "content-length": part.length },
      ...start > 0 && { "content-range": range },
    });
    const limit = cutAfter ?? stallAfter;
    if (limit === undefined || limit >= part.length) {
      response.end(part);
      return;
    }
    response.write(part.subarray(0, limit), () => {
      // What was written must leave before the cut.
      if (cutAfter !== undefined) setTimeout(() => response.destroy(), 20);
    });
  };
}
