import type { HybridModelOptions } from "../hybrid_options.ts";
import type { ResnetEncoder } from "./encoder.ts";
import type { EncoderPlan } from "./encoder_plan.ts";
import { type Branch, resnet } from "./resnet.ts";

/** Channels of a bottleneck's output over its width. */
const EXPANSION = 4;

/** ResNet-50: bottlenecks of three convolutions, 23,508,032 parameters, 2048 features. */
export function resnet50(description: ResnetEncoder, options: HybridModelOptions): EncoderPlan {
  const blocks = [3, 4, 6, 3];
  return resnet(description, options, { blocks, expansion: EXPANSION, branch: bottleneck });
}

/** The stride is in the 3x3 convolution ("v1.5"), where the paper had it in the first 1x1. */
const bottleneck: Branch = (input, { name, width, stride, zeroLast }, parts) => {
  let x = parts.convolution(input, { name: `${name}_conv1`, filters: width, kernel: 1 });
  x = parts.relu(parts.norm(x, { name: `${name}_bn1` }), `${name}_relu1`);
  x = parts.convolution(x, { name: `${name}_conv2`, filters: width, kernel: 3, stride });
  x = parts.relu(parts.norm(x, { name: `${name}_bn2` }), `${name}_relu2`);
  x = parts.convolution(x, { name: `${name}_conv3`, filters: width * EXPANSION, kernel: 1 });
  return parts.norm(x, { name: `${name}_bn3`, zero: zeroLast });
};
