import assert from "node:assert/strict";
import {
  type CommandResult,
  probeEnvironment,
  type ProgramName,
} from "../../../src/hardware/mod.ts";
import { answerWith, emptyEnvironment, forever } from "../_fake_sources.ts";

const programs = async (answer: (command: readonly string[]) => Promise<CommandResult>) =>
  (await probeEnvironment({
    sources: emptyEnvironment({
      findPrograms: (name) => Promise.resolve([`/usr/bin/${name}`, `/opt/bin/${name}`]),
      run: answer,
    }),
  })).programs;

for (
  const [name, version] of [
    ["deno", "2.9.6"],
    ["node", "20.20.2"],
    ["npm", "11.19.1"],
    ["chromium", "156.0.8078.108"],
    ["firefox", "140.4.0"],
    ["google-chrome", "141.0.7390.54"],
  ] as [ProgramName, string][]
) {
  Deno.test(`probeEnvironment() runs ${name} for its version and names the one it hides`, async () => {
    const found = (await programs(([path]) => {
      const own = path === `/usr/bin/${name}`;
      return Promise.resolve(answerWith(own ? `version/${name}.txt` : "version/nothing.txt"));
    }))[name];
    assert.deepEqual(found.value, {
      path: `/usr/bin/${name}`,
      version,
      hidden: [`/opt/bin/${name}`],
    });
  });
}

Deno.test("probeEnvironment() says of each program that it is not on PATH, and runs none", async () => {
  let runs = 0;
  const { programs } = await probeEnvironment({
    sources: emptyEnvironment({
      run: ([program]) => {
        if (program.includes("/")) runs++;
        return Promise.resolve({ status: "absent", code: null, stdout: "", stderr: "" });
      },
    }),
  });
  assert.equal(runs, 0);
  for (const [name, probe] of Object.entries(programs)) {
    assert.deepEqual(probe, { status: "absent", reason: `${name} is not on PATH` });
  }
});

for (
  const [what, answer, reason] of [
    ["prints nothing", answerWith("version/nothing.txt"), /--version printed nothing$/],
    ["prints something else", answerWith("version/garbage.txt"), /printed "Segmentation fault"$/],
    [
      "is only a note where to get it",
      answerWith("version/snap_stub.txt", { status: "failed", code: 1 }),
      /ended with code 1: Command '\/usr\/bin\/chromium-browser' requires/,
    ],
    [
      "hangs",
      answerWith("version/nothing.txt", { status: "timeout", code: null }),
      /did not answer within 5000 ms$/,
    ],
    [
      "cannot be started",
      { status: "absent", code: null, stdout: "", stderr: "exec format error" },
      /could not be started: exec format error$/,
    ],
  ] as [string, CommandResult, RegExp][]
) {
  Deno.test(`probeEnvironment() calls a browser unknown that ${what}`, async () => {
    const { chromium } = await programs(() => Promise.resolve(answer));
    assert.equal(chromium.status, "unknown");
    assert.equal(chromium.value, undefined);
    assert.match(chromium.reason, /^\/usr\/bin\/chromium /);
    assert.match(chromium.reason, reason);
  });
}

Deno.test("probeEnvironment() does not wait for a run that never settles", async () => {
  const { programs } = await probeEnvironment({
    timeout: 30,
    sources: {
      ...emptyEnvironment({
        findPrograms: (name) => Promise.resolve([name]),
        run: forever,
      }),
      sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
    },
  });
  assert.deepEqual(programs.npm, { status: "unknown", reason: "No answer within 30 ms" });
});

Deno.test("probeEnvironment() runs only the programs it is asked for, and calls the others unknown", async () => {
  const asked: string[] = [];
  const { programs } = await probeEnvironment({
    programs: ["node"],
    sources: emptyEnvironment({
      findPrograms: (name) => {
        asked.push(name);
        return Promise.resolve([]);
      },
    }),
  });
  assert.deepEqual(asked, ["node"]);
  assert.equal(programs.node.status, "absent");
  assert.deepEqual(programs.chromium, { status: "unknown", reason: "Not asked for" });
  await assert.rejects(
    probeEnvironment({ programs: ["nodejs" as "node"] }),
    (error: Error) => error instanceof TypeError && /nodejs.*"node"/s.test(error.message),
  );
});

Deno.test("probeEnvironment() gives a program that begins late what is left of the deadline", async () => {
  let clock = 0;
  const deadlines: number[] = [];
  await probeEnvironment({
    timeout: 500,
    sources: emptyEnvironment({
      now: () => clock,
      findPrograms: async () => {
        await Promise.resolve();
        clock = 400;
        return ["/usr/bin/it"];
      },
      run: ([program], deadline) => {
        if (program === "/usr/bin/it") deadlines.push(deadline);
        return Promise.resolve(answerWith("version/node.txt"));
      },
    }),
  });
  assert.deepEqual([...new Set(deadlines)], [100]);
});
