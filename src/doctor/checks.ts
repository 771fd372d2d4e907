import { BUILD_CHECKS } from "./build/build_checks.ts";
import type { Check } from "./check.ts";
import { PROJECT_CHECKS } from "./configuration/project_checks.ts";
import { TEMPLATE_CHECKS } from "./configuration/template_checks.ts";
import { TRAIN_CHECKS } from "./configuration/train_checks.ts";
import { DEPENDENCY_CHECKS } from "./dependencies/dependency_checks.ts";
import { MACHINE_CHECKS } from "./environment/machine_checks.ts";
import { SURROUNDINGS_CHECKS } from "./environment/surroundings_checks.ts";

/** All checks in the order of a report. `fixtures/doctor/golden.json` names each of them. */
export const CHECKS: readonly Check[] = [
  ...DEPENDENCY_CHECKS,
  ...PROJECT_CHECKS,
  ...TRAIN_CHECKS,
  ...TEMPLATE_CHECKS,
  ...MACHINE_CHECKS,
  ...SURROUNDINGS_CHECKS,
  ...BUILD_CHECKS,
];
