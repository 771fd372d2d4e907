import { VERDICTS } from "../plots/verdict.ts";
import { type Html, markup } from "./html.ts";

const LOOKS: Readonly<Record<string, readonly [mark: string, look: string]>> = {
  trustworthy: [VERDICTS.trustworthy.mark, "good"],
  doubtful: [VERDICTS.doubtful.mark, "bad"],
  undecided: [VERDICTS.undecided.mark, "soft"],
  finished: ["✓", "good"],
  interrupted: ["‖", "warn"],
  failed: ["✗", "bad"],
  "not ended": ["…", "warn"],
};

/** The mark of a verdict or a state; its word always stands beside it, so that no colour is needed. */
export function verdictMark(verdict: string): Html {
  const [mark, look] = Object.hasOwn(LOOKS, verdict) ? LOOKS[verdict] : ["?", "soft"];
  return markup`<span class="mark ${look}" aria-hidden="true">${mark}</span>`;
}
