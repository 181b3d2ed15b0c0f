"""Looks at files of exportOnnx from Python: see python.ts. Prints one line of JSON a file.

Whatever of `onnx` (is the file valid, do the shapes follow?) and `onnxruntime` (does it compute the same?) there is.
"""

import json
import sys

try:
    import onnx
except ImportError:
    onnx = None
try:
    import numpy
    import onnxruntime
except ImportError:
    onnxruntime = None
if onnx is None and onnxruntime is None:
    sys.exit("neither onnx (apt-get install python3-onnx) nor onnxruntime (pip install onnxruntime) is there")


def valid(path):
    model = onnx.load(path)
    onnx.checker.check_model(model, full_check=True)
    inferred = onnx.shape_inference.infer_shapes(model, check_type=True, strict_mode=True, data_prop=True)
    known = {value.name for value in [*inferred.graph.value_info, *inferred.graph.output]}
    missing = [name for node in model.graph.node for name in node.output if name not in known]
    if missing:
        raise ValueError(f"no shape follows for {missing}")
    return onnx.__version__


def computed(path, case):
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    meta = session.get_modelmeta().custom_metadata_map
    if meta["segkit.layout"] != case["layout"]:
        raise ValueError(f"the metadata must say {case['layout']}, got {meta}")
    image = numpy.fromfile(path.replace(".onnx", ".in"), "<f4").reshape(case["inputShape"])
    expected = numpy.fromfile(path.replace(".onnx", ".out"), "<f4").reshape(case["outputShape"])
    (result,) = session.run(["logits"], {"image": image})
    scale = max(1.0, float(abs(expected).max()))
    return float(abs(result - expected).max()) / scale


for case in json.load(open(sys.argv[1])):
    line = {"name": case["name"]}
    if onnx is not None:
        line["onnx"] = valid(case["path"])
    if onnxruntime is not None:
        line["onnxruntime"] = onnxruntime.__version__
        line["difference"] = computed(case["path"], case)
    print(json.dumps(line), flush=True)
