// Adds to a shared number, under a lock whose memory came with the message.
import { samplerLock } from "../../src/sampler_lock/sampler_lock.ts";
import { addSlowly } from "./add_slowly.ts";

interface Task {
  readonly handle: SharedArrayBuffer;
  readonly sum: SharedArrayBuffer;
  readonly times: number;
  readonly locked: boolean;
}

const scope = self as unknown as {
  onmessage: (event: MessageEvent<Task>) => void;
  postMessage(message: string): void;
};
scope.onmessage = async ({ data: { handle, sum, times, locked } }) => {
  const lock = samplerLock({ key: "gpu0", shared: handle });
  await addSlowly(sum, times, (once) => locked ? lock.run(once) : once());
  scope.postMessage("done");
};
