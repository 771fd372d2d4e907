import type { DataSplits } from "./image_set.ts";
import { listFolderSplits } from "./list_folder_splits.ts";
import { type FolderOptions, readListing } from "./read_listing.ts";

/** Loads the images of a folder, as {@linkcode listFolderSplits} finds them. */
export async function loadFolder(folder: string, options: FolderOptions): Promise<DataSplits> {
  return await readListing(folder, await listFolderSplits(folder, options), options);
}
