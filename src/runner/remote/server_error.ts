/** The connection to a Jupyter server is gone for good, or took messages of the kernel with it. */
export class ServerConnectionError extends Error {
  /** The class name. */
  override readonly name = "ServerConnectionError";
}
