// The other side of the comparison: Grad-CAM of the same network in PyTorch, written as
// pytorch-grad-cam does it: a hook keeps the last feature map of a forward pass in eval mode.
import { type Pytorch, startPytorch } from "./pytorch.ts";

const SCRIPT = `
import sys, torch
from torch import nn
n, batch, last = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3] == "channels_last"
torch.set_num_threads(1)
torch.manual_seed(1)
blocks, channels = [], 3
for filters in (16, 32, 64):
    blocks += [nn.Conv2d(channels, filters, 3, padding=1), nn.BatchNorm2d(filters),
               nn.ReLU(), nn.MaxPool2d(2)]
    channels = filters
model = nn.Sequential(*blocks, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 5)).eval()
x = torch.rand(batch, 3, n, n)
if last:
    model, x = (value.to(memory_format=torch.channels_last) for value in (model, x))
kept = {}
model[len(blocks) - 1].register_forward_hook(lambda layer, given, map: kept.update(map=map))

def forward():
    with torch.no_grad():
        return model(x)

def cam(through_all=False):
    logits = model(x)
    map = kept["map"]
    score = logits.gather(1, logits.argmax(1, keepdim=True)).sum()
    if through_all:
        map.retain_grad()
        model.zero_grad()
        score.backward()
        gradient = map.grad
    else:
        gradient, = torch.autograd.grad(score, map)
    with torch.no_grad():
        weights = gradient.mean((2, 3), keepdim=True)
        raw = (weights * map).sum(1, keepdim=True).relu()
        large = nn.functional.interpolate(raw, (n, n), mode="bilinear", align_corners=False)
        low, high = large.amin((1, 2, 3), True), large.amax((1, 2, 3), True)
        return ((large - low) / (high - low).clamp_min(1e-7)).numpy()

print("ready", flush=True)
for line in sys.stdin:
    work = line.strip()
    result = forward() if work == "forward" else cam(work == "backward")
    print(float(result.sum()), flush=True)
`;

/** How PyTorch runs. */
export interface PytorchSetting {
  readonly channelsLast: boolean;
  /**
   * Whether glibc keeps what PyTorch frees. As it comes it gives tensors back to the system and has
   * them paged in again at every pass, which takes most of the time where page faults are dear.
   */
  readonly keepMemory: boolean;
}

const KEEP_MEMORY = { MALLOC_MMAP_THRESHOLD_: "4000000000", MALLOC_TRIM_THRESHOLD_: "8000000000" };

/**
 * Answers "forward" with a forward pass, "cam" with Grad-CAM by the gradient of the feature map
 * alone, and "backward" with Grad-CAM by the usual backward pass through the whole network.
 */
export function startPytorchCam(
  python: string,
  { n, batch, channelsLast, keepMemory }: PytorchSetting & {
    readonly n: number;
    readonly batch: number;
  },
): Promise<Pytorch> {
  const layout = channelsLast ? "channels_last" : "contiguous";
  const env = keepMemory ? KEEP_MEMORY : {};
  return startPytorch(python, { script: SCRIPT, args: [n, batch, layout], env });
}
