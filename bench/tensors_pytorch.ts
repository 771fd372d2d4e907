// The other side of the comparison: the same network in PyTorch, one step or one answer a line.
import { type Pytorch, startPytorch } from "./pytorch.ts";

const SCRIPT = `
import sys, torch
from torch import nn
n, batch, last = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3] == "channels_last"
inference = sys.argv[4] == "inference"
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
if inference:
    model.eval()
for _ in sys.stdin:
    if inference:
        with torch.no_grad():
            model(x)
        print(0, flush=True)
        continue
    optimizer.zero_grad()
    loss = nn.functional.cross_entropy(model(x), labels)
    loss.backward()
    optimizer.step()
    print(loss.item(), flush=True)
`;

/** A training step of the network in PyTorch, or its answer for a batch. */
export function startPytorchNetwork(
  python: string,
  { n, batch, channelsLast, inference = false }: {
    readonly n: number;
    readonly batch: number;
    readonly channelsLast: boolean;
    readonly inference?: boolean;
  },
): Promise<Pytorch> {
  const layout = channelsLast ? "channels_last" : "contiguous";
  return startPytorch(python, {
    script: SCRIPT,
    args: [n, batch, layout, inference ? "inference" : "training"],
  });
}
