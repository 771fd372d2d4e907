// The other side of the comparison: the same network in PyTorch, in a process that does one step
// for each line it is sent.
import { runCommand } from "../src/_internal/run_command.ts";

const SCRIPT = `
import sys, torch
from torch import nn
n, batch, last = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3] == "channels_last"
torch.set_num_threads(1)
torch.manual_seed(1)
blocks, channels = [], 3
for filters in (16, 32, 64):
    blocks += [nn.Conv2d(channels, filters, 3, padding=1, bias=False), nn.BatchNorm2d(filters),
               nn.ReLU(), nn.MaxPool2d(2, ceil_mode=True)]
    channels = filters
model = nn.Sequential(*blocks, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 5))
x, labels = torch.randn(batch, 3, n, n), torch.arange(batch) % 5
if last:
    model, x = (value.to(memory_format=torch.channels_last) for value in (model, x))
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
print("ready", flush=True)
for _ in sys.stdin:
    optimizer.zero_grad()
    loss = nn.functional.cross_entropy(model(x), labels)
    loss.backward()
    optimizer.step()
    print(loss.item(), flush=True)
`;

/** A running PyTorch process. */
export interface Pytorch {
  /** Does one training step and waits for its loss. */
  step(): Promise<void>;
  stop(): void;
}

/** Starts PyTorch on one thread. */
export async function startPytorch(
  python: string,
  { n, batch, channelsLast }: {
    readonly n: number;
    readonly batch: number;
    readonly channelsLast: boolean;
  },
): Promise<Pytorch> {
  const layout = channelsLast ? "channels_last" : "contiguous";
  const child = new Deno.Command(python, {
    args: ["-c", SCRIPT, String(n), String(batch), layout],
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const writer = child.stdin.getWriter();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const line = async () => {
    for (let text = ""; !text.includes("\n");) {
      const { value, done } = await reader.read();
      if (done) throw new Error("bench tensors: the PyTorch process ended");
      text += value;
    }
  };
  await line();
  const go = new TextEncoder().encode("step\n");
  const step = async () => {
    await writer.write(go);
    await line();
  };
  return { step, stop: () => child.kill() };
}

/** A Python on the machine that has PyTorch, or undefined. */
export async function findPytorch(): Promise<string | undefined> {
  for (const python of ["python3", "/usr/bin/python3"]) {
    const { status } = await runCommand([python, "-c", "import torch"], { timeout: 60_000 });
    if (status === "ok") return python;
  }
  return undefined;
}
