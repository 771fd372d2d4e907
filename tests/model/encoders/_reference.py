"""Residual networks and a vision transformer in plain PyTorch, under torchvision's names.

Reads request.json and data.bin (float32) in the folder given, writes answer.bin: the output, then
the gradient of sum(output * dy) with respect to the input, then the running statistics in the order
of request["statistics"]. Images and maps are channels last outside.
"""

import json
import sys
from pathlib import Path

import numpy
import torch
import torch.nn.functional as F

folder = Path(sys.argv[1])
request = json.loads((folder / "request.json").read_text())
numbers = numpy.fromfile(folder / "data.bin", dtype="<f4")
t = {}
for name, (start, shape) in request["tensors"].items():
    size = int(numpy.prod(shape))
    t[name] = torch.from_numpy(numbers[start : start + size].reshape(shape).copy())
training = request["training"]


def conv(x, name, stride=1):
    weight = t[name + ".weight"]
    return F.conv2d(x, weight, stride=stride, padding=weight.shape[-1] // 2)


def norm(x, name):
    mean, variance = t[name + ".running_mean"], t[name + ".running_var"]
    weight, bias = t[name + ".weight"], t[name + ".bias"]
    return F.batch_norm(x, mean, variance, weight, bias, training, momentum=0.1, eps=1e-5)


def residual_block(x, name, stride):
    if name + ".conv3.weight" in t:
        y = F.relu(norm(conv(x, name + ".conv1"), name + ".bn1"))
        y = F.relu(norm(conv(y, name + ".conv2", stride), name + ".bn2"))
        y = norm(conv(y, name + ".conv3"), name + ".bn3")
    else:
        y = F.relu(norm(conv(x, name + ".conv1", stride), name + ".bn1"))
        y = norm(conv(y, name + ".conv2"), name + ".bn2")
    if name + ".downsample.0.weight" in t:
        x = norm(conv(x, name + ".downsample.0", stride), name + ".downsample.1")
    return F.relu(x + y)


def resnet(x):
    x = F.relu(norm(conv(x, "conv1", 2), "bn1"))
    x = F.max_pool2d(x, 3, stride=2, padding=1)
    for stage, blocks in enumerate(request["blocks"]):
        for block in range(blocks):
            stride = 2 if stage > 0 and block == 0 else 1
            x = residual_block(x, f"layer{stage + 1}.{block}", stride)
    return x.mean([2, 3])


def dense(x, name):
    return F.linear(x, t[name + ".weight"], t[name + ".bias"])


def layer_norm(x, name):
    return F.layer_norm(x, x.shape[-1:], t[name + ".weight"], t[name + ".bias"], eps=1e-6)


def transformer_block(x, name):
    attention = torch.nn.MultiheadAttention(x.shape[-1], request["heads"], batch_first=True)
    own = name + ".self_attention."
    attention.load_state_dict({k[len(own) :]: v for k, v in t.items() if k.startswith(own)})
    y = layer_norm(x, name + ".ln_1")
    y, _ = attention(y, y, y, need_weights=False)
    x = x + y
    y = F.gelu(dense(layer_norm(x, name + ".ln_2"), name + ".mlp.0"))
    return x + dense(y, name + ".mlp.3")


def vit(x):
    weight = t["conv_proj.weight"]
    x = F.conv2d(x, weight, t["conv_proj.bias"], stride=weight.shape[-1])
    x = x.flatten(2).transpose(1, 2)
    x = torch.cat([t["class_token"].expand(len(x), -1, -1), x], dim=1) + t["encoder.pos_embedding"]
    for i in range(request["depth"]):
        x = transformer_block(x, f"encoder.layers.encoder_layer_{i}")
    return layer_norm(x, "encoder.ln")[:, 0]


x = t["x"].clone().requires_grad_()
maps = x.dim() == 4
inside = x.permute(0, 3, 1, 2) if maps else x
what, args = request["compute"][0], request["compute"][1:]
y = {
    "resnet": resnet,
    "residual_block": residual_block,
    "vit": vit,
    "transformer_block": transformer_block,
}[what](inside, *args)
y = y.permute(0, 2, 3, 1) if y.dim() == 4 else y
(y * t["dy"].reshape(y.shape)).sum().backward()
answer = [y.detach(), x.grad] + [t[name] for name in request["statistics"]]
numpy.concatenate([a.numpy().astype("<f4").ravel() for a in answer]).tofile(folder / "answer.bin")
