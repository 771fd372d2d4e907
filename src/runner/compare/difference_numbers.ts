/** A share as per cent with two significant digits; only the whole is "100 %", only none "0 %". */
export function formatShare(share: number): string {
  const percent = share * 100;
  if (percent === 0 || percent === 100) return `${percent} %`;
  if (percent > 99) return "more than 99 %";
  if (percent < 0.0001) return "less than 0.0001 %";
  return `${Number(percent.toPrecision(2))} %`;
}

/** The sentence about two texts that are one number each; undefined where they are anything else. */
export function numberSentence(stored: string, fresh: string): string | undefined {
  const [was, is] = [stored.trim(), fresh.trim()];
  if (!NUMBER.test(was) || !NUMBER.test(is)) return undefined;
  return `expected ${was}, found ${is}${off(Number(was), Number(is))}`;
}

/** Also the words of Python and JavaScript for what is no finite number. */
const NUMBER = /^[+-]?(?:(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?|nan|inf|infinity)$/i;

function off(was: number, is: number): string {
  const distance = Math.abs(is - was);
  if (!Number.isFinite(distance)) return "";
  if (was === 0) return ` (off by ${Number(distance.toPrecision(2))})`;
  return ` (off by ${Number((distance / Math.abs(was) * 100).toPrecision(2))} %)`;
}
