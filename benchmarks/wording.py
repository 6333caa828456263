"""How many texts of 300 characters the wording check reads in a second of processor time, on one core."""

from __future__ import annotations

import random
import sys
import time
from typing import Any

from campaigns.review.wording.check import check
from campaigns.review.wording.documents import Copy
from campaigns.review.wording.sources import load, read_examples

TEXTS, CHARACTERS, ROUNDS = 400, 300, 5


def run(members: int, as_json: bool) -> dict[str, Any]:
    """The best of some rounds over the same texts; the number of members plays no part."""
    pack, texts = load("cn"), _texts()
    findings = sum(len(check(Copy(text, product_risk="R2"), pack)) for text in texts)
    print(f"{len(texts)} texts with {findings:,} findings", file=sys.stderr)
    return {"texts_per_s": round(max(_rate(texts, pack) for _round in range(ROUNDS)))}


def _rate(texts: list[str], pack: Any) -> float:
    start = time.process_time()
    for text in texts:
        check(Copy(text, product_risk="R2"), pack)
    return len(texts) / (time.process_time() - start)


def _texts() -> list[str]:
    """Texts of sentences that break no rule; every second one has one or two that do."""
    entries = [(category, text) for category, _severity, text in read_examples("cn") if not text.isascii()]
    good = [text for category, text in entries if not category]
    bad = [text for category, text in entries if category]
    chance = random.Random(7)  # noqa: S311 - no secret
    texts = []
    for number in range(TEXTS):
        sentences = chance.sample(good, 14)
        for place in range(chance.randint(1, 2) if number % 2 else 0):
            sentences.insert(place * 3, chance.choice(bad))
        texts.append("。".join(sentences)[:CHARACTERS])
    return texts
