"""ResNet-20 and MobileNetV2 in onnxruntime, with random weights: milliseconds of a call, as JSON lines.

usage: inference_onnxruntime.py [resnet20|mobilenetv2] [batch ...]

The networks of bench_inference --model resnet20 and mobilenetv2. onnxruntime folds batch normalization itself.
"""
import json
import sys
import time

import numpy as np
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

name = sys.argv[1] if len(sys.argv) > 1 else "resnet20"
batches = [int(a) for a in sys.argv[2:]] or [1, 16]
rng = np.random.default_rng(1)
nodes, weights = [], []


def weight(array):
    label = f"w{len(weights)}"
    weights.append(numpy_helper.from_array(array.astype(np.float32), label))
    return label


def node(kind, inputs, **attributes):
    label = f"t{len(nodes)}"
    nodes.append(helper.make_node(kind, inputs, [label], **attributes))
    return label


def normalized(x, inputs, filters, kernel, stride, groups=1, pads=None):
    scale = (2 / (kernel * kernel * inputs / groups)) ** 0.5
    kernels = weight(rng.normal(0, scale, (filters, inputs // groups, kernel, kernel)))
    pads = [kernel // 2] * 4 if pads is None else pads
    y = node("Conv", [x, kernels], strides=[stride] * 2, pads=pads, group=groups)
    statistics = [weight(np.ones(filters)), weight(np.zeros(filters)), weight(np.zeros(filters)), weight(np.ones(filters))]
    return node("BatchNormalization", [y, *statistics], epsilon=1e-3)


def relu6(x):
    return node("Clip", [x, weight(np.array(0)), weight(np.array(6))])


def head(x, channels, classes):
    x = node("Flatten", [node("GlobalAveragePool", [x])])
    x = node("Gemm", [x, weight(rng.normal(0, 0.05, (channels, classes))), weight(np.zeros(classes))])
    return node("Softmax", [x], axis=1)


def resnet20(x):
    x, inputs = node("Relu", [normalized(x, 3, 16, 3, 1)]), 16
    for stack in range(3):
        for block in range(3):
            filters, stride = 16 << stack, 2 if stack and not block else 1
            y = node("Relu", [normalized(x, inputs, filters, 3, stride)])
            y = normalized(y, filters, filters, 3, 1)
            shortcut = normalized(x, inputs, filters, 1, stride, pads=[0] * 4) if stride == 2 else x
            x, inputs = node("Relu", [node("Add", [shortcut, y])]), filters
    return head(x, 64, 10), (3, 32, 32)


def mobilenetv2(x):
    x, inputs = relu6(normalized(x, 3, 32, 3, 2)), 32
    for expansion, filters, count, stride in ((1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1),
                                              (6, 160, 3, 2), (6, 320, 1, 1)):
        for block in range(count):
            step, wide = stride if block == 0 else 1, inputs * expansion
            y = relu6(normalized(x, inputs, wide, 1, 1)) if expansion > 1 else x
            y = relu6(normalized(y, wide, wide, 3, step, groups=wide))
            y = normalized(y, wide, filters, 1, 1)
            x, inputs = node("Add", [x, y]) if step == 1 and inputs == filters else y, filters
    return head(relu6(normalized(x, 320, 1280, 1, 1)), 1280, 1000), (3, 224, 224)


output, image = {"resnet20": resnet20, "mobilenetv2": mobilenetv2}[name]("x")
graph = helper.make_graph(nodes, name, [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n", *image])],
                          [helper.make_tensor_value_info(output, TensorProto.FLOAT, None)], weights)
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
for batch in batches:
    x = rng.random((batch, *image), dtype=np.float32)
    times = []
    start = time.perf_counter()
    while len(times) < 30 or time.perf_counter() - start < 3:
        before = time.perf_counter()
        session.run(None, {"x": x})
        times.append(time.perf_counter() - before)
    print(json.dumps({"peer": f"onnxruntime {onnxruntime.__version__}", "model": name, "batch_size": batch,
                      "median_us": 1e6 * float(np.median(times[5:]))}))
