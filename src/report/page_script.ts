/** Before the content: what the pickers will hide is never laid out, which takes long in long runs. */
export const FIRST_SCRIPT = `document.documentElement.classList.add("js");`;

/**
 * Pickers and the gallery. Everything is in the page already: this only shows what is chosen, and
 * puts no text into it but numbers.
 */
export const PAGE_SCRIPT = `
const all = (selector, from) => Array.from((from || document).querySelectorAll(selector));
const words = (text) => text.toLowerCase().split(/\\s+/).filter(Boolean);
const sorted = (numbers) => Array.from(new Set(numbers)).sort((a, b) => a - b);

// What is shown for the first time is made from its text; all of it was escaped when it was written.
const show = (element, shown) => {
  const inert = shown && element.querySelector(":scope > noscript");
  if (inert) inert.outerHTML = inert.textContent;
  element.classList.toggle("shown", shown);
};

for (const picker of all(".picker")) {
  const panels = all(":scope > article", document.getElementById(picker.dataset.panels)).map((element) => ({
    element, stage: +element.dataset.stage, epoch: +element.dataset.epoch, head: +element.dataset.head,
  }));
  const radios = (kind) => all("fieldset." + kind + " input", picker);
  const chosen = (kind) => (radios(kind).find((radio) => radio.checked) || { value: 0 }).value;
  const range = picker.querySelector("input[type=range]");
  const output = picker.querySelector("output");
  let stage = -1, wanted = +chosen("head");
  const update = () => {
    const before = stage;
    stage = +chosen("stage");
    const epochs = range ? sorted(panels.filter((panel) => panel.stage === stage).map((panel) => panel.epoch)) : [0];
    if (range) {
      range.max = epochs.length - 1;
      if (stage !== before) range.value = range.max;
      range.closest("label").hidden = epochs.length < 2;
      output.textContent = epochs[range.value] + " (" + (+range.value + 1) + " of " + epochs.length + ")";
      range.setAttribute("aria-valuetext", "epoch " + output.textContent);
    }
    const here = panels.filter((panel) => panel.stage === stage && (!range || panel.epoch === epochs[range.value]));
    const heads = sorted(here.map((panel) => panel.head));
    const head = heads.includes(wanted) ? wanted : heads[heads.length - 1];
    for (const radio of radios("head")) {
      radio.disabled = !heads.includes(+radio.value);
      radio.checked = +radio.value === head;
    }
    for (const panel of panels) show(panel.element, here.includes(panel) && panel.head === head);
    picker.dispatchEvent(new CustomEvent("picked", { bubbles: true }));
  };
  picker.addEventListener("input", (event) => {
    if (event.target.closest("fieldset.head")) wanted = +event.target.value;
    update();
  });
  update();
}

for (const bar of all(".gallery-filter")) {
  const size = 24, [text, wrong] = all("input", bar), output = bar.querySelector("output");
  const [back, next] = all("button", bar);
  let at = 0;
  const update = () => {
    const terms = words(text.value);
    const cards = all(".gallery > article.shown .card");
    const found = cards.filter((card) => (!wrong.checked || card.dataset.result === "wrong") &&
      (terms.length === 0 || terms.every((term) => card.dataset.words.includes(term))));
    at = Math.max(0, Math.min(at, Math.ceil(found.length / size) * size - size));
    const shown = new Set(found.slice(at, at + size));
    for (const card of cards) show(card, shown.has(card));
    output.textContent = found.length === 0 ? "0 of " + cards.length + " images"
      : "Images " + (at + 1) + "–" + (at + shown.size) + " of " + found.length;
    back.disabled = at === 0;
    next.disabled = at + size >= found.length;
  };
  const begin = () => { at = 0; update(); };
  bar.addEventListener("input", begin);
  document.addEventListener("picked", begin);
  back.addEventListener("click", () => { at -= size; update(); });
  next.addEventListener("click", () => { at += size; update(); });
  update();
}
`;
