import { join } from "node:path";
import { absent, errorText, found, isMissing, type Probe, unknown } from "../probe.ts";
import type { FontFacts } from "./environment_snapshot.ts";
import type { EnvironmentSources } from "./environment_sources.ts";

/** Fonts of the system: browsers and converters draw boxes where there is none. */
export async function probeFonts(
  sources: EnvironmentSources & { readonly milliseconds: number },
): Promise<Probe<FontFacts>> {
  const { run, milliseconds } = sources;
  const { status, stdout, stderr } = await run(["fc-list", ":", "file"], milliseconds);
  if (status === "absent") return await countFontFiles(sources);
  if (status === "timeout") return unknown(`fc-list did not answer within ${milliseconds} ms`);
  const lines = stdout.split(/\r?\n/).filter((line) => line.trim() !== "");
  if (status === "failed") return unknown(`fc-list failed: ${(stderr || stdout).split("\n")[0]}`);
  const odd = lines.find((line) => !/^(?:\/|[A-Za-z]:[\\/]).*:\s*$/.test(line));
  if (odd !== undefined) return unknown(`fc-list answered in an unknown form: ${odd.slice(0, 80)}`);
  return lines.length === 0
    ? absent("fontconfig lists no font")
    : found({ count: lines.length, source: "fontconfig" }, `fc-list lists ${lines.length}`);
}

async function countFontFiles(sources: EnvironmentSources): Promise<Probe<FontFacts>> {
  const folders = fontFolders(sources);
  let count = 0;
  const holding: string[] = [], faults: string[] = [];
  for (const folder of folders) {
    try {
      const fonts = (await sources.listFolder(folder, true))
        .filter((name) => /\.(?:ttf|otf|ttc|pfb|woff2?)$/i.test(name)).length;
      count += fonts;
      if (fonts > 0) holding.push(folder);
    } catch (error) {
      if (!isMissing(error)) faults.push(errorText(error));
    }
  }
  if (count > 0) return found({ count, source: holding.join(", ") }, `${count} font files`);
  if (faults.length > 0) return unknown(faults.join("; "));
  return absent(`fontconfig is not installed, and no font lies in ${folders.join(", ")}`);
}

function fontFolders({ os, home, variable }: EnvironmentSources): string[] {
  if (os() === "win32") return [join(variable("WINDIR") ?? "C:\\Windows", "Fonts")];
  const own = variable("HOME") ?? home();
  if (os() === "darwin") {
    return ["/System/Library/Fonts", "/Library/Fonts", join(own, "Library/Fonts")];
  }
  const shared = ["/usr/share/fonts", "/usr/local/share/fonts"];
  return [...shared, join(own, ".local/share/fonts"), join(own, ".fonts")];
}
