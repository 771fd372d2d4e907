/** The languages whose cells a document or script may hold without naming a kernel. */
const LANGUAGES = {
  typescript: {
    fences: ["typescript", "ts", "mts", "javascript", "js", "mjs"],
    kernelspec: { name: "deno", display_name: "Deno", language: "typescript" },
  },
  python: {
    fences: ["python", "py", "python3", "ipython", "ipython3"],
    kernelspec: { name: "python3", display_name: "Python 3 (ipykernel)", language: "python" },
  },
} as const;

/** A language that has a kernel of its own here. */
export type TextLanguage = keyof typeof LANGUAGES;

/** The language that a fence or a kernel calls so: `ts` is typescript; others stay as they are. */
export function languageNamed(name: string): string {
  const found = Object.entries(LANGUAGES).find(([, { fences, kernelspec }]) =>
    kernelspec.name === name || (fences as readonly string[]).includes(name.toLowerCase())
  );
  return found?.[0] ?? name.toLowerCase();
}

/** Whether there is a kernel for it without a header. */
export function isTextLanguage(language: string): language is TextLanguage {
  return Object.hasOwn(LANGUAGES, language);
}

/** What a notebook of this language says of its kernel. */
export function kernelspecOf(language: TextLanguage): Record<string, unknown> {
  return { ...LANGUAGES[language].kernelspec };
}

/** The language that the metadata of a header ask for, if they name a kernel. */
export function headerLanguage(metadata: Readonly<Record<string, unknown>>): string | undefined {
  const spec = metadata.kernelspec as Readonly<Record<string, unknown>> | null | undefined;
  const info = metadata.language_info as Readonly<Record<string, unknown>> | null | undefined;
  if (typeof spec?.name !== "string") return undefined;
  const named = [spec.language, info?.name, spec.name].find((value) => typeof value === "string");
  return languageNamed(named as string);
}
