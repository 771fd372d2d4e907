/** Where a kernel listens and the key that signs its messages. */
export interface ConnectionInfo {
  readonly transport: "tcp" | "ipc";
  /** An address, or for "ipc" the path that all its Unix sockets begin with. */
  readonly ip: string;
  readonly key: string;
  readonly shell_port: number;
  readonly iopub_port: number;
  readonly stdin_port: number;
  readonly control_port: number;
  readonly hb_port: number;
}
