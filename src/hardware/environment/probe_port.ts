import { absent, errorText, found, type Probe, unknown } from "../probe.ts";
import type { EnvironmentSources } from "./environment_sources.ts";

/** Whether a loopback TCP port can be bound, by binding it; 0 stands for any. */
export async function probePort(
  port: number,
  { bindPort }: Pick<EnvironmentSources, "bindPort">,
): Promise<Probe<number>> {
  try {
    return found(await bindPort(port), `Bound on 127.0.0.1 and let go`);
  } catch (error) {
    const { code } = error as { code?: string };
    return code === "EADDRINUSE"
      ? absent(`Port ${port} is in use on 127.0.0.1`)
      : unknown(`Port ${port}: ${errorText(error)}`);
  }
}
