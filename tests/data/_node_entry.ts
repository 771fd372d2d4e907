// What the test in Node takes of the room.
export { checkData, foldData, loadData } from "../../src/data/mod.ts";
export { downloadFile } from "../../src/data/fetch/download_file.ts";
