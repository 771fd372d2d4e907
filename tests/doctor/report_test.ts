import assert from "node:assert/strict";
import { z } from "zod";
import { CHECKS } from "../../src/doctor/checks.ts";
import { type Finding, type Status, worstStatus } from "../../src/doctor/finding.ts";
import { redactPerson, redactTokens } from "../../src/doctor/redact.ts";
import { countsOf, pointsOf, type ReportData, reportExitCode } from "../../src/doctor/report.ts";
import { reportMarkdown, reportText } from "../../src/doctor/report_text.ts";
import { runCheck } from "../../src/doctor/run_check.ts";
import { DoctorReport, examine, runDoctor } from "../../src/doctor/run_doctor.ts";
import { openScene } from "../../src/doctor/scene.ts";
import { inProject, ROOT } from "./_project.ts";

const SCHEMA = JSON.parse(
  await Deno.readTextFile(new URL("src/doctor/report.schema.json", ROOT)),
);

function finding(status: Status, over: Partial<Finding> = {}): Finding {
  return {
    code: "QD101",
    point: "dependencies",
    title: "packages",
    status,
    found: "found",
    wanted: "wanted",
    remedy: status === "ok" ? null : "do this",
    source: null,
    milliseconds: 1,
    ...over,
  };
}

function report(...findings: Finding[]): ReportData {
  return {
    schema: "qsight.doctor/1",
    version: "0.1.0",
    runtime: { name: "deno", version: "2.9.6" },
    platform: { os: "linux", arch: "x64" },
    folder: "/home/ada/work",
    points: pointsOf(findings),
    findings,
    counts: countsOf(findings),
    milliseconds: 1234,
  };
}

const ALL = (["ok", "warning", "failure", "skipped"] as const).map((status) => finding(status));

Deno.test("a skipped check never counts as passed", () => {
  assert.equal(worstStatus(["skipped", "skipped"]), "skipped");
  assert.equal(worstStatus(["skipped", "ok"]), "ok");
  assert.equal(worstStatus(["ok", "warning", "skipped"]), "warning");
  assert.equal(worstStatus(["warning", "failure"]), "failure");
  assert.equal(worstStatus([]), "skipped");
  assert.equal(countsOf([finding("skipped")]).ok, 0);
});

Deno.test("reportExitCode() is 0, 1 for warnings with strict, 2 for failures", () => {
  const code = (...findings: Finding[]) => reportExitCode({ findings });
  const strict = (...findings: Finding[]) => reportExitCode({ findings }, { strict: true });
  assert.deepEqual([code(ALL[0]), code(ALL[1]), code(ALL[3]), code(...ALL)], [0, 0, 0, 2]);
  assert.deepEqual([strict(ALL[0]), strict(ALL[1]), strict(ALL[3]), strict(...ALL)], [0, 1, 1, 2]);
  // What the caller himself left out is no reason to complain.
  const leftOut = { strict: true, leftOut: ["QD101"] };
  assert.equal(reportExitCode({ findings: [finding("skipped")] }, leftOut), 0);
});

Deno.test("reportText() has a mark and one line of remedy for each finding, coloured on request", () => {
  const text = reportText(report(...ALL));
  assert.match(text, /^✗ dependencies$/m);
  assert.match(text, /^ {2}✓ QD101 packages: found$/m);
  assert.match(text, /^ {2}! QD101 .*\n {6}wanted: wanted\n {6}→ do this$/m);
  assert.match(text, /^ {2}– QD101 .*\n {6}→ do this$/m);
  assert.match(text, /^1 failure, 1 warning, 1 ok, 1 not looked at \(1\.2 s\)\n$/m);
  assert.ok(!text.includes("\x1b"));
  const coloured = reportText(report(...ALL), { colours: true });
  assert.ok(coloured.includes("\x1b[31m✗\x1b[0m QD101"));
});

Deno.test("reportMarkdown() takes tokens, names and home folders out, and cannot be broken by a text", () => {
  const secret = finding("failure", {
    found:
      "npm_abcdefghij1234567890 | <b>x</b> `y` in /home/ada/work, /Users/bob/z, C:\\Users\\carl\\z",
    wanted: "https://ada:hunter2@host.example/x?token=s3cr3t&b=1",
    remedy: "run as ada @everyone",
  });
  const text = reportMarkdown(report(secret), { home: "/home/ada", user: "ada" });
  for (
    const gone of [
      "npm_abc",
      "hunter2",
      "s3cr3t",
      "/home/ada",
      "bob",
      "carl",
      "as ada",
      "<b>",
      "@every",
    ]
  ) {
    assert.ok(!text.includes(gone), `${gone} stands in ${text}`);
  }
  const rows = text.split("\n").filter((line) => line.startsWith("| ✗"));
  assert.equal(rows.length, 1);
  assert.equal(rows[0].replaceAll("\\|", "").split("|").length, 8);
});

