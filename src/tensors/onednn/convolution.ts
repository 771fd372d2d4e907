import type { ConvInfo, ConvolutionActivation } from "../kernels/convolution.ts";
import { withActivation } from "./activation.ts";
import { DIRECT_CONVOLUTION, FORWARD_TRAINING, OPERATION_BYTES, QUERY, ROLE } from "./c_api.ts";
import { anyLayout, filterLayout, imageLayout, layout } from "./layouts.ts";
import type { Onednn } from "./onednn.ts";
import { type Operand, Primitive } from "./primitive.ts";

/** What follows a convolution in the same primitive. */
export interface ConvolutionEnd {
  readonly bias: boolean;
  readonly activation: ConvolutionActivation;
}

/** Operands: images, filter, bias if there is one, result. */
export function forwardConvolution(
  onednn: Onednn,
  conv: ConvInfo,
  { bias, activation }: ConvolutionEnd,
): Primitive {
  const { x, filter, anyFilter, y, window } = parts(onednn, conv);
  const filters = conv.outChannels;
  const biasLayout = bias ? layout(onednn, { sizes: [filters], strides: [1] }) : 0;
  const operation = onednn.scratch.room(OPERATION_BYTES);
  const status = onednn.call.dnnl_dilated_convolution_forward_desc_init(
    ...[operation, FORWARD_TRAINING, DIRECT_CONVOLUTION, x, anyFilter, biasLayout, y, ...window],
  );
  onednn.check("this convolution", status);
  const operands: Operand[] = [
    { role: ROLE.source, layout: x },
    { role: ROLE.weights, layout: filter, query: QUERY.weights },
    ...bias ? [{ role: ROLE.bias, layout: biasLayout }] : [],
    { role: ROLE.result, layout: y, written: true },
  ];
  return withActivation(
    onednn,
    activation,
    (attributes) => new Primitive(onednn, { operation, attributes, operands }),
  );
}

/** Operands: output gradient, filter, input gradient. */
export function inputGradient(onednn: Onednn, conv: ConvInfo): Primitive {
  const { x, filter, anyFilter, y, window } = parts(onednn, conv);
  const operation = onednn.scratch.room(OPERATION_BYTES);
  const status = onednn.call.dnnl_dilated_convolution_backward_data_desc_init(
    ...[operation, DIRECT_CONVOLUTION, x, anyFilter, y, ...window],
  );
  onednn.check("this input gradient", status);
  const operands: Operand[] = [
    { role: ROLE.resultGradient, layout: y },
    { role: ROLE.weights, layout: filter, query: QUERY.weights },
    { role: ROLE.sourceGradient, layout: x, written: true },
  ];
  return new Primitive(onednn, { operation, operands });
}

/** Operands: images, output gradient, filter gradient. */
export function filterGradient(onednn: Onednn, conv: ConvInfo): Primitive {
  const { x, filter, anyFilter, y, window } = parts(onednn, conv);
  const operation = onednn.scratch.room(OPERATION_BYTES);
  const status = onednn.call.dnnl_dilated_convolution_backward_weights_desc_init(
    ...[operation, DIRECT_CONVOLUTION, x, anyFilter, 0, y, ...window],
  );
  onednn.check("this filter gradient", status);
  const operands: Operand[] = [
    { role: ROLE.source, layout: x },
    { role: ROLE.resultGradient, layout: y },
    { role: ROLE.weightsGradient, layout: filter, query: QUERY.weightsGradient, written: true },
  ];
  return new Primitive(onednn, { operation, operands });
}

/** The descriptions that all three have in common. */
function parts(onednn: Onednn, conv: ConvInfo) {
  const { padInfo, outChannels, inChannels, filterHeight, filterWidth } = conv;
  const { scratch } = onednn;
  return {
    x: imageLayout(onednn, [conv.batchSize, conv.inHeight, conv.inWidth, inChannels]),
    y: imageLayout(onednn, [conv.batchSize, conv.outHeight, conv.outWidth, outChannels]),
    filter: filterLayout(onednn, [filterHeight, filterWidth, inChannels, outChannels]),
    anyFilter: anyLayout(onednn, [outChannels, inChannels, filterHeight, filterWidth]),
    window: [
      scratch.sizes([conv.strideHeight, conv.strideWidth]),
      // The pixels between two taps.
      scratch.sizes([conv.dilationHeight - 1, conv.dilationWidth - 1]),
      scratch.sizes([padInfo.top, padInfo.left]),
      scratch.sizes([padInfo.bottom, padInfo.right]),
    ],
  };
}
