# The losses of cases.ts in PyTorch, as SMP and MONAI compute them (their formulas, written out here), with autograd.
# Prints what it is, and then for every `loss side` that it reads the time, the value, and the
# length of the gradient.
import json
import sys
import time

import numpy as np
import torch
import torch.nn.functional as F
from scipy.ndimage import distance_transform_edt

torch.set_num_threads(int(sys.argv[1]))
B, H, W = 4, 256, 256
i = np.arange(B * H * W, dtype=np.int64)
ids = ((((i >> 3) + (i >> 11)) % 3) == 0).astype(np.int64).reshape(B, H, W)


def logits(classes):
    i = np.arange(B * H * W * classes, dtype=np.int64)
    z = ((((i * 7919) % 20011) / 20011 - 0.5) * 8).astype(np.float32).reshape(B, H, W, classes)
    return torch.tensor(np.ascontiguousarray(z.transpose(0, 3, 1, 2)), requires_grad=True)


scores = {1: logits(1), 2: logits(2)}
truth = torch.tensor(ids)


def one_hot(t):
    return F.one_hot(t, 2).permute(0, 3, 1, 2).float()


def tversky(p, t, alpha, beta, dims=(0, 2, 3)):
    hit, all_p, all_t = (p * t).sum(dims), p.sum(dims), t.sum(dims)
    score = hit / (hit + alpha * (all_p - hit) + beta * (all_t - hit)).clamp_min(1e-7)
    return (1 - score) * (all_t > 0)


def probability(z):
    return z.log_softmax(1).exp()


def focal_of(z, t, alpha=None):
    entropy = F.binary_cross_entropy_with_logits(z, t, reduction="none")
    loss = (1 - torch.exp(-entropy)) ** 2 * entropy
    if alpha is not None:
        loss = loss * (alpha * t + (1 - alpha) * (1 - t))
    return loss.mean()


def focal(z, t):
    return sum(focal_of(z[:, k], (t == k).float()) for k in range(2)) / 2


def focal_softmax(z, t):
    logp = z.log_softmax(1)
    return (-((1 - logp.exp()) ** 2) * logp * one_hot(t)).mean()


def generalized_dice(z, t):
    p, t = z.softmax(1), one_hot(t)
    size = t.sum((2, 3))
    w = 1 / (size * size)
    top = 2 * ((p * t).sum((2, 3)) * w).sum(1) + 1e-5
    return (1 - top / (((size + p.sum((2, 3))) * w).sum(1) + 1e-5)).mean()


def boundary(z, t):
    maps = np.zeros((B, H, W), np.float32)
    for k, inside in enumerate(t.numpy() == 1):
        if inside.any():
            maps[k] = distance_transform_edt(~inside) * ~inside - (distance_transform_edt(inside) - 1) * inside
    return (z.softmax(1)[:, 1] * torch.tensor(maps)).mean()


def lovasz_row(errors, t):
    errors, order = torch.sort(errors, 0, descending=True)
    t = t[order]
    left = t.sum() - t.cumsum(0)
    union = t.sum() + (1 - t).cumsum(0)
    jaccard = 1 - left / union
    jaccard[1:] = jaccard[1:] - jaccard[:-1].clone()
    return torch.dot(F.relu(errors), jaccard)


def lovasz(z, t):
    p, t = z.softmax(1).permute(0, 2, 3, 1).reshape(-1, 2), t.view(-1)
    return sum(lovasz_row(((t == k).float() - p[:, k]).abs(), (t == k).float()) for k in range(2)) / 2


def binary_lovasz(z, t):
    return lovasz_row(1 - z.view(-1) * (2 * t.view(-1) - 1), t.view(-1))


def mcc(z, t):
    p, eps = torch.sigmoid(z), 1e-5
    tp, tn = (p * t).sum() + eps, ((1 - p) * (1 - t)).sum() + eps
    fp, fn = (p * (1 - t)).sum() + eps, ((1 - p) * t).sum() + eps
    return 1 - (tp * tn - fp * fn) / (torch.sqrt((tp + fp) * (tp + fn)) * torch.sqrt((tn + fp) * (tn + fn)))


losses = {
    "crossEntropy": lambda z, t: F.cross_entropy(z, t),
    "weightedCrossEntropy": lambda z, t: F.cross_entropy(z, t, torch.tensor([1.0, 3.0])),
    "dice": lambda z, t: tversky(probability(z), one_hot(t), 0.5, 0.5).mean(),
    "jaccard": lambda z, t: tversky(probability(z), one_hot(t), 1, 1).mean(),
    "tversky": lambda z, t: tversky(probability(z), one_hot(t), 0.3, 0.7).mean(),
    "focalTversky": lambda z, t: (tversky(probability(z), one_hot(t), 0.3, 0.7) ** 0.75).mean(),
    "focal": focal,
    "focalOfSoftmax": focal_softmax,
    "generalizedDice": generalized_dice,
    "meanSquaredError": lambda z, t: F.mse_loss(z.softmax(1), one_hot(t)),
    "diceAndFocal": lambda z, t: tversky(probability(z), one_hot(t), 0.5, 0.5).mean() + 20 * focal(z, t),
    "boundary": boundary,
    "lovasz": lovasz,
    "binaryCrossEntropy": lambda z, t: F.binary_cross_entropy_with_logits(z, t),
    "binaryDice": lambda z, t: tversky(torch.sigmoid(z), t, 0.5, 0.5).mean(),
    "binaryFocal": lambda z, t: focal_of(z, t, 0.25),
    "binaryMcc": mcc,
    "binaryLovasz": binary_lovasz,
}

print(json.dumps({"about": f"torch {torch.__version__}, {torch.get_num_threads()} threads"}), flush=True)
for line in sys.stdin:
    words = line.split()
    name = words[words[0] == "check"]
    z = scores[1 if name.startswith("binary") else 2]
    z.grad = None
    start = time.perf_counter()
    target = truth.float().unsqueeze(1) if name.startswith("binary") else truth
    value = losses[name](z, target)
    value.backward()
    number = value.item()
    ms = (time.perf_counter() - start) * 1000
    print(json.dumps({"ms": ms, "value": number, "slope": z.grad.norm().item()}), flush=True)
