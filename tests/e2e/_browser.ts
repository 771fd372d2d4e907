import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { missingProgram } from "../_tools/test_or_skip.ts";

/** Why pages cannot be looked at here; undefined where Debian's chromium is installed. */
export const missingBrowser = missingProgram("chromium") === undefined
  ? undefined
  : "chromium is not on PATH";

type Message = { id?: number; method?: string; params?: Params; result?: Params; error?: Params };
// What the DevTools protocol sends is not typed here.
// deno-lint-ignore no-explicit-any
type Params = Record<string, any>;

/** The keys that tests press. */
const KEY_CODES = { Tab: 9, Enter: 13, ArrowLeft: 37, ArrowRight: 39 };

/** A page in a headless Chromium, driven over the DevTools protocol. */
export class BrowserPage {
  /** Messages of the console, exceptions and log entries such as violations of the page's policy. */
  readonly complaints: string[] = [];
  /** Addresses that the page asked for. */
  readonly requests: string[] = [];
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, (message: Message) => void>();
  readonly #events = new Map<string, (params: Params) => void>();
  #id = 0;

  constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.onmessage = ({ data }) => this.#hear(JSON.parse(data) as Message);
  }

  #hear({ id, method, params = {}, ...rest }: Message): void {
    if (id !== undefined) return this.#waiting.get(id)?.({ id, ...rest });
    if (method === "Network.requestWillBeSent") this.requests.push(params.request.url);
    if (method === "Runtime.exceptionThrown") {
      this.complaints.push(params.exceptionDetails.exception?.description ?? "exception");
    }
    if (method === "Runtime.consoleAPICalled") this.complaints.push(JSON.stringify(params.args));
    if (method === "Log.entryAdded") this.complaints.push(params.entry.text);
    if (method === "Page.javascriptDialogOpening") this.complaints.push(`dialog ${params.message}`);
    if (method !== undefined) this.#events.get(method)?.(params);
  }

  /** One command of the protocol. */
  async send(method: string, params: Params = {}): Promise<Params> {
    const id = ++this.#id;
    const { promise, resolve } = Promise.withResolvers<Message>();
    this.#waiting.set(id, resolve);
    this.#socket.send(JSON.stringify({ id, method, params }));
    const { result, error } = await promise;
    this.#waiting.delete(id);
    if (error !== undefined) throw new Error(`${method}: ${error.message}`);
    return result ?? {};
  }

  /** Opens an address and resolves to the milliseconds until its load event. */
  async open(url: string): Promise<number> {
    const { promise, resolve } = Promise.withResolvers<unknown>();
    this.#events.set("Page.loadEventFired", resolve);
    const begun = performance.now();
    await this.send("Page.navigate", { url });
    await promise;
    return performance.now() - begun;
  }

  /** The value of an expression in the page. */
  async evaluate<T>(expression: string): Promise<T> {
    const { result, exceptionDetails } = await this.send("Runtime.evaluate", {
      expression,
      returnByValue: true,
      awaitPromise: true,
    });
    if (exceptionDetails !== undefined) {
      throw new Error(exceptionDetails.exception?.description ?? "evaluation failed");
    }
    return result.value as T;
  }

  /** Presses a key as a person would. */
  async press(key: keyof typeof KEY_CODES, text?: string): Promise<void> {
    const common = { key, code: key, windowsVirtualKeyCode: KEY_CODES[key] };
    await this.send("Input.dispatchKeyEvent", { type: "keyDown", ...common, text });
    await this.send("Input.dispatchKeyEvent", { type: "keyUp", ...common });
  }

  /** Types a text into what has the focus. */
  async type(text: string): Promise<void> {
    await this.send("Input.insertText", { text });
  }

  /** Clicks with the mouse in the middle of the first element of a selector. */
  async click(selector: string): Promise<void> {
    const { x, y } = await this.evaluate<{ x: number; y: number }>(`(() => {
      const element = document.querySelector(${JSON.stringify(selector)});
      element.scrollIntoView({ block: "center" });
      const { x, y, width, height } = element.getBoundingClientRect();
      return { x: x + width / 2, y: y + height / 2 };
    })()`);
    const mouse = { x, y, button: "left", clickCount: 1 };
    await this.send("Input.dispatchMouseEvent", { type: "mousePressed", ...mouse });
    await this.send("Input.dispatchMouseEvent", { type: "mouseReleased", ...mouse });
  }

  /** Sets the size of the window and the colour scheme. */
  async look(
    { width, height = 900, scheme }: { width: number; height?: number; scheme: "light" | "dark" },
  ): Promise<void> {
    await this.send("Emulation.setDeviceMetricsOverride", {
      ...{ width, height, deviceScaleFactor: 1, mobile: false },
    });
    await this.send("Emulation.setScrollbarsHidden", { hidden: true });
    await this.send("Emulation.setEmulatedMedia", {
      features: [{ name: "prefers-color-scheme", value: scheme }],
    });
  }

  /** A PNG of the window, or of the whole page. */
  async screenshot(whole = false): Promise<Uint8Array> {
    const { data } = await this.send("Page.captureScreenshot", { captureBeyondViewport: whole });
    return Uint8Array.from(atob(data), (character) => character.charCodeAt(0));
  }
}

