import { relative } from "node:path";
import type { Check } from "../check.ts";
import { ok, type Outcome, skipped } from "../finding.ts";
import { initProject } from "../templates/init_project.ts";

/** Files that only `qsight init` writes: without any of them it was not used. */
const MARKS = ["kernel_spec", "start_script"];

/** What `qsight init` wrote, and what has become of it. */
export const TEMPLATE_CHECKS: readonly Check[] = [
  {
    code: "QD210",
    point: "configuration",
    title: "files of qsight init",
    wanted: "all of them, with the QSight that runs",
    needs: ["read", "env"],
    builds: false,
    deadline: 5000,
    remedyWhenLate: "Look whether the disk answers",
    run: async ({ folder, project }) => {
      const { deno } = await project();
      if (deno?.fault !== undefined) return [skipped(`${deno.path} cannot be read`)];
      const files = await initProject(folder, { dryRun: true });
      const used = files.some(({ template, action }) =>
        MARKS.includes(template) && action === "keep"
      );
      if (!used) return [ok("qsight init was not used here")];
      const lost = files.filter(({ action }) => action === "write" || action === "merge");
      const outcomes = lost.map(({ path, action }): Outcome => ({
        status: "warning",
        found: `${relative(folder, path)} ${action === "write" ? "is missing" : "lacks entries"}`,
        remedy: "Run qsight init again; it keeps what is there",
        source: path,
      }));
      const drift = files.flatMap((file) =>
        file.drift.map((line) => ({
          file,
          line,
          own: /^(?:imports\.@qsight\/qsight|tasks\.qsight)/.test(line),
        }))
      );
      for (const { file, line } of drift.filter(({ own }) => own)) {
        outcomes.push({
          status: "warning",
          found: line,
          remedy:
            "Run qsight init --qsight PATH to take another QSight, or run the one named there",
          source: file.path,
        });
      }
      if (outcomes.length > 0) return outcomes;
      const others = drift.map(({ file, line }) => `${relative(folder, file.path)}: ${line}`);
      return [ok(others.length === 0 ? "as written" : `changed by you: ${others.join("; ")}`)];
    },
  },
];
