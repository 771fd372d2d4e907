/**
 * Packages that only a part of QSight needs and that its npm package does not bring along, each in
 * the version that it was tested with. A test holds them equal to those of deno.json.
 */
export const OPTIONAL_PACKAGES = {
  "@babel/parser": "7.29.15",
  "@jupyterlab/services": "7.6.6",
  "@observablehq/plot": "0.6.17",
  "@resvg/resvg-js": "2.6.2",
  "@tensorflow/tfjs": "4.22.0",
  "@tensorflow/tfjs-backend-wasm": "4.22.0",
  "@tensorflow/tfjs-backend-webgpu": "4.22.0",
  "dejavu-fonts-ttf": "2.37.3",
  "diff": "9.0.0",
  "fast-png": "8.0.0",
  "koffi": "3.3.4",
  "linkedom": "0.18.12",
  "nodejs-polars": "0.24.1",
  "parse5": "8.1.1",
  "pixelmatch": "8.0.0",
  "quantum-circuit": "0.9.250",
  "sharp": "0.35.5",
  "tslab": "1.0.22",
  "yaml": "2.9.1",
} as const;

/** A package that may be absent. */
export type OptionalPackage = keyof typeof OPTIONAL_PACKAGES;
