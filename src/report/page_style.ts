/** The look of the page: light and dark, from 320 pixels of width on. */
export const PAGE_STYLE = `
:root {
  color-scheme: light dark;
  --page: #ffffff; --ink: #1f2328; --soft: #59636e; --line: #d1d9e0; --raised: #f6f8fa;
  --link: #0550ae; --good: #00694a; --bad: #a32f0a; --warn: #7d4e00; --chosen: #0550ae; --on-chosen: #ffffff;
  --differs: #fff3c4;
  --mono: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #0d1117; --ink: #e6edf3; --soft: #9aa5b1; --line: #3d444d; --raised: #161b22;
    --link: #79b8ff; --good: #4cc9a0; --bad: #ff9b73; --warn: #e3b341; --chosen: #79b8ff; --on-chosen: #0d1117;
    --differs: #443200;
  }
}
* { box-sizing: border-box; }
[hidden] { display: none !important; }
body {
  margin: 0 auto; padding: 1.25rem clamp(0.75rem, 3vw, 2.5rem) 4rem; max-width: 1400px;
  background: var(--page); color: var(--ink);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif;
}
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 0.4rem; overflow-wrap: anywhere; }
h2 { font-size: 1.3rem; line-height: 1.35; margin: 0 0 0.6rem; }
h3 { font-size: 1.05rem; margin: 1.4rem 0 0.5rem; overflow-wrap: anywhere; }
p { margin: 0 0 0.75rem; overflow-wrap: anywhere; }
a { color: var(--link); }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
main:focus { outline: none; }
code, pre, td.code, td.file { font-family: var(--mono); font-size: 0.85rem; overflow-wrap: anywhere; }
pre { margin: 0 0 0.75rem; padding: 0.6rem 0.8rem; overflow-x: auto; max-height: 30rem;
  background: var(--raised); border: 1px solid var(--line); border-radius: 6px; }
small { font-size: 0.85em; }
summary { cursor: pointer; color: var(--link); padding: 0.15rem 0; }
section { margin-top: 2rem; padding-top: 1.25rem; border-top: 2px solid var(--line); }
main > section:first-of-type { border-top: 0; margin-top: 0; }
.skip { position: absolute; left: -100rem; }
.skip:focus { position: static; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
nav ul { list-style: none; display: flex; flex-wrap: wrap; gap: 0.25rem 1.1rem; margin: 0.5rem 0 0; padding: 0; }
nav a { display: inline-block; padding: 0.15rem 0; }
.chips { display: flex; flex-wrap: wrap; gap: 0.5rem; margin: 0; }
.chip { border: 1px solid var(--line); background: var(--raised); border-radius: 1rem; padding: 0.1rem 0.75rem; font-size: 0.9rem; }
.chip.warn, .warn { color: var(--warn); } .good { color: var(--good); } .bad { color: var(--bad); } .soft { color: var(--soft); }
.mark { font-weight: 700; white-space: nowrap; }
.facts, .note, caption { color: var(--soft); font-size: 0.92rem; }
.note p { margin: 0.4rem 0 0; }
.absent { color: var(--soft); font-style: italic; }
.warning { border: 1px solid var(--warn); border-left-width: 5px; border-radius: 6px; padding: 0.6rem 0.9rem; margin: 0 0 0.75rem; }
.warning p:last-child { margin: 0; }
ul.plain { list-style: none; padding: 0; margin: 0 0 0.75rem; }
dl { margin: 0 0 0.75rem; }
dl > div { display: grid; grid-template-columns: minmax(8rem, 15rem) minmax(0, 1fr); gap: 0 1rem; padding: 0.15rem 0; border-bottom: 1px solid var(--line); }
dt { color: var(--soft); overflow-wrap: anywhere; } dd { margin: 0; overflow-wrap: anywhere; }
dd ul.plain { margin: 0; }
.scroll { overflow-x: auto; max-width: 100%; }
table { border-collapse: collapse; font-size: 0.94rem; }
.data table, table.figures { width: 100%; }
caption { text-align: left; padding: 0 0 0.4rem; }
th, td { text-align: left; vertical-align: top; padding: 0.3rem 0.6rem; border-bottom: 1px solid var(--line); }
thead th { color: var(--soft); font-weight: 600; font-size: 0.86rem; vertical-align: bottom; }
tbody th { font-weight: 600; overflow-wrap: break-word; max-width: 22rem; }
td.number, td.whole, th.number, th.whole { text-align: right; font-variant-numeric: tabular-nums; }
td.number, td.whole { white-space: nowrap; }
td.code { min-width: 9rem; } td.text { overflow-wrap: break-word; max-width: 22rem; }
td.file { min-width: 14rem; }
tr.differs th, tr.differs td { background: var(--differs); }
.controls { display: none; }
.js .controls { display: flex; flex-wrap: wrap; align-items: center; gap: 0.5rem 1.25rem; margin: 0 0 0.75rem; }
.controls label { display: inline-flex; align-items: center; gap: 0.45rem; }
.controls output { color: var(--soft); font-size: 0.92rem; font-variant-numeric: tabular-nums; }
.turn { display: inline-flex; gap: 0.4rem; margin-left: auto; }
button, input[type="search"] { font: inherit; font-size: 0.92rem; color: var(--ink); background: var(--raised);
  border: 1px solid var(--soft); border-radius: 6px; padding: 0.25rem 0.7rem; min-height: 2rem; }
button { cursor: pointer; } button:disabled { color: var(--soft); border-color: var(--line); cursor: default; }
input[type="search"] { width: min(15rem, 60vw); }
th button { border: 0; background: none; padding: 0.1rem 0; min-height: 1.75rem; color: inherit; font-weight: 600; font-size: 1em; text-align: inherit; }
th button::after { content: "\\00a0↕"; color: var(--soft); }
th[aria-sort="ascending"] button::after { content: "\\00a0↑"; color: var(--ink); }
th[aria-sort="descending"] button::after { content: "\\00a0↓"; color: var(--ink); }
fieldset { border: 0; margin: 0; padding: 0; display: flex; flex-wrap: wrap; align-items: center; gap: 0.3rem; min-width: 0; }
legend { float: left; padding: 0; margin-right: 0.5rem; color: var(--soft); }
.picker { padding: 0.6rem 0.8rem; background: var(--raised); border: 1px solid var(--line); border-radius: 6px; }
.picker input[type="radio"] { position: absolute; opacity: 0; }
.picker fieldset span { display: inline-block; padding: 0.2rem 0.7rem; border: 1px solid var(--soft); border-radius: 6px; cursor: pointer; overflow-wrap: anywhere; }
.picker input:checked + span { background: var(--chosen); color: var(--on-chosen); border-color: var(--chosen); font-weight: 600; }
.picker input:disabled + span { border-style: dashed; color: var(--soft); text-decoration: line-through; cursor: not-allowed; }
.picker input:focus-visible + span { outline: 3px solid var(--link); outline-offset: 2px; }
.picker input[type="range"] { width: min(14rem, 45vw); accent-color: var(--chosen); }
.js .panels > article, .js .card { display: none; }
.js .panels > article.shown, .js .card.shown { display: block; }
.panels article { margin: 0 0 1.25rem; }
.panels h3 { margin-top: 0.75rem; }
.matrix { border-collapse: separate; border-spacing: 2px; }
.matrix th, .matrix td { border: 0; text-align: center; vertical-align: middle; padding: 0.45rem 0.6rem; overflow-wrap: break-word; }
.matrix td { min-width: 4.2rem; outline: 1px solid var(--line); outline-offset: -1px; font-variant-numeric: tabular-nums; }
.matrix tbody th { text-align: right; max-width: 14rem; }
.matrix thead th { max-width: 10rem; }
.matrix td.empty { background: var(--raised); color: var(--soft); }
.corner { white-space: nowrap; }
.plot { background: #ffffff; color: #1f2328; border: 1px solid var(--line); border-radius: 6px; padding: 0.6rem; color-scheme: light; }
.legend { list-style: none; display: flex; flex-wrap: wrap; gap: 0.2rem 1.2rem; margin: 0 0 0.4rem; padding: 0 0.4rem; font-size: 0.92rem; }
.legend li { display: inline-flex; align-items: center; gap: 0.4rem; overflow-wrap: anywhere; }
/* Charts are drawn light; turned like this they keep their hues. The line around is turned twice. */
@media screen and (prefers-color-scheme: dark) { .plot { filter: invert(0.93) hue-rotate(180deg); border-color: #c8ced6; } }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 23rem), 1fr)); gap: 0.5rem; }
.charts figure { margin: 0; min-width: 0; } .charts svg { display: block; width: 100%; height: auto; max-width: 44rem; }
.pictures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)); gap: 1rem; align-items: start; }
section > details { margin-top: 0.5rem; } details > .plot { margin-top: 0.5rem; }
.pictures figure { margin: 0; min-width: 0; } .pictures img { display: block; max-width: 100%; height: auto; }
.pictures figcaption { color: #59636e; font-size: 0.9rem; } .pictures :focus-visible { outline-color: #0550ae; }
.interval { display: block; margin-top: 0.1rem; }
.interval .axis { stroke: var(--line); stroke-width: 1.5; } .interval .range { stroke: var(--link); stroke-width: 3; } .interval circle { fill: var(--ink); }
.cards { list-style: none; margin: 0; padding: 0; display: grid; gap: 0.75rem; grid-template-columns: repeat(auto-fill, minmax(min(100%, 14.2rem), 1fr)); }
.card { border: 1px solid var(--line); border-radius: 6px; padding: 0.6rem; min-width: 0; }
.card dl { font-size: 0.9rem; margin: 0 0 0.3rem; display: grid; grid-template-columns: 5rem minmax(0, 1fr); }
.card p { margin: 0 0 0.3rem; font-size: 0.92rem; } .card details { font-size: 0.88rem; } .name { font-weight: 600; }
.pair { display: flex; gap: 0.4rem; margin-bottom: 0.4rem; }
.pair img { display: block; object-fit: contain; background: #000000; border-radius: 3px; }
.pair .none { display: inline-block; width: 96px; min-height: 96px; padding: 0.3rem; border: 1px dashed var(--soft); font-size: 0.8rem; color: var(--soft); overflow-wrap: anywhere; }
.verdict-box { background: var(--raised); border: 1px solid var(--line); border-radius: 6px; padding: 0.5rem 0.9rem; margin: 0 0 0.75rem; max-width: 60rem; }
.verdict-box p { margin: 0; } .verdict-box ul { margin: 0.2rem 0 0; padding-left: 1.4rem; font-size: 0.93rem; }
@media (max-width: 640px) {
  th, td { padding: 0.3rem 0.4rem; }
  .matrix td { min-width: 3.2rem; padding: 0.35rem 0.25rem; }
  .matrix th { padding: 0.3rem; } .matrix tbody th { max-width: 6.5rem; } .corner { white-space: normal; }
  dl > div { grid-template-columns: minmax(6.5rem, 30%) minmax(0, 1fr); }
  .turn { margin-left: 0; }
}
@media print { .controls, nav, .skip { display: none !important; } article, figure { break-inside: avoid; } }
`;