Deno.test("redactTokens() knows tokens by their form and by their name, and leaves the rest", () => {
  for (
    const [text, left] of [
      ["WANDB_API_KEY=0123456789abcdef", "WANDB_API_KEY=[redacted]"],
      ['"password": "a b"', '"password": "[redacted] b"'],
      ["ghp_0123456789abcdef0123", "[redacted]"],
      ["Authorization: Bearer abcdefgh12345678", "Authorization: [redacted]"],
      ["eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0.abc", "[redacted]"],
      ["http://localhost:8888/?token=abc", "http://localhost:8888/?token=[redacted]"],
      ["a".repeat(40), "[redacted]"],
    ]
  ) {
    assert.equal(redactTokens(text), left);
  }
  const plain = "deno 2.9.6 in /usr/bin/deno: fit.batchSize = 8 (file), token";
  assert.equal(redactTokens(plain), plain);
  assert.equal(redactPerson("in /root/x", { home: "/root", user: "root" }), "in ~/x");
});

Deno.test("a report shows itself as an escaped table, and is its data as JSON", () => {
  const evil = '<img src=x onerror="alert(1)">';
  const shown = new DoctorReport(
    report(finding("warning", { found: evil, title: evil, remedy: evil })),
  );
  const bundle = shown[Symbol.for("Jupyter.display") as never] as unknown;
  assert.equal(typeof bundle, "function");
  const { "text/html": html, "text/plain": text } =
    (shown as unknown as Record<symbol, () => Record<string, string>>)
      [Symbol.for("Jupyter.display")]();
  assert.ok(!html.includes("<img"));
  assert.match(html, /&lt;img src=x/);
  assert.match(html.trim(), /^<table>.*<\/table>$/s);
  assert.equal(text, shown.text);
  assert.deepEqual(JSON.parse(JSON.stringify(shown)), JSON.parse(JSON.stringify(shown.data)));
});

Deno.test("report.schema.json describes real reports, and refuses others", async () => {
  const schema = z.fromJSONSchema(SCHEMA);
  await inProject({ "deno.json": "{" }, async (folder) => {
    const real = await examine({ cwd: folder, root: ROOT }, { build: false });
    schema.parse(real);
    assert.deepEqual(real.points.map(({ point }) => point), [
      ...["dependencies", "configuration", "environment", "build"],
    ]);
    assert.equal(real.points[3].status, "skipped");
    for (
      const wrong of [
        { ...real, schema: "qsight.doctor/2" },
        { ...real, points: real.points.slice(1) },
        { ...real, extra: 1 },
        { ...real, findings: [{ ...real.findings[0], status: "fine" }] },
        { ...real, findings: [{ ...real.findings[0], code: "X1" }] },
        { ...real, counts: { ...real.counts, ok: -1 } },
      ]
    ) {
      assert.equal(schema.safeParse(wrong).success, false);
    }
  });
});

Deno.test("all four points are looked at although one fails, and each check says something", async () => {
  await inProject({ "deno.json": "{" }, async (folder) => {
    const { findings } = await examine({ cwd: folder, root: ROOT }, { build: false });
    const codes = new Set(findings.map(({ code }) => code));
    assert.deepEqual([...codes], CHECKS.map(({ code }) => code));
    for (const { status, found, remedy } of findings) {
      assert.ok(found !== "");
      if (status === "failure" || status === "warning") assert.ok(remedy !== null, found);
    }
  });
});

Deno.test("runCheck() turns a throw into a finding, and skips what is not allowed", async () => {
  const check = { ...CHECKS[0], needs: [] };
  const scene = openScene({ cwd: ".", root: ROOT, env: {} });
  const thrown = await runCheck(
    { ...check, run: () => Promise.reject(new Error("odd\nstack")) },
    scene,
  );
  assert.deepEqual(
    thrown.map(({ status, found }) => [status, found]),
    [["failure", "the check itself failed: odd"]],
  );
  const sync = () => {
    throw new Error("at once");
  };
  assert.equal((await runCheck({ ...check, run: sync }, scene))[0].status, "failure");
  const denied = { ...scene, may: () => false };
  const [skipped] = await runCheck({ ...check, needs: ["read", "run"], run: sync }, denied);
  assert.equal(skipped.status, "skipped");
  assert.match(skipped.found, /--allow-read --allow-run/);
});

Deno.test("runCheck() takes colours, control characters and tokens out of what programs said", async () => {
  const scene = openScene({ cwd: ".", root: ROOT, env: {} });
  const found = "\x1b[31mred\x1b[0m\r\nline\x07 ghp_0123456789abcdef0123";
  const run = () => [{ status: "failure" as const, found, remedy: "a\nb" }];
  const [finding] = await runCheck({ ...CHECKS[0], needs: [], run }, scene);
  assert.equal(finding.found, "red line [redacted]");
  assert.equal(finding.remedy, "a b");
});

Deno.test("runDoctor() refuses options and codes that it does not know", async () => {
  await assert.rejects(runDoctor({ biuld: false } as never), /Did you mean "build"/);
  await assert.rejects(runDoctor({ checks: ["QD1O1"] }), /unknown check "QD1O1".*"QD101"/s);
});

Deno.test("an examination that is interrupted skips the rest, with the reason", async () => {
  const signal = AbortSignal.abort();
  const { findings } = await examine({ cwd: ".", root: ROOT }, { checks: ["QD301"], signal });
  assert.deepEqual(findings.map(({ status }) => status), ["skipped"]);
});
