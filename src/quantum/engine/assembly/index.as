// What the module gives to JavaScript. It allocates nothing and keeps nothing between calls: programs
// and what they work on stand in the memory, at the addresses that come in.
export { load_ as load, prepare } from "./prepare";
export { finish, runBatch, runChunk } from "./run";
