import type {
  KernelFacts,
  PermissionFacts,
} from "../../hardware/environment/environment_snapshot.ts";
import { setPlacebos } from "../../hardware/compatibility/placebo_variables.ts";
import type { Check } from "../check.ts";
import { satisfiesRange } from "../dependencies/semver_range.ts";
import { ok, type Outcome, skipped } from "../finding.ts";
import type { Scene } from "../scene.ts";
import { PROBED, unseen } from "./machine_checks.ts";

const GIB = 2 ** 30;

/** Room below which runs are likely to fill the disk, and below which none can be written. */
const DISK = { comfortable: 2 * GIB, least: GIB / 4 };

/** Node versions on which tslab runs; older ones cannot require ES modules. */
const NODE_RANGE = ">=20.19.0 <21 || >=22.12.0";

/** What surrounds the process: disk, folders, ports, programs, kernels, variables, permissions. */
export const SURROUNDINGS_CHECKS: readonly Check[] = [
  {
    ...PROBED,
    code: "QD306",
    title: "room on the disk",
    wanted: `${DISK.comfortable / GIB} GiB where the project is`,
    run: async (scene) => {
      const { disk } = await scene.surroundings();
      if (disk.status !== "ok") return [unseen(disk)];
      const { freeBytes, folder } = disk.value;
      const found = `${(freeBytes / GIB).toFixed(1)} GiB`;
      if (freeBytes >= DISK.comfortable) return [ok(found, folder)];
      return [{
        status: freeBytes < DISK.least ? "failure" : "warning",
        found,
        remedy: "Make room, for example with qsight runs prune, or train elsewhere with --out",
        source: folder,
      }];
    },
  },
  {
    ...PROBED,
    code: "QD307",
    title: "the project can be written to",
    wanted: "a folder in which runs can be made",
    run: async (scene) => {
      const { writable } = await scene.surroundings();
      if (writable.status === "ok") return [ok(writable.reason, writable.value)];
      if (writable.status === "unknown") return [unseen(writable)];
      return [{
        status: "failure",
        found: writable.reason,
        remedy: "Change its owner or permissions, or train elsewhere with --out",
        source: scene.folder,
      }];
    },
  },
  {
    ...PROBED,
    code: "QD308",
    title: "ports on the loopback address",
    wanted: "a TCP port that can be bound, as kernels need",
    run: async (scene) => {
      const { ports } = await scene.surroundings();
      return ports.map(({ port, free }): Outcome => {
        if (free.status === "ok") return ok(`port ${free.value}`);
        if (free.status === "unknown") return unseen(free);
        return {
          status: "failure",
          found: `port ${port}: ${free.reason}`,
          remedy: "Allow 127.0.0.1 in the sandbox or firewall; kernels talk over it",
        };
      });
    },
  },
  {
    ...PROBED,
    code: "QD309",
    title: "Node, for tslab",
    wanted: `Node ${NODE_RANGE} where a tslab kernel is installed`,
    run: async (scene) => {
      const { programs: { node }, kernels } = await scene.surroundings();
      if (node.status === "unknown") return [unseen(node)];
      const { value } = node;
      const needed = kernels.status === "ok" && kernels.value.kernels.some(isTslab);
      if (value === undefined) {
        if (!needed) return [ok("not on PATH, and no tslab kernel needs it")];
        return [{
          status: "failure",
          found: "a tslab kernel is installed, and node is not on PATH",
          remedy: "Install Node 20, or remove the kernel",
        }];
      }
      const { version, path, hidden } = value;
      if (satisfiesRange(version, NODE_RANGE) === false) {
        return [{
          status: needed ? "failure" : "warning",
          found: `Node ${version}`,
          remedy:
            "Install Node 20.19 or 22.12 or newer; older ones cannot load ES modules in tslab",
          source: path,
        }];
      }
      const behind = hidden.length === 0 ? "" : `, hides ${hidden.join(", ")}`;
      return [ok(`Node ${version}${behind}`, path)];
    },
  },
  {
    ...PROBED,
    code: "QD310",
    title: "kernel specs can be used",
    wanted: "kernel.json files that are JSON and name a program that exists",
    run: checkKernelSpecs,
  },
  {
    ...PROBED,
    code: "QD311",
    title: "variables that do nothing",
    wanted: "none that people set in the belief that it helps",
    needs: ["env"],
    run: ({ env }) => {
      const placebos = setPlacebos(env);
      if (placebos.length === 0) return [ok("none is set")];
      return placebos.map(({ name, effect, instead, row }) => ({
        status: "warning",
        found: `${name} is set; effect: ${effect.split(";")[0]}`,
        remedy: `Unset ${name}; ${instead}`,
        source: row,
      }));
    },
  },
  {
    ...PROBED,
    code: "QD312",
    title: "Deno's permissions",
    wanted: "read, write, run, env, net, sys and ffi granted",
    run: async (scene) => {
      const { permissions } = await scene.surroundings();
      if (permissions.status === "absent") return [ok(permissions.reason)];
      if (permissions.status === "unknown") return [unseen(permissions)];
      const lacking = Object.entries(permissions.value as PermissionFacts)
        .filter(([, state]) => state !== "granted").map(([name]) => name);
      if (lacking.length === 0) return [ok("all granted")];
      return [skipped(`this process may not ${lacking.join(", ")}`, "Run with -A")];
    },
  },
];

function isTslab({ name, language }: KernelFacts): boolean {
  return /^(?:tslab|jslab)$/.test(name) || (language === "typescript" && name !== "deno");
}

async function checkKernelSpecs(scene: Scene): Promise<readonly Outcome[]> {
  const { kernels } = await scene.surroundings();
  if (kernels.status === "unknown") return [unseen(kernels)];
  if (kernels.value === undefined) {
    return [ok("none is installed; the runner brings Deno's itself")];
  }
  const { kernels: listed, broken } = kernels.value;
  const faults: Outcome[] = broken.map(({ file, reason }) => ({
    status: "warning",
    found: reason,
    remedy: "Install that kernel again, or remove its folder",
    source: file,
  }));
  for (const kernel of listed.filter(({ programExists }) => !programExists)) {
    faults.push({
      status: kernel.name === "deno" || isTslab(kernel) ? "failure" : "warning",
      found: `kernel "${kernel.name}" starts ${kernel.program}, which is not there`,
      remedy: "Install that kernel again (qsight init for Deno and tslab), or remove its folder",
      source: kernel.folder,
    });
  }
  return faults.length > 0 ? faults : [ok(listed.map(({ name }) => name).join(", "))];
}
