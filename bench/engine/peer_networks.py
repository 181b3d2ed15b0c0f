"""The networks of networks.ts in PyTorch. Modules bear the names that saveSafetensors writes, so that
load_state_dict(strict=True) shows that both sides have the same layers of the same shapes."""

import torch
import torch.nn.functional as F
from torch import nn


def conv_norm(inputs, filters, side, stride=1):
    """The convolution and the normalisation of a block; the ReLU is the caller's."""
    return nn.Conv2d(inputs, filters, side, stride, side // 2, bias=False), nn.BatchNorm2d(filters)


class Block(nn.Module):
    """Convolution, batch normalisation, ReLU; separable where it has a depthwise convolution in front."""

    def __init__(self, inputs, filters, side, depthwise=False):
        super().__init__()
        if depthwise:
            self.depthwise = nn.Conv2d(inputs, inputs, 3, 1, 1, groups=inputs, bias=False)
        self.conv, self.norm = conv_norm(inputs, filters, side)

    def forward(self, x):
        if hasattr(self, "depthwise"):
            x = self.depthwise(x)
        return F.relu(self.norm(self.conv(x)), inplace=True)


class PlainUnet(nn.Module):
    """plainUnet: two 3 x 3 convolutions a level."""

    def __init__(self, channels, classes, base, levels):
        super().__init__()
        widths = [base * 2**level for level in range(levels + 1)]
        stage = lambda inputs, filters: {"0": Block(inputs, filters, 3), "1": Block(filters, filters, 3)}
        sequential = lambda inputs, filters: nn.Sequential(*stage(inputs, filters).values())
        self.encoder = nn.ModuleList(
            sequential(inputs, filters) for inputs, filters in zip([channels, *widths], widths[:-1])
        )
        self.bottom = sequential(widths[-2], widths[-1])
        self.decoder = nn.ModuleList(
            nn.ModuleDict({"up": nn.ConvTranspose2d(2 * filters, filters, 2, 2), **stage(2 * filters, filters)})
            for filters in widths[:-1]
        )
        self.head = nn.Conv2d(base, classes, 1)

    def forward(self, x):
        skips = []
        for stage in self.encoder:
            skips.append(stage(x))
            x = F.max_pool2d(skips[-1], 2)
        x = self.bottom(x)
        for skip, level in zip(reversed(skips), reversed(self.decoder)):
            x = level["1"](level["0"](torch.cat([skip, level["up"](x)], 1)))
        return self.head(x)


class SeparableUnet(nn.Module):
    """separableUnet: depthwise-separable convolutions below the first level."""

    def __init__(self, channels, classes, base, levels):
        super().__init__()
        widths = [base * 2**level for level in range(levels + 1)]
        self.encoder = nn.ModuleList([nn.Sequential(Block(channels, base, 3), Block(base, base, 3))])
        for inputs, filters in zip(widths, widths[1:]):
            self.encoder.append(nn.Sequential(Block(inputs, filters, 1, True), Block(filters, filters, 1, True)))
        self.decoder = nn.ModuleList(
            nn.ModuleDict(
                {
                    "up": nn.ConvTranspose2d(2 * filters, filters, 2, 2, bias=False),
                    "fuse": Block(2 * filters, filters, 1),
                    "refine": Block(filters, filters, 1, True),
                }
            )
            for filters in widths[:-1]
        )
        self.head = nn.Conv2d(base, classes, 1)

    def forward(self, x):
        x = self.encoder[0](x)
        skips = []
        for stage in self.encoder[1:]:
            skips.append(x)
            x = stage(F.max_pool2d(x, 2))
        for skip, level in zip(reversed(skips), reversed(self.decoder)):
            x = level["refine"](level["fuse"](torch.cat([skip, level["up"](x)], 1)))
        return self.head(x)


class BasicBlock(nn.Module):
    """torchvision's block of ResNet-18 and 34."""

    def __init__(self, inputs, filters, stride):
        super().__init__()
        self.conv1, self.bn1 = conv_norm(inputs, filters, 3, stride)
        self.conv2, self.bn2 = conv_norm(filters, filters, 3)
        changes = stride > 1 or inputs != filters
        self.downsample = nn.Sequential(*conv_norm(inputs, filters, 1, stride)) if changes else nn.Identity()

    def forward(self, x):
        y = F.relu(self.bn1(self.conv1(x)), inplace=True)
        y = self.bn2(self.conv2(y))
        y += self.downsample(x)
        return F.relu(y, inplace=True)


class Resnet34(nn.Module):
    """torchvision's resnet34 without its classifier; gives the features of strides 2, 4, 8, 16, 32."""

    channels = [64, 64, 128, 256, 512]

    def __init__(self, inputs):
        super().__init__()
        self.conv1, self.bn1 = conv_norm(inputs, 64, 7, 2)
        for i, count in enumerate([3, 4, 6, 3]):
            before, filters = self.channels[i], self.channels[i + 1]
            blocks = [BasicBlock(before, filters, 1 if i == 0 else 2)]
            blocks += [BasicBlock(filters, filters, 1) for _ in range(count - 1)]
            self.add_module(f"layer{i + 1}", nn.Sequential(*blocks))

    def forward(self, x):
        features = [F.relu(self.bn1(self.conv1(x)), inplace=True)]
        features.append(self.layer1(F.max_pool2d(features[0], 3, 2, 1)))
        for layer in (self.layer2, self.layer3, self.layer4):
            features.append(layer(features[-1]))
        return features


class SmpDecoderBlock(nn.Module):
    """Doubling by nearest neighbour, the skips behind, two 3 x 3 convolutions with normalisation and ReLU."""

    def __init__(self, inputs, filters):
        super().__init__()
        self.conv1 = nn.Sequential(*conv_norm(inputs, filters, 3), nn.ReLU(inplace=True))
        self.conv2 = nn.Sequential(*conv_norm(filters, filters, 3), nn.ReLU(inplace=True))

    def forward(self, x, skips):
        x = F.interpolate(x, scale_factor=2, mode="nearest")
        return self.conv2(self.conv1(torch.cat([x, *skips], 1) if skips else x))


class UnetPlusPlus(nn.Module):
    """SMP's UnetPlusPlus with resnet34: node x_i_j starts at encoder level i and has seen the levels up to j."""

    def __init__(self, channels, classes, widths=(256, 128, 64, 32, 16)):
        super().__init__()
        self.encoder = Resnet34(channels)
        self.depth = len(widths) - 1
        levels = self.encoder.channels[::-1]
        filters, blocks = {}, {}
        for i, j in self.nodes():
            skip = levels[j + 1]
            below = levels[i] if i == j else filters[i, j - 1]
            filters[i, j] = widths[j] if i == 0 else skip
            inputs = below + sum(filters[k, j] for k in range(i + 1, j + 1)) + skip
            blocks[f"x_{i}_{j}"] = SmpDecoderBlock(inputs, filters[i, j])
        blocks[f"x_0_{self.depth}"] = SmpDecoderBlock(widths[-2], widths[-1])
        self.decoder = nn.ModuleDict({"blocks": nn.ModuleDict(blocks)})
        self.segmentation_head = nn.Sequential(nn.Conv2d(widths[-1], classes, 3, padding=1))

    def nodes(self):
        return [(i, i + span) for span in range(self.depth) for i in range(self.depth - span)]

    def forward(self, x):
        features = self.encoder(x)[::-1]
        blocks, node = self.decoder["blocks"], {}
        for i, j in self.nodes():
            below = features[i] if i == j else node[i, j - 1]
            skips = [*(node[k, j] for k in range(i + 1, j + 1)), features[j + 1]]
            node[i, j] = blocks[f"x_{i}_{j}"](below, skips)
        return self.segmentation_head(blocks[f"x_0_{self.depth}"](node[0, self.depth - 1], []))


def build(network, channels, base):
    if network == "unet":
        return PlainUnet(channels, 2, base, 4)
    if network == "separableUnet":
        return SeparableUnet(channels, 2, base, 4)
    return UnetPlusPlus(channels, 2)
