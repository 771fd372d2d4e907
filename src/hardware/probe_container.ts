import { absent, errorText, found, isMissing, type Probe, unknown } from "./probe.ts";

const NAMES = /(kubepods|docker|containerd|libpod|podman|lxc)/;

/** The kind of container around this process, by the marks that container engines leave. */
export async function probeContainer(
  readText: (path: string) => Promise<string>,
): Promise<Probe<string>> {
  const marks: [path: string, name: (text: string) => string | undefined][] = [
    ["/.dockerenv", () => "docker"],
    ["/run/.containerenv", () => "podman"],
    ["/proc/1/cgroup", (text) => NAMES.exec(text)?.[1]],
  ];
  let fault = "";
  for (const [path, read] of marks) {
    try {
      const name = read(await readText(path));
      if (name !== undefined) return found(name, path);
    } catch (error) {
      if (!isMissing(error)) fault = errorText(error);
    }
  }
  return fault === "" ? absent("No mark of a container engine") : unknown(fault);
}
