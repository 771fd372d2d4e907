/** Tables: rows come from the JSON beside them and become text, never markup. */
export const TABLE_SCRIPT = `
const shown = (cell, kind) => {
  if (cell === null) return "–";
  if (typeof cell === "string") return cell;
  if (kind === "whole") return String(cell).replace(/\\B(?=(\\d{3})+(?!\\d))/g, ",");
  const size = Math.abs(cell);
  return cell !== 0 && (size >= 1e5 || size < 1e-3) ? cell.toPrecision(3) : cell.toFixed(4);
};
const fileOf = (path) => {
  const parts = path.split("/");
  if (parts.some((part) => part === "" || part === "." || part === "..")) return undefined;
  return "../" + parts.map((part) => encodeURIComponent(part)).join("/");
};
// Unknown last in both directions; numbers as numbers.
const compare = (a, b, turn) => {
  if (a === null || b === null) return (a === null) - (b === null);
  if (typeof a !== typeof b) return typeof a === "number" ? -1 : 1;
  return (a < b ? -1 : a > b ? 1 : 0) * turn;
};

for (const box of all(".data")) {
  const { columns, rows, page } = JSON.parse(box.querySelector("script").textContent);
  const body = box.querySelector("tbody"), filter = box.querySelector("input[type=search]");
  const output = box.querySelector("output"), [back, next] = all(".turn button", box);
  const texts = [];
  const textOf = (i) => texts[i] ??= rows[i].map((cell, c) => shown(cell, columns[c])).join(" ").toLowerCase();
  let order = rows.map((_, i) => i), found = order, at = 0;
  const rowOf = (i) => {
    const row = document.createElement("tr");
    rows[i].forEach((cell, c) => {
      const data = row.insertCell(), text = shown(cell, columns[c]);
      data.className = columns[c];
      const href = columns[c] === "file" ? fileOf(String(cell)) : undefined;
      if (href === undefined) { data.textContent = text; return; }
      const link = document.createElement("a");
      link.href = href;
      link.textContent = text;
      data.append(link);
    });
    return row;
  };
  const draw = () => {
    body.replaceChildren(...found.slice(at, at + page).map(rowOf));
    const end = Math.min(at + page, found.length);
    output.textContent = found.length === 0 ? "No row of " + shown(rows.length, "whole") + " has these words"
      : "Rows " + (at + 1) + "–" + shown(end, "whole") + " of " + shown(found.length, "whole") +
        (found.length < rows.length ? " (" + shown(rows.length, "whole") + " without the filter)" : "");
    back.disabled = at === 0;
    next.disabled = end >= found.length;
  };
  const search = () => {
    const terms = words(filter.value);
    found = terms.length === 0 ? order : order.filter((i) => terms.every((term) => textOf(i).includes(term)));
    at = 0;
    draw();
  };
  all("thead th", box).forEach((head, c, heads) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent;
    head.replaceChildren(button);
    button.addEventListener("click", () => {
      const up = head.getAttribute("aria-sort") !== "ascending";
      for (const other of heads) other.setAttribute("aria-sort", "none");
      head.setAttribute("aria-sort", up ? "ascending" : "descending");
      order = rows.map((_, i) => i).sort((a, b) => compare(rows[a][c], rows[b][c], up ? 1 : -1) || a - b);
      search();
    });
  });
  filter.addEventListener("input", search);
  back.addEventListener("click", () => { at -= page; draw(); });
  next.addEventListener("click", () => { at += page; draw(); });
  draw();
}
`;
