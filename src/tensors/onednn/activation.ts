import type { ConvolutionActivation } from "../kernels/convolution.ts";
import { ELTWISE } from "./c_api.ts";
import type { Onednn } from "./onednn.ts";

/** Calls `make` with attributes that append an activation; they are gone after it. */
export function withActivation<T>(
  onednn: Onednn,
  activation: ConvolutionActivation,
  make: (attributes: number) => T,
): T {
  if (activation === "linear") return make(0);
  const { call } = onednn;
  const operations = onednn.create("post-ops", call.dnnl_post_ops_create);
  const attributes = onednn.create("attributes", call.dnnl_primitive_attr_create);
  try {
    const [kind, least, most] = activation === "relu" ? [ELTWISE.relu, 0, 0] : [ELTWISE.clip, 0, 6];
    const appended = call.dnnl_post_ops_append_eltwise(operations, 1, kind, least, most);
    onednn.check("an activation", appended);
    onednn.check("attributes", call.dnnl_primitive_attr_set_post_ops(attributes, operations));
    return make(attributes);
  } finally {
    call.dnnl_primitive_attr_destroy(attributes);
    call.dnnl_post_ops_destroy(operations);
  }
}
