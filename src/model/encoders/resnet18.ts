import type { HybridModelOptions } from "../hybrid_options.ts";
import type { ResnetEncoder } from "./encoder.ts";
import type { EncoderPlan } from "./encoder_plan.ts";
import { type Branch, resnet } from "./resnet.ts";

/** ResNet-18: two 3x3 convolutions a block, 11,176,512 parameters, 512 features. */
export function resnet18(description: ResnetEncoder, options: HybridModelOptions): EncoderPlan {
  return resnet(description, options, { blocks: [2, 2, 2, 2], expansion: 1, branch: basic });
}

const basic: Branch = (input, { name, width, stride, zeroLast }, parts) => {
  const first = { name: `${name}_conv1`, filters: width, kernel: 3, stride };
  let x = parts.convolution(input, first);
  x = parts.relu(parts.norm(x, { name: `${name}_bn1` }), `${name}_relu1`);
  x = parts.convolution(x, { name: `${name}_conv2`, filters: width, kernel: 3 });
  return parts.norm(x, { name: `${name}_bn2`, zero: zeroLast });
};
