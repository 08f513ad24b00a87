"""Random autoencoders that show what they are given: as made, their biases drown it and every picture is one grey."""

from typing import Any

import torch


def vivid(module: Any) -> Any:
    """The same module without biases, its convolutions and layers at unit gain."""
    torch.manual_seed(0)
    for name, weight in module.named_parameters():
        if name.endswith("bias"):
            torch.nn.init.zeros_(weight)
        elif weight.ndim >= 2 and not name.endswith("gamma"):
            torch.nn.init.normal_(weight, std=float(weight[0].numel()) ** -0.5)
    return module
