import {
  type GraphModel,
  isGraphModel,
  type LayerPlace,
  layerPlaces,
  type LayerUse,
  placeNamed,
  type SymbolicNode,
  upstreamUses,
} from "../tensors/layer_graph.ts";

/** The layer to explain, or why there is none. */
export type FoundLayer =
  | { readonly path: string; readonly missing?: undefined }
  | { readonly path: string; readonly missing: string };

/**
 * The layer with a name, or by default the last one before the output that still has positions.
 *
 * @throws {TypeError} for an unknown name
 * @throws {RangeError} for a layer without positions
 */
export function findLayer(model: GraphModel, output: SymbolicNode, name?: string): FoundLayer {
  const places = layerPlaces(model);
  const head = output.sourceLayer.name;
  if (name === undefined) {
    const uses = upstreamUses([output]);
    const found = lastWithPositions(isGraphModel(output.sourceLayer) ? uses : uses.slice(0, -1));
    if (found !== undefined) return { path: places.findLast((x) => x.layer === found)!.path };
    return { path: "", missing: `no layer before head "${head}" has an output larger than 1x1` };
  }
  const place = placeNamed(places, name, "gradCam()");
  const shape = place.layer.inboundNodes.at(-1)!.outputTensors[0].shape;
  if (shape.length !== 4) {
    throw new RangeError(
      `gradCam(): layer "${place.path}" has outputs of shape [${shape.join(", ")}], wanted ` +
        `[batch, height, width, channels]. Choose a layer before pooling or flattening`,
    );
  }
  if (isUpstream(place, output)) return { path: place.path };
  return { path: place.path, missing: `layer "${place.path}" has no path to head "${head}"` };
}

function lastWithPositions(uses: readonly LayerUse[]): LayerPlace["layer"] | undefined {
  for (const use of uses.toReversed()) {
    const [output] = use.outputTensors;
    const layer = output.sourceLayer;
    if (use.inputTensors.includes(output)) continue;
    if (hasPositions(output.shape)) return layer;
    const inside = isGraphModel(layer) ? lastWithPositions(upstreamUses(layer.outputs)) : undefined;
    if (inside !== undefined) return inside;
  }
  return undefined;
}

function hasPositions(shape: readonly (number | null)[]): boolean {
  return shape.length === 4 && (shape[1] !== 1 || shape[2] !== 1);
}

/** Whether an output depends on a layer, through all the models it is nested in. */
function isUpstream({ containers, layer }: LayerPlace, output: SymbolicNode): boolean {
  let outputs: readonly SymbolicNode[] = [output];
  for (const step of [...containers, layer]) {
    if (!upstreamUses(outputs).some((use) => use.outputTensors[0].sourceLayer === step)) {
      return false;
    }
    if (isGraphModel(step)) outputs = step.outputs;
  }
  return true;
}
