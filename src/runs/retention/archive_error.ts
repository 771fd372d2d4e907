/** A run that cannot be archived as it is, or an archive that cannot be unpacked; nothing was lost. */
export class ArchiveError extends Error {
  /** Name of the class, for a cell that shows nothing else. */
  override readonly name = "ArchiveError";
}
