// What is used of oneDNN's C interface as version 2 has it (oneapi/dnnl/dnnl.h, dnnl_types.h).
// Everything but numbers is passed by its address.
import type { Signatures } from "./foreign_library.ts";

/** Enough to ask which version it is, before functions are wanted that another one lacks. */
export const VERSION_FUNCTION = { dnnl_version: ["address"] } as const satisfies Signatures;

/** The OpenMP library that comes along with oneDNN, by which the number of threads is set. */
export const THREAD_FUNCTION = {
  omp_set_num_threads: ["void", "i32"],
} as const satisfies Signatures;

/** Functions give a status, unless they give an address. */
export const FUNCTIONS = {
  dnnl_get_effective_cpu_isa: ["i32"],
  dnnl_set_primitive_cache_capacity: ["i32", "i32"],
  dnnl_engine_create: ["i32", "address", "i32", "address"],
  dnnl_engine_destroy: ["i32", "address"],
  dnnl_stream_create: ["i32", "address", "address", "i32"],
  dnnl_stream_destroy: ["i32", "address"],
  dnnl_memory_desc_init_by_strides: ["i32", "address", "i32", "address", "i32", "address"],
  dnnl_memory_desc_init_by_tag: ["i32", "address", "i32", "address", "i32", "i32"],
  dnnl_memory_desc_equal: ["i32", "address", "address"],
  dnnl_memory_create: ["i32", "address", "address", "address", "address"],
  dnnl_memory_set_data_handle: ["i32", "address", "address"],
  dnnl_memory_destroy: ["i32", "address"],
  // deno-fmt-ignore
  dnnl_dilated_convolution_forward_desc_init: [
    "i32", "address", "i32", "i32", "address", "address", "address", "address",
    "address", "address", "address", "address",
  ],
  // deno-fmt-ignore
  dnnl_dilated_convolution_backward_data_desc_init: [
    "i32", "address", "i32", "address", "address", "address",
    "address", "address", "address", "address",
  ],
  // deno-fmt-ignore
  dnnl_dilated_convolution_backward_weights_desc_init: [
    "i32", "address", "i32", "address", "address", "address", "address",
    "address", "address", "address", "address",
  ],
  dnnl_matmul_desc_init: ["i32", "address", "address", "address", "address", "address"],
  dnnl_primitive_attr_create: ["i32", "address"],
  dnnl_primitive_attr_set_post_ops: ["i32", "address", "address"],
  dnnl_primitive_attr_destroy: ["i32", "address"],
  dnnl_post_ops_create: ["i32", "address"],
  dnnl_post_ops_append_eltwise: ["i32", "address", "f32", "i32", "f32", "f32"],
  dnnl_post_ops_destroy: ["i32", "address"],
  dnnl_primitive_desc_create: ["i32", "address", "address", "address", "address", "address"],
  // deno-fmt-ignore
  dnnl_reorder_primitive_desc_create: [
    "i32", "address", "address", "address", "address", "address", "address",
  ],
  dnnl_primitive_desc_query: ["i32", "address", "i32", "i32", "address"],
  dnnl_primitive_desc_query_md: ["address", "address", "i32", "i32"],
  dnnl_primitive_desc_destroy: ["i32", "address"],
  dnnl_primitive_create: ["i32", "address", "address"],
  dnnl_primitive_execute: ["i32", "address", "address", "i32", "address"],
  dnnl_primitive_destroy: ["i32", "address"],
} as const satisfies Signatures;

/** Which threads it was built for. */
export const CPU_RUNTIME = { sequential: 1, openMp: 2 } as const;

export const CPU_ENGINE = 1, IN_ORDER_STREAM = 1;
export const FLOAT32 = 3, ANY_LAYOUT = 1;
export const FORWARD_TRAINING = 64, DIRECT_CONVOLUTION = 1;

/** Elementwise operations after another one. */
export const ELTWISE = { relu: 0x1f, clip: 0xff } as const;

/** What a description of a primitive is asked. */
export const QUERY = {
  implementation: 8,
  source: 129,
  sourceGradient: 130,
  weights: 131,
  weightsGradient: 132,
  result: 133,
  resultGradient: 134,
} as const;

/** The part that a memory plays in a primitive. */
export const ROLE = {
  source: 1,
  result: 17,
  weights: 33,
  bias: 41,
  sourceGradient: 129,
  resultGradient: 145,
  weightsGradient: 161,
} as const;

/** Memory without numbers as yet; memory that the library brings itself. */
export const NO_MEMORY = 0, OWN_MEMORY = 0xffffffffffffffffn;

/**
 * Room for a description of a memory or of an operation, more than enough: in 2.6 they take 696 and
 * 5976 bytes. An argument is a number and an address; sizes are arrays of twelve.
 */
export const MEMORY_BYTES = 1024, OPERATION_BYTES = 12288, ARGUMENT_BYTES = 16, SIZES = 12;

/** What a status means. */
export const STATUS: Readonly<Record<number, string>> = {
  1: "out of memory",
  2: "invalid arguments",
  3: "not implemented",
  5: "runtime error",
  6: "not required",
};

/** The bit of AVX2 and those that come with it. */
export const AVX2 = 0x7;

/** The bits of instruction sets. */
export const INSTRUCTIONS: readonly (readonly [bits: number, name: string])[] = [
  [0x3e7, "AVX-512 with AMX"],
  [0xe7, "AVX-512 with BF16"],
  [0x67, "AVX-512 with VNNI"],
  [0x27, "AVX-512"],
  [0x407, "AVX2 with VNNI"],
  [AVX2, "AVX2"],
  [0x3, "AVX"],
  [0x1, "SSE4.1"],
];
