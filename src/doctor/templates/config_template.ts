import { existsSync } from "node:fs";
import { join } from "node:path";
import { messageOf } from "../../_internal/message_of.ts";
import { parseJsonc } from "../../_internal/parse_jsonc.ts";
import { CONFIG_NAMES } from "../../training/config/config_file.ts";
import { readText } from "./read_text.ts";
import type { PlannedFile, TemplateContext } from "./template.ts";

/** A configuration to begin with: what it says is what is in force without it. */
const CONFIG =
  `// What \`qsight train\` does. Every key may be left out. A flag (--set fit.batchSize=16) wins over the
// variable QSIGHT_SET, that over this file, and this file over the defaults; \`qsight doctor\` says
// which value is in force and where it comes from.
{
  // Options of loadData().
  "data": {
    // Height and width in pixels that folders are resized to.
    "imageSize": 64,
    // Share of each class that is kept for validation where the data have no split.
    "valFraction": 0.2
  },
  // Options of hybridModel().
  "model": {
    // convnet, resnet18, resnet50, vit_b_16, or { "name": …, and its options }.
    "encoder": "convnet",
    // Qubits and entangling layers of the quantum head.
    "wires": 4,
    "layers": 3
  },
  // A built-in plan (default, head_a, head_b, quantum_only, full), or an array of stages.
  "stages": { "plan": "default", "learningRateScale": 50 },
  // Options of fit().
  "fit": {
    "batchSize": 32,
    // cross_entropy, class_balanced, focal_class_balanced, squared_emd, corn.
    "loss": "cross_entropy",
    // none, class_weights, sampler. Together with a class-balanced loss it would count twice.
    "imbalance": "none",
    "augment": true
  }
}
`;

/** The configuration of trainings, with comments. One that is there is never touched. */
export async function planConfig({ folder }: TemplateContext): Promise<readonly PlannedFile[]> {
  const name = CONFIG_NAMES.find((candidate) => existsSync(join(folder, candidate)));
  const path = join(folder, name ?? CONFIG_NAMES[0]);
  const file = { template: "config", path } as const;
  const text = await readText(path);
  if (text === undefined) return [{ ...file, content: CONFIG, action: "write", drift: [] }];
  return [{ ...file, content: undefined, action: "keep", drift: configDrift(text) }];
}

/** Values that differ from the template's. What the file leaves out is in force as a default. */
function configDrift(text: string): string[] {
  try {
    const [own, template] = [sectionsOf(parseJsonc(text)), sectionsOf(parseJsonc(CONFIG))];
    return [...own].filter(([key, value]) => template.get(key) !== value).map(([key, value]) =>
      `${key} is ${value}, the template ${
        template.has(key) ? `has ${template.get(key)}` : "leaves it out"
      }`
    );
  } catch (error) {
    return [`cannot be read: ${messageOf(error)}`];
  }
}

function sectionsOf(config: unknown): Map<string, string> {
  const values = new Map<string, string>();
  for (const [section, value] of Object.entries(config ?? {})) {
    const isGroup = section !== "stages" && value !== null && typeof value === "object";
    const entries: [string, unknown][] = isGroup
      ? Object.entries(value).map(([key, inner]) => [`${section}.${key}`, inner])
      : [[section, value]];
    for (const [key, inner] of entries) values.set(key, JSON.stringify(inner));
  }
  return values;
}
