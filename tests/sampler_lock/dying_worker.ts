// Goes into a lock and ends there, in the way it is told.
import { samplerLock } from "../../src/sampler_lock/sampler_lock.ts";

interface Task {
  readonly handle: SharedArrayBuffer;
  readonly way: "terminate" | "close" | "throw";
}

const scope = self as unknown as {
  onmessage: (event: MessageEvent<Task>) => void;
  postMessage(message: string): void;
  close(): void;
};
scope.onmessage = ({ data: { handle, way } }) => {
  void samplerLock({ shared: handle }).run(() => {
    scope.postMessage("inside");
    if (way === "close") scope.close();
    if (way === "throw") {
      setTimeout(() => {
        throw new Error("the worker dies");
      });
    }
    return new Promise(() => {});
  });
};
