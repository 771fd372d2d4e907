import type { GpuCall, GpuProgram } from "./gpu_steps.ts";
import { type Kernel, KERNELS, SHADERS, SUMS, THREADS } from "./shaders.ts";

/** Size and purpose of the buffers of a run, in the order of their bindings. */
const NAMES = ["psi", "lambda", "matrices", "weights", "sums", "steps"] as const;
type Name = (typeof NAMES)[number];

/** Bytes of a step that a kernel sees. */
const STEP_SIZE = 32;

/** Runs programs on one device. Each call is submitted whole, so that calls may interleave. */
export class GpuEngine {
  readonly #device: GPUDevice;
  readonly #layout: GPUBindGroupLayout;
  readonly #pipelines: ReadonlyMap<Kernel, GPUComputePipeline>;
  readonly #buffers = new Map<Name, GPUBuffer>();
  #lost: string | undefined;

  constructor(device: GPUDevice) {
    this.#device = device;
    void device.lost.then(({ message }) => this.#lost ??= message || "no reason given");
    const types = [
      "storage",
      "storage",
      "read-only-storage",
      "storage",
      "storage",
      "uniform",
    ] as const;
    this.#layout = device.createBindGroupLayout({
      entries: types.map((type, binding) => ({
        binding,
        visibility: GPUShaderStage.COMPUTE,
        buffer: { type, hasDynamicOffset: type === "uniform" },
      })),
    });
    const layout = device.createPipelineLayout({ bindGroupLayouts: [this.#layout] });
    const module = device.createShaderModule({ code: SHADERS });
    this.#pipelines = new Map(
      KERNELS.map((entryPoint) => [
        entryPoint,
        device.createComputePipeline({ layout, compute: { module, entryPoint } }),
      ]),
    );
  }

  /** Gives the device back. */
  close(): void {
    this.#lost = "it was closed";
    this.#device.destroy();
  }

  /** The probabilities, `[batch, states]`. */
  async forward(program: GpuProgram, { batch, states }: Extent): Promise<Float32Array> {
    const group = this.#prepare(program, { batch, states });
    return await this.#submit(group, program.forward, { batch, read: ["weights", batch * states] });
  }

  /** Partial sums of the slopes, `[angles, batch, SUMS]`, for `weights` of the probabilities. */
  async slopes(program: GpuProgram, weights: Float32Array<ArrayBuffer>, extent: Extent) {
    const { batch } = extent;
    const group = this.#prepare(program, extent);
    this.#device.queue.writeBuffer(this.#buffers.get("weights")!, 0, weights);
    // Everything but the measurement, which would overwrite the weights.
    const calls = [...program.forward.slice(0, -1), ...program.back];
    const count = program.angles.length * batch * SUMS;
    return await this.#submit(group, calls, { batch, read: ["sums", count] });
  }

  #prepare(program: GpuProgram, { batch, states }: Extent): GPUBindGroup {
    if (this.#lost !== undefined) {
      throw new Error(`The GPU is lost (${this.#lost}); open the sampler again`);
    }
    const { matrices, steps, angles } = program;
    const sizes: Record<Name, number> = {
      psi: batch * states * 8,
      lambda: batch * states * 8,
      matrices: matrices.byteLength,
      weights: batch * states * 4,
      sums: Math.max(1, angles.length) * batch * SUMS * 4,
      steps: steps.byteLength,
    };
    for (const name of NAMES) this.#provide(name, sizes[name]);
    this.#device.queue.writeBuffer(this.#buffers.get("matrices")!, 0, matrices);
    this.#device.queue.writeBuffer(this.#buffers.get("steps")!, 0, steps);
    return this.#device.createBindGroup({
      layout: this.#layout,
      entries: NAMES.map((name, binding) => ({
        binding,
        resource: {
          buffer: this.#buffers.get(name)!,
          ...(name === "steps" && { size: STEP_SIZE }),
        },
      })),
    });
  }

  #provide(name: Name, bytes: number): void {
    const known = this.#buffers.get(name);
    if (known !== undefined && known.size >= bytes) return;
    // Work that was submitted keeps the old buffer until it is through.
    known?.destroy();
    const usage = GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC |
      (name === "steps" ? GPUBufferUsage.UNIFORM : GPUBufferUsage.STORAGE);
    const size = Math.max(256, Math.ceil(bytes / 4) * 4);
    this.#buffers.set(name, this.#device.createBuffer({ size, usage }));
  }

  async #submit(
    group: GPUBindGroup,
    calls: readonly GpuCall[],
    { batch, read: [name, count] }: {
      readonly batch: number;
      readonly read: readonly [Name, number];
    },
  ): Promise<Float32Array> {
    if (count === 0) return new Float32Array(0);
    const encoder = this.#device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    for (const { kernel, offset, threads } of calls) {
      pass.setPipeline(this.#pipelines.get(kernel)!);
      pass.setBindGroup(0, group, [offset]);
      pass.dispatchWorkgroups(threads === "sums" ? SUMS : Math.ceil(threads / THREADS), batch);
    }
    pass.end();
    const size = count * 4;
    const usage = GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ;
    const staging = this.#device.createBuffer({ size, usage });
    encoder.copyBufferToBuffer(this.#buffers.get(name)!, 0, staging, 0, size);
    this.#device.queue.submit([encoder.finish()]);
    await staging.mapAsync(GPUMapMode.READ);
    const found = new Float32Array(staging.getMappedRange()).slice();
    staging.destroy();
    return found;
  }
}

/** How much runs at once. */
export interface Extent {
  readonly batch: number;
  readonly states: number;
}
