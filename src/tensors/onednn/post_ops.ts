import type { ConvolutionActivation } from "../kernels/convolution.ts";
import { ELTWISE } from "./c_api.ts";
import type { Onednn } from "./onednn.ts";

/** What oneDNN does with a number before it writes it: an activation, or adds what stands there. */
export type PostOp = ConvolutionActivation | "sum";

/** Calls `make` with attributes that append an operation; they are gone after it. */
export function withPostOp<T>(
  onednn: Onednn,
  operation: PostOp,
  make: (attributes: number) => T,
): T {
  if (operation === "linear") return make(0);
  const { call } = onednn;
  const operations = onednn.create("post-ops", call.dnnl_post_ops_create);
  const attributes = onednn.create("attributes", call.dnnl_primitive_attr_create);
  try {
    onednn.check(`a following ${operation}`, append(onednn, operations, operation));
    onednn.check("attributes", call.dnnl_primitive_attr_set_post_ops(attributes, operations));
    return make(attributes);
  } finally {
    call.dnnl_primitive_attr_destroy(attributes);
    call.dnnl_post_ops_destroy(operations);
  }
}

function append({ call }: Onednn, operations: number, operation: PostOp): number {
  if (operation === "sum") return call.dnnl_post_ops_append_sum(operations, 1);
  const [kind, least, most] = operation === "relu" ? [ELTWISE.relu, 0, 0] : [ELTWISE.clip, 0, 6];
  return call.dnnl_post_ops_append_eltwise(operations, 1, kind, least, most);
}
