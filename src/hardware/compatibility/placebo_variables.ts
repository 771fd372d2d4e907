/** A variable that is passed around as a remedy, and that nothing reads. */
export interface PlaceboVariable {
  /** Of the variable. */
  readonly name: string;
  /** What it is believed to steer. */
  readonly believed: "qiskit-aer" | "streamlit";
  /** What it does, and what to do about it. */
  readonly effect: string;
  /** What does what is hoped for. */
  readonly instead: string;
  /** The row of the compatibility matrix that tells the story. */
  readonly row: string;
}

/** All placebo variables that are known. */
export const PLACEBO_VARIABLES: readonly PlaceboVariable[] = [
  {
    name: "QISKIT_AER_CUDA",
    believed: "qiskit-aer",
    effect: "none: neither this project nor qiskit-aer reads it; unset it",
    instead: 'ask AerSimulator().available_devices() whether it contains "GPU"',
    row: "QC301",
  },
  {
    name: "QISKIT_AER_CUDA_MAJOR",
    believed: "qiskit-aer",
    effect: "none at run time: it only steers the packaging of qiskit-aer; unset it",
    instead: 'ask AerSimulator().available_devices() whether it contains "GPU"',
    row: "QC301",
  },
  {
    name: "STREAMLIT_SERVER_ENABLE_FILE_WATCHER",
    believed: "streamlit",
    effect: "none: Streamlit has no option of that name; unset it",
    instead: "STREAMLIT_SERVER_FILE_WATCHER_TYPE=none",
    row: "QC802",
  },
];

/** The placebo variables among those that are set. Pure: the variables are handed in. */
export function setPlacebos(
  variables: Readonly<Record<string, string | undefined>>,
): PlaceboVariable[] {
  return PLACEBO_VARIABLES.filter(({ name }) => variables[name] !== undefined);
}
