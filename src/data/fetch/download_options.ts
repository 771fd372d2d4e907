/** Options of {@linkcode downloadFile}. */
export interface DownloadOptions {
  /** MD5 of the whole file, hexadecimal. A file with another one is removed. */
  readonly md5: string;
  /** Size of the whole file; one that turns out larger is given up at once. */
  readonly bytes?: number;
  /** Largest file that is taken where `bytes` is not known. @default {2 ** 35}, 32 GiB */
  readonly maxBytes?: number;
  /** Called as bytes arrive. */
  readonly onProgress?: (progress: DownloadProgress) => void;
  /** Ends the download; what came so far stays, to go on with. */
  readonly signal?: AbortSignal;
  /** Milliseconds without a byte after which the connection is given up. @default {30000} */
  readonly stallTimeout?: number;
  /**
   * Connections in a row that may bring nothing new before the download is given up. @default {3}
   */
  readonly attempts?: number;
  /** Milliseconds before a connection after one that brought nothing new. @default {2000} */
  readonly retryDelay?: number;
}

/** How far a download is. */
export interface DownloadProgress {
  /** Bytes on disk. */
  readonly bytes: number;
  /** Bytes of the whole file; undefined where the server does not say. */
  readonly total: number | undefined;
}
