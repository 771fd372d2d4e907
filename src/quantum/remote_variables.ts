/** Variables of the environment that {@linkcode remoteSampler} reads. */
export const REMOTE_VARIABLES = {
  /** Address of the service. */
  url: "QSIGHT_QUANTUM_URL",
  /** Goes along as `Authorization: Bearer`; written nowhere. */
  token: "QSIGHT_QUANTUM_TOKEN",
} as const;
