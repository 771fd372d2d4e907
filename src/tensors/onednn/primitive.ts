import { ARGUMENT_BYTES, NO_MEMORY, OWN_MEMORY, QUERY } from "./c_api.ts";
import { faultOf, type Onednn } from "./onednn.ts";

/** A tensor that an operation reads or writes. */
export interface Operand {
  readonly role: number;
  /** Address of the description of its layout in TensorFlow.js. */
  readonly layout: number;
  /** What to ask for the layout that suits the operation, where it may choose one. */
  readonly query?: number;
  /** Whether it is written. @default {false} */
  readonly written?: boolean;
}

/** What a primitive is made of. */
export interface PrimitivePlan {
  /** Address of the description of the operation. */
  readonly operation: number;
  /** Handle of attributes. @default {0} none */
  readonly attributes?: number;
  readonly operands: readonly Operand[];
}

/** A primitive with its arguments as C reads them. */
interface Step {
  readonly primitive: number;
  readonly count: number;
  readonly address: number;
  /** What stands at the address. */
  readonly bytes: Uint8Array;
}

/** Roles in a primitive that only rearranges numbers. */
const FROM = 1, TO = 17;

/** An operation for one set of shapes, with what rearranges numbers before and after it. */
export class Primitive {
  readonly #onednn: Onednn;
  readonly #steps: Step[] = [];
  readonly #memories: number[] = [];
  /** The memory of each operand in the layout of TensorFlow.js. */
  #outer: readonly number[] = [];

  /** @throws {Error} when oneDNN cannot do it, or only by its slow reference code */
  constructor(onednn: Onednn, { operation, attributes = 0, operands }: PrimitivePlan) {
    this.#onednn = onednn;
    const { call, engine } = onednn;
    const description = onednn.create(
      "this operation",
      (place) => call.dnnl_primitive_desc_create(place, operation, attributes, engine, 0),
    );
    try {
      refuseReference(onednn, description);
      this.#build(description, operands);
    } catch (error) {
      this.free();
      throw error;
    } finally {
      call.dnnl_primitive_desc_destroy(description);
    }
  }

  /** Computes on tensors at these addresses, one for each operand, or says why it did not. */
  run(addresses: readonly number[]): string | undefined {
    const { call, stream } = this.#onednn;
    let status = 0;
    this.#outer.forEach((memory, i) => {
      status ||= call.dnnl_memory_set_data_handle(memory, addresses[i]);
    });
    for (const { primitive, count, address } of this.#steps) {
      status ||= call.dnnl_primitive_execute(primitive, stream, count, address);
    }
    return status === 0 ? undefined : faultOf("its execution", status);
  }

  free(): void {
    const { call } = this.#onednn;
    for (const { primitive } of this.#steps.splice(0)) call.dnnl_primitive_destroy(primitive);
    for (const memory of this.#memories.splice(0)) call.dnnl_memory_destroy(memory);
  }

  #build(description: number, operands: readonly Operand[]): void {
    const { call } = this.#onednn;
    const inner: number[] = [];
    const after: (() => void)[] = [];
    this.#outer = operands.map(({ role, layout, query, written = false }) => {
      const outer = this.#memory(layout, NO_MEMORY);
      const wanted = query === undefined
        ? layout
        : call.dnnl_primitive_desc_query_md(description, query, 0);
      if (call.dnnl_memory_desc_equal(wanted, layout) !== 0) {
        inner.push(role, outer);
        return outer;
      }
      const own = this.#memory(wanted, OWN_MEMORY);
      inner.push(role, own);
      if (written) after.push(() => this.#move([wanted, layout], [FROM, own, TO, outer]));
      else this.#move([layout, wanted], [FROM, outer, TO, own]);
      return outer;
    });
    this.#step(description, inner);
    after.forEach((move) => move());
  }

  #move([from, to]: readonly [number, number], values: readonly number[]): void {
    const { call, engine } = this.#onednn;
    const description = this.#onednn.create(
      "a change of layout",
      (place) => call.dnnl_reorder_primitive_desc_create(place, from, engine, to, engine, 0),
    );
    try {
      this.#step(description, values);
    } finally {
      call.dnnl_primitive_desc_destroy(description);
    }
  }

  /** `values` are roles and memories in turn. */
  #step(description: number, values: readonly number[]): void {
    const count = values.length / 2;
    const bytes = new Uint8Array(new ArrayBuffer(count * ARGUMENT_BYTES));
    const view = new DataView(bytes.buffer);
    values.forEach((value, i) => view.setBigUint64(8 * i, BigInt(value), true));
    const primitive = this.#onednn.create(
      "a primitive",
      (place) => this.#onednn.call.dnnl_primitive_create(place, description),
    );
    this.#steps.push({ primitive, count, address: this.#onednn.addressOf(bytes), bytes });
  }

  #memory(layout: number, numbers: number | bigint): number {
    const { call, engine } = this.#onednn;
    const memory = this.#onednn.create(
      "memory",
      (place) => call.dnnl_memory_create(place, layout, engine, numbers),
    );
    this.#memories.push(memory);
    return memory;
  }
}

/** What has no fast code is several times slower than WebAssembly. */
function refuseReference(onednn: Onednn, description: number): void {
  const text = onednn.create(
    "the name of an implementation",
    (place) => onednn.call.dnnl_primitive_desc_query(description, QUERY.implementation, 0, place),
  );
  if (onednn.text(text, 3) === "ref") throw new Error("oneDNN: has only reference code for this");
}
