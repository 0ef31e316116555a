"""ResNet-20 for 32 x 32 images in PyTorch, trained on generated data: seconds per epoch and peak memory, as JSON lines.

usage: resnet_torch.py [samples] [batch] [epochs] [eager|compile|both]

The network of bench_training --model resnet20: three stacks of three blocks, batch normalization, Adam, channels_last.
"""
import json
import resource
import sys
import time

import torch
from torch import nn

samples, batch, epochs = (int(a) for a in (sys.argv[1:4] + ["2560", "64", "3"][len(sys.argv) - 1:]))
mode = sys.argv[4] if len(sys.argv) > 4 else "both"


def normalized(inputs, filters, kernel, stride):
    conv = nn.Conv2d(inputs, filters, kernel, stride, padding=kernel // 2, bias=False)
    return nn.Sequential(conv, nn.BatchNorm2d(filters, eps=1e-3, momentum=0.01))


class Block(nn.Module):
    def __init__(self, inputs, filters, stride):
        super().__init__()
        self.first = normalized(inputs, filters, 3, stride)
        self.second = normalized(filters, filters, 3, 1)
        self.shortcut = normalized(inputs, filters, 1, stride) if stride == 2 else nn.Identity()

    def forward(self, x):
        return torch.relu(self.shortcut(x) + self.second(torch.relu(self.first(x))))


def resnet20():
    parts = [normalized(3, 16, 3, 1), nn.ReLU()]
    inputs = 16
    for stack in range(3):
        for block in range(3):
            filters = 16 << stack
            parts.append(Block(inputs, filters, 2 if stack and not block else 1))
            inputs = filters
    return nn.Sequential(*parts, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 10))


def rss_mb():
    with open("/proc/self/statm") as f:
        return int(f.read().split()[1]) * resource.getpagesize() / 2**20


x = torch.rand(samples, 3, 32, 32).to(memory_format=torch.channels_last)
y = torch.randint(0, 10, (samples,))
for name in ("eager", "compile"):
    if mode not in (name, "both"):
        continue
    model = resnet20().to(memory_format=torch.channels_last).train()
    optimizer, criterion = torch.optim.Adam(model.parameters()), nn.CrossEntropyLoss()
    run = torch.compile(model) if name == "compile" else model
    before, seconds = rss_mb(), []
    for _ in range(epochs):
        start = time.perf_counter()
        order = torch.randperm(samples)
        right = 0
        for i in range(0, samples, batch):
            rows = order[i:i + batch]
            optimizer.zero_grad()
            scores = run(x[rows])
            criterion(scores, y[rows]).backward()
            optimizer.step()
            right += (scores.argmax(1) == y[rows]).sum()  # Cornu's epoch counts accuracy, too
        seconds.append(time.perf_counter() - start)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"peer": f"torch {torch.__version__} {name}", "samples": samples, "batch_size": batch,
                      "epoch_seconds": seconds, "best_epoch_seconds": min(seconds), "peak_above_data_mb": peak - before}))
