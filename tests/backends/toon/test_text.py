"""toon's text encoder: padding, case and company do not matter, words do."""

import pytest
import torch

from storyforge.backends.toon.text import PIECES, WORDS, TextEncoder, pieces, read, words


@pytest.fixture(scope="module")
def encoder() -> TextEncoder:
    torch.manual_seed(0)
    return TextEncoder(32).eval()


def test_a_text_is_the_same_alone_and_in_company(encoder: TextEncoder) -> None:
    long = "a small orange fox, wearing a blue scarf. walks up the stairs with the lantern."
    with torch.inference_mode():
        alone, together = encoder(read(["a fox"]))[0], encoder(read([long, "a fox", ""]))[1]
    assert torch.allclose(alone, together, atol=1e-5)


def test_texts_of_many_lengths_come_back_in_their_order(encoder: TextEncoder) -> None:
    texts = [" ".join(f"word{n}" for n in range(1 + (i * 7) % 60)) for i in range(150)]
    with torch.inference_mode():
        together = encoder(read(texts))
        alone = torch.cat([encoder(read([text])) for text in texts[:20]])
    assert together.shape == (150, 32)
    assert torch.allclose(alone, together[:20], atol=1e-5)


def test_order_of_words_matters_and_case_does_not(encoder: TextEncoder) -> None:
    with torch.inference_mode():
        told = encoder(read(["blue fox red scarf", "red fox blue scarf", "Blue Fox red SCARF"]))
    assert torch.equal(told[0], told[2])
    assert not torch.allclose(told[0], told[1], atol=1e-3)


def test_an_unseen_word_shares_pieces_with_its_stem() -> None:
    assert len(set(pieces("lanterns")) & set(pieces("lantern"))) >= PIECES // 2
    assert not set(pieces("lantern")) & set(pieces("fox")) - {0}


@pytest.mark.parametrize("text", ["", "…", "   ", "狐狸和灯笼", "a" * 5000, "word " * 500])
def test_any_text_is_read(encoder: TextEncoder, text: str) -> None:
    assert 1 <= len(words(text)) <= WORDS
    with torch.inference_mode():
        assert torch.isfinite(encoder(read([text]))).all()
