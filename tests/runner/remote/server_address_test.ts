import assert from "node:assert/strict";
import { serverAddress } from "../../../src/runner/remote/server_address.ts";
import { KernelStartError } from "../../../src/runner/runner_errors.ts";

const env = {};

Deno.test("serverAddress() takes the address as a server prints it", () => {
  for (
    const [url, base] of Object.entries({
      "http://127.0.0.1:8888/?token=abc": "http://127.0.0.1:8888/",
      "http://127.0.0.1:8888/lab?token=abc": "http://127.0.0.1:8888/",
      "http://127.0.0.1:8888/tree?token=abc": "http://127.0.0.1:8888/",
      "https://hub.example.org/user/ada/lab?token=abc#top": "https://hub.example.org/user/ada/",
      // Somebody may be called that.
      "https://hub.example.org/user/lab?token=abc": "https://hub.example.org/user/lab/",
    })
  ) {
    const { baseUrl, wsUrl, token } = serverAddress({ url }, { env });
    assert.deepEqual({ baseUrl, token }, { baseUrl: base, token: "abc" });
    assert.equal(wsUrl, base.replace("http", "ws"));
  }
});

Deno.test("serverAddress() prefers the option, then the URL, then JUPYTER_TOKEN", () => {
  const url = "http://127.0.0.1/?token=of-url";
  const inEnv = { env: { JUPYTER_TOKEN: "of-env" } };
  assert.equal(serverAddress({ url, token: "of-option" }, inEnv).token, "of-option");
  assert.equal(serverAddress({ url }, inEnv).token, "of-url");
  assert.equal(serverAddress({ url: "http://127.0.0.1/" }, inEnv).token, "of-env");
  assert.equal(serverAddress({ url: "http://127.0.0.1/" }, { env }).token, "");
});

Deno.test("serverAddress() redacts the token wherever it stands", () => {
  const { redact } = serverAddress({ url: "http://127.0.0.1/", token: "a/b c" }, { env });
  const said = "GET /api?token=xyz&x=1 with a/b c or a%2Fb%20c failed";
  assert.equal(redact(said), "GET /api?token=…&x=1 with … or … failed");
});

Deno.test("serverAddress() says what is wrong with a URL, without its secrets", () => {
  for (
    const [url, reason] of [
      ["localhost:8888", /begins with "localhost:"/],
      ["not a url?token=abc", /no URL of a Jupyter server/],
      ["ftp://127.0.0.1/", /begins with "ftp:"/],
      ["http://ada:hunter2@127.0.0.1/", /user name or password/],
    ] as const
  ) {
    assert.throws(() => serverAddress({ url }, { env }), (error: Error) => {
      assert.ok(error instanceof KernelStartError);
      assert.match(error.message, reason);
      assert.doesNotMatch(error.message, /abc|hunter2/);
      return true;
    });
  }
});

Deno.test("serverAddress() refuses unknown options and times below zero", () => {
  const url = "http://127.0.0.1/";
  assert.throws(() => serverAddress({ url, tokn: "x" } as never, { env }), /unknown option "tokn"/);
  assert.throws(() => serverAddress({ url, reconnectTimeout: -1 }, { env }), RangeError);
  assert.throws(() => serverAddress({ url, connectTimeout: NaN }, { env }), RangeError);
  assert.throws(() => serverAddress({ url: 8888 as never }, { env }), TypeError);
});
