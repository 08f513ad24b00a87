"""Tiny random language models and the tokenizers before them: what reads the prompt of most video models."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tiny.base import WORDS

CHAT = (
    "{% for turn in messages %}<|im_start|>{{ turn['role'] }} "
    "{% if turn['content'] is string %}{{ turn['content'] }}"
    "{% else %}{% for part in turn['content'] %}{{ part['text'] }}{% endfor %}{% endif %}<|im_end|> {% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant {% endif %}"
)
"""Turns as Qwen's tokenizers write them."""


def words(special: Sequence[str] = (), *, start: bool = False, length: int = 2048, chat: bool = False) -> Any:
    """Whole words, lower case, each punctuation mark by itself; the rest is one unknown word.

    special: marks that are one token each, numbered from 3; start: `<s>` before every text instead of `</s>` after it;
    chat: it knows how a conversation is written.
    """
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
    from transformers import PreTrainedTokenizerFast

    known = ["<pad>", "<s>" if start else "</s>", "<unk>", *special, *sorted(set(WORDS.split()))]
    made = Tokenizer(models.WordLevel({word: number for number, word in enumerate(known)}, unk_token="<unk>"))
    made.normalizer = normalizers.Lowercase()
    made.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.Whitespace(), pre_tokenizers.Punctuation()])
    around = "<s> $A" if start else "$A </s>"
    made.post_processor = processors.TemplateProcessing(single=around, special_tokens=[(known[1], 1)])
    return PreTrainedTokenizerFast(
        tokenizer_object=made,
        pad_token="<pad>",
        unk_token="<unk>",
        model_max_length=length,
        padding_side="right",
        additional_special_tokens=list(special),
        chat_template=CHAT if chat else None,
        **({"bos_token": "<s>"} if start else {"eos_token": "</s>"}),
    )


SIZE: dict[str, Any] = {
    "hidden_size": 16,
    "intermediate_size": 16,
    "num_hidden_layers": 3,
    "num_attention_heads": 2,
    "num_key_value_heads": 2,
    "vocab_size": 64,
    "max_position_embeddings": 2048,
    "pad_token_id": 0,
    "bos_token_id": 1,
    "eos_token_id": 1,
}
"""Three layers of two heads: pipelines read the last layer but one or two."""


def t5(width: int = 16) -> Any:
    """A T5EncoderModel."""
    from transformers import T5Config, T5EncoderModel

    config = T5Config(
        d_model=width, d_kv=8, d_ff=16, num_layers=1, num_heads=2, vocab_size=64, pad_token_id=0, eos_token_id=1
    )
    return T5EncoderModel(config).eval()


def llama() -> Any:
    """A LlamaModel."""
    from transformers import LlamaConfig, LlamaModel

    return LlamaModel(LlamaConfig(**SIZE)).eval()


def gemma() -> Any:
    """A Gemma2Model."""
    from transformers import Gemma2Config, Gemma2Model

    return Gemma2Model(Gemma2Config(**SIZE | {"num_hidden_layers": 1}, head_dim=8, sliding_window=2048)).eval()


ROPE: dict[str, Any] = {"rope_type": "default", "mrope_section": [1, 1, 2]}


def qwen25_text() -> Any:
    """The language half of Qwen2.5-VL, by itself."""
    from transformers import Qwen2_5_VLTextConfig, Qwen2_5_VLTextModel

    return Qwen2_5_VLTextModel(Qwen2_5_VLTextConfig(**SIZE, rope_scaling=ROPE)).eval()


def qwen25() -> Any:
    """A whole Qwen2_5_VLForConditionalGeneration."""
    from transformers import Qwen2_5_VLConfig, Qwen2_5_VLForConditionalGeneration

    sight = {"depth": 1, "hidden_size": 16, "intermediate_size": 16, "num_heads": 2, "out_hidden_size": 16}
    config = Qwen2_5_VLConfig(text_config=SIZE | {"rope_scaling": ROPE}, vision_config=sight)
    return Qwen2_5_VLForConditionalGeneration(config).eval()


def qwen2() -> Any:
    """A whole Qwen2VLForConditionalGeneration."""
    from transformers import Qwen2VLConfig, Qwen2VLForConditionalGeneration

    sight = {"depth": 1, "embed_dim": 16, "num_heads": 2, "hidden_size": 16}
    return Qwen2VLForConditionalGeneration(
        Qwen2VLConfig(text_config=SIZE | {"rope_scaling": ROPE}, vision_config=sight)
    ).eval()


def siglip(side: int = 28, patch: int = 14) -> dict[str, Any]:
    """A SiglipVisionModel and the processor before it."""
    from transformers import SiglipImageProcessor, SiglipVisionConfig, SiglipVisionModel

    config = SiglipVisionConfig(
        hidden_size=16,
        intermediate_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        image_size=side,
        patch_size=patch,
    )
    return {
        "image_encoder": SiglipVisionModel(config).eval(),
        "feature_extractor": SiglipImageProcessor(size={"height": side, "width": side}),
    }


def save_klein(folder: Path) -> str:
    """The image pipeline that makes most profiles' keyframes; the name of its folder."""
    from tiny.images import save_flux2_klein

    save_flux2_klein(folder / "klein")
    return "klein"