/** Folder of screenshots for a person to look at; undefined where none is named. */
export const SCREENSHOTS = process.env.QSIGHT_SCREENSHOTS;

/** Keeps a screenshot where a folder for them is named: of the window, or of the whole page. */
export async function keepScreenshot(page: BrowserPage, name: string, whole = false) {
  if (SCREENSHOTS === undefined) return;
  await mkdir(SCREENSHOTS, { recursive: true });
  await writeFile(join(SCREENSHOTS, `${name}.png`), await page.screenshot(whole));
}

/** Runs a test with a page of a fresh browser, which is gone afterwards. */
export async function withBrowser(test: (page: BrowserPage) => Promise<void>): Promise<void> {
  const profile = await Deno.makeTempDir({ prefix: "qsight-chromium-" });
  const browser = new Deno.Command("chromium", {
    args: [
      ...["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
      ...["--remote-debugging-port=0", `--user-data-dir=${profile}`, "--no-first-run"],
      ...["--disable-background-networking", "about:blank"],
    ],
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  let socket: WebSocket | undefined;
  const { port, drained } = await debuggingPort(browser.stderr);
  try {
    const targets = await (await fetch(`http://127.0.0.1:${port}/json`)).json() as {
      type: string;
      webSocketDebuggerUrl: string;
    }[];
    const target = targets.find(({ type }) => type === "page");
    if (target === undefined) throw new Error("Chromium opened no page");
    socket = new WebSocket(target.webSocketDebuggerUrl);
    await new Promise((resolve, reject) => {
      socket!.onopen = resolve;
      socket!.onerror = reject;
    });
    const page = new BrowserPage(socket);
    for (const domain of ["Page", "Runtime", "Network", "Log"]) await page.send(`${domain}.enable`);
    await test(page);
  } finally {
    if (socket !== undefined) {
      const closed = new Promise((resolve) => socket!.onclose = resolve);
      socket.close();
      await closed;
    }
    browser.kill("SIGTERM");
    await browser.status;
    await drained;
    // Its children may write a moment longer.
    await Deno.remove(profile, { recursive: true }).catch(() => {});
  }
}

async function debuggingPort(stderr: ReadableStream<Uint8Array>) {
  const reader = stderr.pipeThrough(new TextDecoderStream() as never)
    .getReader() as ReadableStreamDefaultReader<string>;
  let text = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) throw new Error(`Chromium did not start: ${text}`);
    text += value;
    const port = /DevTools listening on ws:\/\/[^:]+:(\d+)\//.exec(text)?.[1];
    if (port === undefined) continue;
    const drained = (async () => {
      while (!(await reader.read()).done);
    })();
    return { port: Number(port), drained };
  }
}
