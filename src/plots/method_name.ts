/** The names that papers give to the methods of `explain()`. */
const NAMES: Readonly<Record<string, string>> = {
  gradcam: "Grad-CAM",
  hirescam: "HiResCAM",
  "gradcam++": "Grad-CAM++",
  layercam: "LayerCAM",
  scorecam: "Score-CAM",
  eigencam: "Eigen-CAM",
  integrated_gradients: "integrated gradients",
  smooth_grad: "SmoothGrad",
  occlusion: "occlusion",
  random: "random map",
};

/** A method as it is written in figures; one that is not known stays as it is. */
export function methodName(method: string): string {
  return Object.hasOwn(NAMES, method) ? NAMES[method] : method;
}
