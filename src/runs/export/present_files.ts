import { isTemporary, listFiles } from "../file_digest.ts";
import { ifGone } from "../if_gone.ts";

/**
 * Paths of the files in a run folder, sorted; no links and no halves of writes. The run may go on
 * meanwhile, or go as a whole.
 */
export async function presentFiles(folder: string): Promise<string[]> {
  const found = await listFiles(folder).catch(ifGone([]));
  return found.filter(({ path, regular }) => regular && !isTemporary(path))
    .map(({ path }) => path);
}
