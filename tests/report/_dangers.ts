import { parse } from "parse5";

/** All elements of a page, those in noscript too, since the page's script makes them of its text. */
function elementsOf(html: string) {
  // deno-lint-ignore no-explicit-any
  const found: any[] = [];
  for (const scriptingEnabled of [true, false]) {
    // deno-lint-ignore no-explicit-any
    const walk = (node: any) => {
      if (node.tagName !== undefined) found.push(node);
      for (const child of node.childNodes ?? []) walk(child);
    };
    walk(parse(html, { scriptingEnabled }));
  }
  return found;
}

/** What would run, load or style; empty for a harmless page. */
export function dangers(html: string): string[] {
  const faults: string[] = [];
  for (const { tagName, attrs, childNodes } of elementsOf(html)) {
    const value = (name: string) =>
      attrs.find((attr: { name: string }) => attr.name === name)?.value as string | undefined;
    const isBlock = tagName === "script" && value("type") === "application/json";
    if (tagName === "script" && !isBlock) {
      const text = childNodes.map((node: { value?: string }) => node.value ?? "").join("");
      if (!/^(\(\(\) => \{\n"use strict";|document\.documentElement\.class)/.test(text)) {
        faults.push(`script ${text.slice(0, 60)}`);
      }
    }
    if (isBlock) JSON.parse(childNodes[0].value);
    if (/^(iframe|object|embed|base|link|form|frame|audio|video|textarea)$/.test(tagName)) {
      faults.push(tagName);
    }
    if (tagName === "b" && childNodes[0]?.value === "bold") faults.push("markup of the data");
    for (const { name, value } of attrs as { name: string; value: string }[]) {
      if (/^on|^style$|^srcdoc$|^autofocus$|^formaction$/.test(name)) {
        faults.push(`${name}=${value}`);
      }
      const isLink = /^(href|src|xlink:href)$/.test(name);
      if (
        isLink &&
        !/^(#[a-z-]+$|\.\.?\/|data:image\/(png|svg\+xml);base64,[A-Za-z0-9+/=]+$)/.test(value)
      ) {
        faults.push(`${tagName} ${name}=${value}`);
      }
    }
  }
  return faults;
}
