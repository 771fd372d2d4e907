import assert from "node:assert/strict";
import { createServer, type Socket } from "node:net";
import { encodeMessage, encodeReady, greeting } from "../../../src/runner/protocol/zmtp_frames.ts";
import { openZmtp } from "../../../src/runner/protocol/zmtp_connection.ts";

/** A peer that does what the test says with each connection. */
async function withPeer(
  peer: (socket: Socket) => void,
  test: (port: number) => Promise<void>,
): Promise<void> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    peer(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    await test((server.address() as { port: number }).port);
  } finally {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  }
}

const options = { type: "DEALER" as const, onMessage: () => {} };

Deno.test("openZmtp() rejects a peer that does not speak ZMTP", async () => {
  await withPeer(
    (socket) => socket.write("HTTP/1.1 400 Bad Request\r\n".padEnd(80)),
    async (port) => {
      await assert.rejects(openZmtp({ host: "127.0.0.1", port }, options), /not a kernel/);
    },
  );
});

Deno.test("openZmtp() rejects when nobody listens", async () => {
  let free = 0;
  await withPeer(() => {}, (port) => Promise.resolve(void (free = port)));
  await assert.rejects(openZmtp({ host: "127.0.0.1", port: free }, options));
});

Deno.test("openZmtp() hands over whole messages and reports a broken stream", async () => {
  const broken = Uint8Array.of(0xff, 0xff);
  const parts = [new Uint8Array(0), new Uint8Array(300).fill(3)];
  const peer = (socket: Socket) => {
    socket.write(greeting());
    socket.write(encodeReady({ "Socket-Type": "ROUTER" }));
    socket.write(encodeMessage(parts));
    socket.write(broken);
  };
  await withPeer(peer, async (port) => {
    const messages: Uint8Array[][] = [];
    const closed = Promise.withResolvers<Error | undefined>();
    await openZmtp({ host: "127.0.0.1", port }, {
      type: "DEALER",
      onMessage: (message) => messages.push(message),
      onClose: closed.resolve,
    });
    assert.match((await closed.promise)?.message ?? "", /reserved flags/);
    assert.deepEqual(messages.map((message) => message.map((part) => [...part])), [
      parts.map((part) => [...part]),
    ]);
  });
});

Deno.test("openZmtp() answers at once where a subscription's next message would wait for it", async () => {
  for (const type of ["SUB", "DEALER"] as const) {
    let got = 0;
    const answered = Promise.withResolvers<void>(), waited = Promise.withResolvers<void>();
    const opened = Promise.withResolvers<void>();
    const peer = (socket: Socket) => {
      socket.write(greeting());
      socket.write(encodeReady({ "Socket-Type": type === "SUB" ? "PUB" : "ROUTER" }));
      let before = 0;
      // What was left of the handshake has come 200 ms after it was answered.
      void opened.promise.then(() =>
        setTimeout(() => {
          before = got;
          socket.write(encodeMessage([Uint8Array.of(7)]));
          setTimeout(waited.resolve, 200);
        }, 200)
      );
      socket.on("data", (bytes) => {
        got += bytes.length;
        if (before > 0 && got > before) answered.resolve();
      });
    };
    await withPeer(peer, async (port) => {
      const connection = await openZmtp({ host: "127.0.0.1", port }, { type, onMessage: () => {} });
      opened.resolve();
      const first = await Promise.race([
        answered.promise.then(() => "answered"),
        waited.promise.then(() => "silent"),
      ]);
      assert.equal(first, type === "SUB" ? "answered" : "silent");
      connection.close();
      await waited.promise;
    });
  }
});
