import assert from "node:assert/strict";
import { type CommandResult, probeEnvironment } from "../../../src/hardware/mod.ts";
import { answerWith, denied, emptyEnvironment, missing } from "../_fake_sources.ts";

const fontsOf = async (answer: CommandResult) =>
  (await probeEnvironment({
    sources: emptyEnvironment({ run: () => Promise.resolve(answer) }),
  })).fonts;

for (
  const [what, answer, status, reason] of [
    ["lists two", answerWith("fc_list/two.txt"), "ok", /lists 2$/],
    ["lists none", answerWith("fc_list/none.txt"), "absent", /fontconfig lists no font/],
    ["prints garbage", answerWith("fc_list/garbage.txt"), "unknown", /unknown form: Fontconfig/],
    [
      "hangs",
      answerWith("fc_list/none.txt", { status: "timeout", code: null }),
      "unknown",
      /did not answer/,
    ],
    [
      "fails",
      { status: "failed", code: 1, stdout: "", stderr: "Cannot load default config file\n" },
      "unknown",
      /Cannot load default config/,
    ],
  ] as [string, CommandResult, string, RegExp][]
) {
  Deno.test(`probeEnvironment() says "${status}" of fonts where fc-list ${what}`, async () => {
    const fonts = await fontsOf(answer);
    assert.equal(fonts.status, status);
    assert.match(fonts.reason, reason);
    assert.deepEqual(
      fonts.value,
      status === "ok" ? { count: 2, source: "fontconfig" } : undefined,
    );
  });
}

Deno.test("probeEnvironment() counts font files where fontconfig is not installed", async () => {
  const { fonts } = await probeEnvironment({
    sources: emptyEnvironment({
      listFolder: (path) =>
        path === "/usr/share/fonts"
          ? Promise.resolve(["truetype", "truetype/a.TTF", "b.otf", "fonts.dir"])
          : Promise.reject(missing(path)),
    }),
  });
  assert.deepEqual(fonts.value, { count: 2, source: "/usr/share/fonts" });
});

Deno.test("probeEnvironment() says where it looked when there is no font, and when it may not look", async () => {
  const { fonts } = await probeEnvironment({ sources: emptyEnvironment() });
  assert.equal(fonts.status, "absent");
  assert.match(fonts.reason, /not installed, and no font lies in \/usr\/share\/fonts/);
  const refused = await probeEnvironment({
    sources: emptyEnvironment({ listFolder: (path) => Promise.reject(denied(path)) }),
  });
  assert.equal(refused.fonts.status, "unknown");
});
