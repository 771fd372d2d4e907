/** The look of the page: light and dark, from 400 pixels of width on. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --page: #ffffff; --ink: #1f2328; --soft: #59636e; --line: #d1d9e0; --raised: #f6f8fa;
  --link: #0550ae; --good: #116329; --bad: #b3131e; --warn: #7d4e00;
  --removed: #ffebe9; --removed-word: #ffc1bb; --added: #e6f6ea; --added-word: #a9e3b6;
  --mono: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #0d1117; --ink: #e6edf3; --soft: #9aa5b1; --line: #30363d; --raised: #161b22;
    --link: #79b8ff; --good: #56d364; --bad: #ff7b72; --warn: #e3b341;
    --removed: #3b1518; --removed-word: #8c2a2d; --added: #10291a; --added-word: #1f6b35;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; padding: 1.5rem clamp(0.75rem, 3vw, 2.5rem) 4rem; max-width: 1500px;
  background: var(--page); color: var(--ink);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif;
}
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 0.25rem; }
h2 { font-size: 1.2rem; line-height: 1.35; margin: 0; overflow-wrap: anywhere; }
h3 { font-size: 1rem; margin: 0 0 0.5rem; }
h4 { font-size: 0.95rem; font-weight: 600; margin: 0 0 0.5rem; overflow-wrap: anywhere; white-space: pre-wrap; }
p { margin: 0 0 0.75rem; }
a { color: var(--link); }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
code, pre, .path, .diff td { font-family: var(--mono); font-size: 0.85rem; }
.path { font-size: 1em; font-weight: 600; overflow-wrap: anywhere; }
.facts, .note, .label, .up { color: var(--soft); font-size: 0.9rem; font-weight: 400; }
.label { margin: 0 0 0.2rem; }
.note { font-style: italic; }
.up { margin: 1rem 0 0; }
pre {
  margin: 0 0 0.5rem; padding: 0.6rem 0.8rem; overflow-x: auto; max-height: 30rem;
  background: var(--raised); border: 1px solid var(--line); border-radius: 6px;
}
.block { margin-bottom: 0.75rem; }
.scroll { overflow-x: auto; }
.filter { border: 0; margin: 1rem 0 0.5rem; padding: 0; display: flex; gap: 1.25rem; flex-wrap: wrap; }
.filter legend { float: left; margin-right: 1.25rem; padding: 0; color: var(--soft); }
.filter label, .controls label { display: inline-flex; align-items: center; gap: 0.4rem; cursor: pointer; }
table { border-collapse: collapse; width: 100%; font-size: 0.95rem; }
th, td { text-align: left; vertical-align: top; padding: 0.35rem 0.6rem; border-bottom: 1px solid var(--line); }
thead th { color: var(--soft); font-weight: 600; font-size: 0.85rem; }
tbody th { font-weight: 400; }
.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
.why { color: var(--soft); font-size: 0.9rem; overflow-wrap: anywhere; }
.verdict { font-family: system-ui, sans-serif; font-size: 0.9rem; font-weight: 600; white-space: nowrap; }
.passed, .cached { color: var(--good); }
.failed, .fault { color: var(--bad); }
.interrupted, .skipped { color: var(--warn); }
.notebook { margin-top: 2rem; padding-top: 1.25rem; border-top: 2px solid var(--line); content-visibility: auto; contain-intrinsic-size: auto 20rem; }
.notebook > .facts { margin-bottom: 0.75rem; }
article { margin: 0 0 1.25rem; padding: 0.9rem 1rem; border: 1px solid var(--line); border-left: 4px solid var(--bad); border-radius: 6px; }
h3 .facts { margin-left: 0.4rem; }
.type-fault { white-space: pre-wrap; overflow-wrap: anywhere; }
.difference { margin-top: 1rem; padding-top: 0.75rem; border-top: 1px dashed var(--line); }
.say { margin-bottom: 0.5rem; }
summary { cursor: pointer; color: var(--link); padding: 0.2rem 0; }
.diff { table-layout: fixed; border: 1px solid var(--line); }
.diff th { padding: 0.25rem 0.6rem; }
.diff td { border: 0; padding: 0.05rem 0.5rem; line-height: 1.45; }
.diff tbody + tbody { border-top: 1px solid var(--line); }
.diff col.line { width: 4.2em; }
.diff td.line { text-align: right; color: var(--soft); font-variant-numeric: tabular-nums; user-select: none; }
.diff .text { white-space: pre-wrap; overflow-wrap: anywhere; }
.diff .sign { user-select: none; font-weight: 700; }
.removed { background: var(--removed); }
.added { background: var(--added); }
.none { background: repeating-linear-gradient(135deg, var(--raised) 0 6px, transparent 6px 12px); }
del { background: var(--removed-word); text-decoration: underline 2px; border-radius: 2px; }
ins { background: var(--added-word); text-decoration: underline 2px; border-radius: 2px; }
.frames { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 17rem), 1fr)); gap: 0.9rem; align-items: start; }
figure { margin: 0; min-width: 0; }
figure img { display: block; max-width: 100%; height: auto; background: #ffffff; border: 1px solid var(--line); }
figcaption { color: var(--soft); font-size: 0.9rem; margin-top: 0.25rem; }
.controls { display: flex; flex-wrap: wrap; gap: 0.5rem 1.5rem; margin: 0 0 0.6rem; }
.controls .slide { display: none; }
.controls:has(.overlay:checked) .slide { display: inline-flex; }
.pictures:has(.overlay:checked) .fresh { grid-area: 1 / 1; }
.pictures:has(.overlay:checked) .stored { grid-area: 1 / 1; }
.pictures:has(.overlay:checked) .fresh img { clip-path: inset(0 0 0 var(--seen, 50%)); border-color: transparent; }
.pictures:has(.overlay:checked) .fresh figcaption { visibility: hidden; }
body:has(#show-failed:checked) .good { display: none; }
@media (max-width: 640px) {
  .wide { display: none; }
  article { padding: 0.7rem; }
  th, td { padding: 0.35rem 0.4rem; }
  .diff, .diff tbody { display: block; }
  .diff thead { display: none; }
  .diff tr { display: grid; grid-template-columns: 3.2em minmax(0, 1fr); }
  .diff .none, .diff .equal td:nth-child(n + 3) { display: none; }
}
@media print { .filter, .controls, .up { display: none; } article { break-inside: avoid; } }
`;
