"""toon's text encoder: words as bags of hashed character n-grams, two transformer layers, one vector per text.

Subwords are hashed as in fastText (Bojanowski et al. 2017, section 3.2), so that an unseen word shares pieces with
seen ones.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple
from zlib import crc32

import torch
import torch.nn.functional as F
from torch import Tensor, nn

WORDS = 56  # words read of one text
PIECES = 12  # subwords read of one word
BUCKETS = 16384
GROUP = 64  # texts that a CPU encodes at once


@lru_cache(maxsize=65536)
def pieces(word: str) -> tuple[int, ...]:
    """Bucket numbers of a word and its 3- to 5-grams, PIECES long, 0 where there are fewer."""
    marked = f"<{word}>"
    grams = [marked] + [marked[i : i + n] for n in (3, 4, 5) for i in range(len(marked) - n + 1) if n < len(marked)]
    ids = [1 + crc32(gram.encode()) % (BUCKETS - 1) for gram in grams[:PIECES]]
    return tuple(ids + [0] * (PIECES - len(ids)))


def words(text: str) -> list[str]:
    """Lower-case words and full stops of a text, the first WORDS of them; never empty."""
    return re.findall(r"\w+(?:['-]\w+)*|[.,]", text.lower())[:WORDS] or ["."]


class Reading(NamedTuple):
    """Texts as the encoder takes them; made apart from it, so that processes without its weights can."""

    ids: Tensor  # long [words, PIECES]: the subwords of every word that occurs
    where: Tensor  # long [texts, length]: which word stands where
    mask: Tensor  # bool [texts, length]: where one stands

    def to(self, device: torch.device) -> "Reading":
        """The same reading on another device."""
        return Reading(*(part.to(device) for part in self))


def read(texts: Sequence[str]) -> Reading:
    """Splits texts into words and words into subwords."""
    split = [words(text) for text in texts]
    index = {word: i for i, word in enumerate(dict.fromkeys(w for ws in split for w in ws))}
    length = max(len(ws) for ws in split)
    where = torch.zeros(len(split), length, dtype=torch.long)
    mask = torch.zeros(len(split), length, dtype=torch.bool)
    for row, ws in enumerate(split):
        where[row, : len(ws)] = torch.tensor([index[w] for w in ws])
        mask[row, : len(ws)] = True
    return Reading(torch.tensor([pieces(word) for word in index]), where, mask)


def groups(mask: Tensor, size: int) -> tuple[Tensor, list[int]]:
    """Which texts go together, shortest first [groups, size], and each group's length.

    Groups are filled up with the longest text and lengths rounded up to 4: matrix products of a shape not seen before
    are compiled first, which takes a CPU longer than the product.
    """
    counts = mask.sum(1)
    order = counts.argsort(stable=True)
    size = min(size, len(order))
    order = torch.cat([order, order[-1:].expand(-len(order) % size)]).view(-1, size)
    return order, [min(-(-int(counts[rows[-1]]) // 4) * 4, mask.shape[1]) for rows in order]


class Block(nn.Module):
    """A pre-norm transformer block with full attention."""

    def __init__(self, width: int, heads: int, growth: int = 3) -> None:
        super().__init__()
        self.heads = heads
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.qkv, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.up, self.down = nn.Linear(width, growth * width), nn.Linear(growth * width, width)
        nn.init.zeros_(self.out.weight)
        nn.init.zeros_(self.down.weight)

    def forward(self, x: Tensor, mask: Tensor | None = None) -> Tensor:
        """x: [batch, tokens, width]; mask: bool [batch, 1, 1, tokens], True where attended."""
        batch, tokens, width = x.shape
        q, k, v = self.qkv(self.norm1(x)).view(batch, tokens, 3, self.heads, width // self.heads).permute(2, 0, 3, 1, 4)
        scores = (q * (q.shape[-1] ** -0.5)) @ k.transpose(
            -2, -1
        )  # plain: the fused backward is 8 times slower on CPUs
        mixed = (scores if mask is None else scores.masked_fill(~mask, -1e4)).softmax(-1).to(v.dtype) @ v
        x = x + self.out(mixed.transpose(1, 2).reshape(batch, tokens, width))
        out: Tensor = x + self.down(F.gelu(self.up(self.norm2(x)), approximate="tanh"))
        return out


class TextEncoder(nn.Module):
    """Texts -> [texts, width]."""

    def __init__(self, width: int = 160, layers: int = 2, heads: int = 4) -> None:
        super().__init__()
        self.table = nn.Embedding(BUCKETS, 64, padding_idx=0)
        nn.init.normal_(self.table.weight, std=0.3)
        self.lift = nn.Linear(64, width)
        self.position = nn.Parameter(torch.randn(WORDS, width) * 0.02)
        self.blocks = nn.ModuleList(Block(width, heads) for _ in range(layers))
        self.norm = nn.LayerNorm(width)
        self.pool = nn.Linear(width, 4)  # four heads of attention pooling
        self.mix = nn.Linear(4 * width, width)

    def forward(self, reading: Reading) -> Tensor:
        """One vector per text: groups of like length in turn, so that short texts are not padded to the longest."""
        order, lengths = groups(reading.mask, GROUP if self.table.weight.device.type == "cpu" else len(reading.mask))
        ids, where, mask = reading.to(self.table.weight.device)
        known = (ids > 0).sum(1, keepdim=True).clamp(min=1)
        lifted = self.lift(self.table(ids).sum(1) / known)
        parts = [
            self._pooled(lifted, where[rows, :length], mask[rows, :length])
            for rows, length in zip(order.to(where.device), lengths, strict=True)
        ]
        place = order.flatten()[: len(mask)].argsort().to(where.device)
        return torch.cat(parts).index_select(0, place)

    def _pooled(self, lifted: Tensor, where: Tensor, mask: Tensor) -> Tensor:
        # F.embedding, not an index: an index's backward takes equal words one after another, and "a" is everywhere
        x = F.embedding(where, lifted) + self.position[: where.shape[1]]
        for block in self.blocks:
            x = block(x, mask[:, None, None, :])
        x = self.norm(x)
        attention = self.pool(x).masked_fill(~mask[..., None], -1e4).softmax(1)
        pooled: Tensor = self.mix((attention.transpose(1, 2) @ x).flatten(1))
        return pooled
