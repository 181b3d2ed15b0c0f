"""PyTorch as a contestant: see contestant.ts for what comes in and what goes out."""

import json
import sys
import time

start = time.perf_counter()
try:
    import torch
except ImportError as error:
    sys.exit(f"PyTorch is missing ({error}): apt-get install python3-torch, or name a Python that has it in PYTHON")
import torch.nn.functional as F

from peer_networks import build


def read_safetensors(path):
    with open(path, "rb") as file:
        data = bytearray(file.read())
    body = 8 + int.from_bytes(data[:8], "little")
    kinds = {"F32": torch.float32, "I64": torch.int64}
    tensors = {}
    for name, entry in json.loads(data[8:body]).items():
        if name != "__metadata__":
            first, last = entry["data_offsets"]
            tensor = torch.frombuffer(data[body + first : body + last], dtype=kinds[entry["dtype"]])
            tensors[name] = tensor.reshape(entry["shape"])
    return tensors


def pattern(batch, height, width, channels):
    """Images [batch, height, width, channels] and class ids as pattern() in networks.ts makes them."""
    b, y, x = torch.meshgrid(torch.arange(batch), torch.arange(height), torch.arange(width), indexing="ij")
    blocks = lambda i: torch.div(i, 8, rounding_mode="floor")
    grey = (7 * b + 13 * blocks(y) + 29 * blocks(x)) % 31
    images = (grey / 31 - 0.5)[..., None] + 0.1 * torch.arange(channels)
    return images.contiguous(), (grey > 15).long()


def trainer(net, shape):
    images, target = pattern(*shape)
    images = images.permute(0, 3, 1, 2).contiguous()
    optimizer = torch.optim.AdamW(net.parameters(), 1e-3, weight_decay=1e-2)

    def step():
        optimizer.zero_grad(set_to_none=True)
        loss = F.cross_entropy(net(images), target)
        loss.backward()
        optimizer.step()
        return [loss.item()]

    return step


def predictor(net, shape):
    image, _ = pattern(*shape)
    net.eval()

    @torch.no_grad()
    def predict():
        logits = net(image.permute(0, 3, 1, 2).contiguous())
        probability = F.softmax(logits, 1).permute(0, 2, 3, 1).contiguous()[0]
        height, width = probability.shape[:2]
        return [probability[k * height // 8, k * width // 8, 1].item() for k in range(8)]

    return predict


def tell(line):
    print(json.dumps(line), flush=True)


task = json.loads(sys.argv[1])
torch.set_num_threads(task["threads"])
start_ms = (time.perf_counter() - start) * 1000
net = build(task["network"], task["shape"][3], task["baseFilters"])
net.load_state_dict(read_safetensors(task["weights"]), strict=True)
work = (trainer if task["kind"] == "train" else predictor)(net, task["shape"])
about = f"PyTorch {torch.__version__}, {torch.get_num_threads()} threads"
tell({"startMs": start_ms, "parameters": sum(p.numel() for p in net.parameters()), "about": about})
for _ in sys.stdin:
    start = time.perf_counter()
    values = work()
    tell({"ms": (time.perf_counter() - start) * 1000, "values": values})
