import assert from "node:assert/strict";
import { runCommand } from "../../../src/_internal/run_command.ts";
import { pythonRegExp } from "../../../src/runner/compare/python_regex.ts";
import { pythonReplacement } from "../../../src/runner/compare/python_replacement.ts";
import { missingProgram, testOrSkip } from "../../_tools/test_or_skip.ts";

/** Pattern, replacement and text. */
const CASES: readonly (readonly [regex: string, replace: string, text: string])[] = [
  ["\\d{1,2}/\\d{1,2}/\\d{2,4}", "DATE-STAMP", "on 21/12/16 or 1/2/2016"],
  ["(?P<h>\\d\\d):(?P<m>\\d\\d)", "\\g<m>.\\g<h>", "at 12:34, 56:78"],
  ["(a)(b)?", "[\\1|\\2]", "ab a"],
  ["(\\d)", "\\g<1>0", "1 2"],
  ["(a)|(b)", "\\g<0>\\g<0>", "abc"],
  ["(a)(b)(c)(d)(e)(f)(g)(h)(i)(j)", "\\g<1>0 \\10", "abcdefghij"],
  ["(['\"])x\\1", "q", "'x' \"x\" 'x\""],
  ["(?P<q>['\"])y(?P=q)0", "q", "'y'0 \"y\"0"],
  ["(?i)HELLO", "hi", "Hello hELLO hola"],
  ["(?im)^a$", "X", "a\nA\nab"],
  ["(?s)a.b", "X", "a\nb a\rb"],
  ["a.b", "X", "a\nb a\rb a\u2028b"],
  ["(?m)^", ">", "a\nb\r\nc\u2028d"],
  ["^", ">", "a\nb"],
  ["$", "<", "a\nb\n"],
  ["(?m)$", "<", "a\nb\n"],
  ["a$", "X", "a\na\n"],
  ["\\Aa|a\\Z", "X", "aba\na"],
  ["x*", "-", "axxb"],
  ["\\bé\\w+\\b", "W", "éa naïve été1 é"],
  ["[\\w.-]+@[\\w-]+", "MAIL", "ö.x-y@dom-ain z"],
  ["[^\\W\\d_]+", "L", "aé1_b٣c"],
  ["[\\D]", ".", "a1٣b"],
  ["\\d+", "N", "12 ٣٤ ½"],
  ["(?a)\\w+", "W", "aé b"],
  ["[]a]", "X", "]ab"],
  ["[^]a]", "X", "]ab"],
  ["[a\\-c&&(){}/|!-#]", "X", 'a-bc&(x){y}/z|"!'],
  ["[a-]", "X", "ab-"],
  ["[--/]", "X", "-./0"],
  ["\\<\\@\\%\\ \\#\\&\\~\\:\\\"\\'\\=\\!\\,\\;", "X", "<@% #&~:\"'=!,;"],
  ["a{,2}b", "X", "aaab b"],
  ["a{2}", "X", "aaaaa"],
  ["a{1,}?", "X", "aaa"],
  ["{x} {} a{b} {1", "X", "{x} {} a{b} {1"],
  ["x{}", "X", "x{}"],
  ["\\x41\\u00e9\\U0001F600\\t\\n", "X", "Aé😀\t\n"],
  ["\\101\\0[\\101\\b]", "X", "A\0A"],
  ["[😀-😂]+", "X", "a😁😀b"],
  ["😀+", "X", "a😀😀b"],
  ["(?#comment)a(?:b|c)", "X", "abacad"],
  ["(?<=\\$)\\d+(?!\\d|%)", "$&$1\\\\n\\n", "$12 $3%"],
  ["\\$", "$", "a$b$$"],
  ["0x[0-9a-fA-F]+", "\\044$01", "at 0x7f"],
  ["\\s+", " ", "a \u00a0\t\nb"],
  ["(?i)ß|[k]", "X", "ẞ K \u212a"],
  ["\\.", "\\.", "a.b"],
  ["\\B.", "X", "ab c"],
  ["a|", "X", "ba"],
];

function substitute([regex, replace, text]: typeof CASES[number]): string {
  const pattern = pythonRegExp(regex);
  return text.replace(pattern, pythonReplacement(replace, pattern));
}

// Python is asked for all at once: its start takes longer than all cases.
testOrSkip("pythonRegExp() replaces what Python replaces", missingProgram("python3"), async () => {
  const program = "import json,re,sys\n" +
    "print(json.dumps([re.sub(*case) for case in json.loads(sys.argv[1])]))";
  const { stdout, stderr, status } = await runCommand(
    ["python3", "-W", "ignore", "-c", program, JSON.stringify(CASES)],
    { timeout: 60_000 },
  );
  assert.equal(status, "ok", stderr);
  const expected = JSON.parse(stdout) as string[];
  for (const [i, wanted] of expected.entries()) {
    assert.equal(substitute(CASES[i]), wanted, JSON.stringify(CASES[i]));
  }
});

Deno.test("pythonRegExp() replaces every match", () => {
  assert.equal(
    substitute(["\\d{2}:\\d{2}:\\d{2}", "TIME", "15:28:30 to 15:28:31"]),
    "TIME to TIME",
  );
});

Deno.test("pythonRegExp() refuses what JavaScript cannot say, with a way out", () => {
  const cases: readonly (readonly [string, RegExp])[] = [
    ["(?>a)", /"\(\?>a\)": cannot translate/],
    ["(?(1)a|b)", /conditions/],
    ["a(?i)b", /flags stand at the start only/],
    ["(?i:a)", /flags stand at the start only/],
    ["a*+", /possessive "\*\+".*write "\*"/],
    ["a{2}+", /possessive/],
    ["(?x) a b", /\(\?x\).*without blanks/],
    ["\\N{DASH}", /"\\N"/],
    ["\\q", /"\\q"/],
    ["\\x4", /2 hexadecimal digits/],
    ["[a", /\[ without \]/],
    ["[\\w-z]", /the range "\\w-z"/],
    ["[a-\\d]", /the range "a-\\d"/],
    ["(a", /not a valid pattern/],
    ["a)", /not a valid pattern/],
    ["*a", /not a valid pattern/],
    ["(?P<a>x)(?P<a>y)", /not a valid pattern/],
    ["a\\", /a backslash at the end/],
    ["[z-a]", /not a valid pattern/],
  ];
  for (const [source, message] of cases) {
    assert.throws(() => pythonRegExp(source), { name: "TypeError", message }, source);
  }
});

Deno.test("pythonReplacement() refuses groups that are not there and unknown escapes", () => {
  const pattern = pythonRegExp("(a)(?P<name>b)");
  assert.throws(
    () => pythonReplacement("\\3", pattern),
    /group "3", and the pattern has 2 \(name\)/,
  );
  assert.throws(() => pythonReplacement("\\g<nam>", pattern), /group "nam"/);
  assert.throws(() => pythonReplacement("\\q", pattern), /does not know the escape "\\q"/);
});
