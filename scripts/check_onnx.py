#!/usr/bin/env python3
"""What scripts/check_onnx.sh does with real ONNX: check_onnx.py check FOLDER | torch FOLDER | nodes FOLDER."""
import os
import sys

import numpy as np


def arrays(folder, name):
    found = []
    while os.path.exists(path := os.path.join(folder, f"{name}{len(found)}.npy")):
        found.append(np.load(path))
    return found


def check(folder):
    """Each model of a folder by ONNX' own checker and in onnxruntime: what comes out is what Cornu predicted."""
    import onnx
    import onnxruntime

    onnxruntime.set_default_logger_severity(3)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    passed = failed = 0
    for name in sorted(os.listdir(folder)):
        place = os.path.join(folder, name)
        file = os.path.join(place, "model.onnx")
        if not os.path.exists(file):
            continue
        try:
            onnx.checker.check_model(onnx.load(file), full_check=True)
            session = onnxruntime.InferenceSession(file, options, providers=["CPUExecutionProvider"])
            for kind in ("", "short_"):
                given, expected = arrays(place, kind + "x"), arrays(place, kind + "y")
                if not given:
                    continue
                got = session.run(None, dict(zip((i.name for i in session.get_inputs()), given)))
                assert len(got) == len(expected), f"{len(got)} outputs, expected {len(expected)}"
                for a, b in zip(got, expected):
                    assert a.shape == b.shape and a.dtype == b.dtype, f"{a.dtype}{a.shape}, expected {b.dtype}{b.shape}"
                    np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-5)
            passed += 1
        except Exception as e:  # noqa: BLE001: every kind of failure is one
            failed += 1
            print(f"FAILED {name}: {' '.join(str(e).split())[:300]}")
    print(f"onnxruntime: {passed} models agree, {failed} do not")
    return failed == 0 and passed > 0


def write_torch(folder):
    """Models as PyTorch exports them, by both of its exporters, with what they give."""
    import torch
    from torch import nn

    torch.manual_seed(1)

    class Block(nn.Module):
        def __init__(self):
            super().__init__()
            self.first = nn.Conv2d(3, 8, 3, stride=2, padding=1, bias=False)
            self.norm1 = nn.BatchNorm2d(8)
            self.second = nn.Conv2d(8, 8, 3, padding=1)
            self.norm2 = nn.BatchNorm2d(8)
            self.short = nn.Conv2d(3, 8, 1, stride=2)
            self.pool = nn.MaxPool2d(2)
            self.head = nn.Linear(8, 5)

        def forward(self, x):
            y = self.norm2(self.second(torch.relu(self.norm1(self.first(x)))))
            y = self.pool(torch.relu(y + self.short(x)))
            return self.head(y.mean((2, 3)))

    class Recurrent(nn.Module):
        def __init__(self):
            super().__init__()
            self.embed = nn.Embedding(30, 6)
            self.lstm = nn.LSTM(6, 7, num_layers=2, batch_first=True, bidirectional=True)
            self.gru = nn.GRU(14, 5, batch_first=True)
            self.head = nn.Linear(5, 3)

        def forward(self, x):
            y, _ = self.lstm(self.embed(x))
            y, _ = self.gru(y)
            return torch.softmax(self.head(y[:, -1]), -1)

    class Encoder(nn.Module):
        def __init__(self):
            super().__init__()
            layer = nn.TransformerEncoderLayer(16, 4, 32, batch_first=True, activation="gelu")
            self.encoder = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)
            self.place = nn.Parameter(torch.randn(1, 9, 16) * 0.1)

        def forward(self, x):
            return self.encoder(x + self.place).mean(1)

    mlp = nn.Sequential(nn.Linear(12, 32), nn.ReLU(), nn.Dropout(0.3), nn.Linear(32, 16), nn.Tanh(), nn.Linear(16, 4))
    models = {
        "mlp": (mlp, torch.randn(7, 12)),
        "resnet_block": (Block(), torch.randn(4, 3, 20, 20)),
        "lstm": (Recurrent(), torch.randint(0, 30, (5, 11))),
        "transformer": (Encoder(), torch.randn(3, 9, 16)),
    }
    for name, (model, x) in models.items():
        model.train()
        for _ in range(3):  # so that statistics are other than at first
            model(x)
        model.eval()
        other = torch.cat([x, x[:2]])  # another batch than that of the trace
        with torch.no_grad():
            y = model(other)
        for kind in ("trace", "dynamo"):
            place = os.path.join(folder, f"{name}_{kind}")
            os.makedirs(place, exist_ok=True)
            file = os.path.join(place, "model.onnx")
            try:
                if kind == "trace":
                    torch.onnx.export(model, (x,), file, dynamo=False, opset_version=17, input_names=["x"],
                                      output_names=["y"], dynamic_axes={"x": {0: "N"}, "y": {0: "N"}})
                else:
                    shapes = ({0: torch.export.Dim("N")},)
                    torch.onnx.export(model, (x,), file, dynamo=True, input_names=["x"], output_names=["y"],
                                      dynamic_shapes=shapes, external_data=name == "mlp")
            except ImportError as e:  # the newer exporter needs a package of its own
                print(f"not exported: {name} ({kind}): {e}")
                os.rmdir(place)
                continue
            np.save(os.path.join(place, "x0.npy"), other.numpy())
            np.save(os.path.join(place, "y0.npy"), y.numpy())
    return True


def write_nodes(folder):
    """ONNX' own tests of operators, which newer packages make rather than bring along."""
    import onnx
    from onnx import TensorProto, numpy_helper

    bundled = os.path.join(os.path.dirname(onnx.__file__), "backend", "test", "data", "node")
    if os.path.isdir(bundled):
        os.symlink(bundled, folder)
        return True
    import onnx.backend.test.case.node as node_cases

    def message(value, info):
        if isinstance(value, TensorProto):
            return value
        if info.type.HasField("sequence_type"):
            return numpy_helper.from_list(value)
        if info.type.HasField("optional_type"):
            return numpy_helper.from_optional(value)
        return numpy_helper.from_array(value, info.name)

    for case in node_cases.collect_testcases(None):
        place = os.path.join(folder, case.name)
        os.makedirs(place, exist_ok=True)
        with open(os.path.join(place, "model.onnx"), "wb") as file:
            file.write(case.model.SerializeToString())
        for number, (inputs, outputs) in enumerate(case.data_sets):
            data = os.path.join(place, f"test_data_set_{number}")
            os.makedirs(data, exist_ok=True)
            graph = case.model.graph
            for kind, values, infos in (("input", inputs, graph.input), ("output", outputs, graph.output)):
                for i, (value, info) in enumerate(zip(values, infos)):
                    with open(os.path.join(data, f"{kind}_{i}.pb"), "wb") as file:
                        file.write(message(value, info).SerializeToString())
    return True


if __name__ == "__main__":
    action = {"check": check, "torch": write_torch, "nodes": write_nodes}[sys.argv[1]]
    sys.exit(0 if action(sys.argv[2]) else 1)
