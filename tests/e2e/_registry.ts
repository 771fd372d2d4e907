import { runCommand } from "../../src/_internal/run_command.ts";

/** Runs something with the address of a registry that is npm's but for one package. */
export async function withoutPackage<T>(
  name: string,
  work: (registry: string) => Promise<T>,
): Promise<T> {
  const { stdout } = await runCommand(["npm", "config", "get", "registry"], { timeout: 60_000 });
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    async (asked) => {
      const { pathname } = new URL(asked.url);
      if (pathname.slice(1) === name) return Response.json({ error: "Not found" }, { status: 404 });
      const answer = await fetch(new URL(pathname.slice(1), stdout.trim()));
      return new Response(await answer.arrayBuffer(), { status: answer.status });
    },
  );
  try {
    return await work(`http://127.0.0.1:${server.addr.port}/`);
  } finally {
    await server.shutdown();
  }
}
