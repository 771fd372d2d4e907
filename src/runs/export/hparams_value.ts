// What the HParams plugin reads. Field numbers are those of tensorboard/plugins/hparams/
// {plugin_data,api}.proto and google/protobuf/struct.proto at TensorBoard 2.21.0.
import { floatTensor, pluginValue, type SummaryValue } from "./event.ts";
import { bytes, double, message, text, whole } from "./protobuf.ts";

/** A hyperparameter; the plugin knows no others. */
export type HparamValue = number | string | boolean;

/** A metric that the HParams view shows beside the hyperparameters. */
export interface HparamMetric {
  /** Folder of its events below the run's. */
  readonly group: string;
  /** Its tag there. */
  readonly tag: string;
}

/** How a session ended. */
export type SessionStatus = "finished" | "interrupted" | "failed";

const DATA_TYPES = { string: 1, boolean: 2, number: 3 } as const;
const SUCCESS = 1, FAILURE = 2;
const START = 3, END = 4, EXPERIMENT = 2;

/** Hyperparameters of one run. */
export function sessionStartValue(
  hparams: Readonly<Record<string, HparamValue>>,
  { group, startTime }: { readonly group: string; readonly startTime: number },
): SummaryValue {
  const entries = Object.entries(hparams).map(([name, value]) =>
    bytes(1, message(text(1, name), bytes(2, structValue(value))))
  );
  const start = message(...entries, text(4, group), double(5, startTime));
  return hparamsValue("_hparams_/session_start_info", START, start);
}

/** The end of one run; the plugin knows success and failure. */
export function sessionEndValue(status: SessionStatus, endTime: number): SummaryValue {
  const end = message(whole(1, status === "finished" ? SUCCESS : FAILURE), double(2, endTime));
  return hparamsValue("_hparams_/session_end_info", END, end);
}

/** Which hyperparameters and metrics there are; TensorBoard keeps to the first that it reads. */
export function experimentValue(
  hparams: Readonly<Record<string, HparamValue>>,
  { metrics, createdTime }: {
    readonly metrics: readonly HparamMetric[];
    readonly createdTime: number;
  },
): SummaryValue {
  const hparamInfos = Object.entries(hparams).map(([name, value]) =>
    bytes(4, message(text(1, name), whole(4, DATA_TYPES[typeof value as keyof typeof DATA_TYPES])))
  );
  const metricInfos = metrics.map(({ group, tag }) =>
    bytes(5, message(bytes(1, message(text(1, group), text(2, tag)))))
  );
  const experiment = message(double(3, createdTime), ...hparamInfos, ...metricInfos);
  return hparamsValue("_hparams_/experiment", EXPERIMENT, experiment);
}

function hparamsValue(tag: string, field: number, data: Uint8Array): SummaryValue {
  // The version is 0, which proto3 does not write.
  const content = message(bytes(field, data));
  const tensor = floatTensor(new Float32Array(0), [0]);
  return pluginValue(tag, { plugin: "hparams", content, tensor });
}

/** A google.protobuf.Value. */
function structValue(value: HparamValue): Uint8Array {
  if (typeof value === "number") return message(double(2, value));
  if (typeof value === "string") return message(text(3, value));
  return message(whole(4, value ? 1 : 0));
}
