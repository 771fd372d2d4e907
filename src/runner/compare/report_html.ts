import { type HtmlTemplate, htmlTemplate } from "../../_internal/html_template.ts";
import { stripAnsi } from "../runner_errors.ts";
import { visibleText } from "./difference_visible.ts";

export { Html } from "../../_internal/html_template.ts";

/** A template for texts without colours of a terminal and with hidden characters visible. */
export const markup: HtmlTemplate = htmlTemplate((text) => visibleText(stripAnsi(text)));
