"""The tensors in what networks answer: a tensor, or tuples, lists and ModelOutputs of them."""

from collections.abc import Mapping, Sequence
from typing import Any

from torch import Tensor


def tensors(output: Any) -> list[Tensor]:
    """The tensors of an answer, in order."""
    if isinstance(output, Tensor):
        return [output]
    values = output.values() if isinstance(output, Mapping) else output
    return [tensor for value in values for tensor in tensors(value)]


def filled(output: Any, others: Sequence[Tensor]) -> Any:
    """An answer of the same form with other tensors, as many."""
    return _filled(output, [*others])


def _filled(output: Any, left: list[Tensor]) -> Any:
    if isinstance(output, Tensor):
        return left.pop(0)
    if isinstance(output, Mapping):
        return type(output)(**{key: _filled(value, left) for key, value in output.items()})
    return type(output)(_filled(value, left) for value in output)
