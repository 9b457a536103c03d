"""``fenghuo train``: make a model anew from labelled texts."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from fenghuo.cli.exits import sentences

train = typer.Typer(help="Train a model that is shipped, from labelled texts.", no_args_is_help=True)


@train.callback()
def _root() -> None:
    """Train a model that is shipped, from labelled texts."""


@train.command("text")
@sentences
def text(
    data: Annotated[Path, typer.Option(help="Folder with reviews_zh/ and brand_tweets_2011.csv.", file_okay=False)],
    out: Annotated[Path, typer.Option(help="Where the model goes.", dir_okay=False)] = Path("sentiment.bin.gz"),
) -> None:
    """Train the sentiment model; needs the extra ``train``. The same texts and lexicon give the same bytes."""
    from rich.console import Console

    from streams.text.model.training import brand_tweets, chinese_reviews, posts, together, train
    from streams.text.model.weights import pack, unpack

    reviews, everyday, tweets = chinese_reviews(data), posts(), brand_tweets(data)
    content = pack(train(together(reviews, everyday), tweets))
    out.write_bytes(content)
    weights = unpack(content)
    Console(highlight=False, soft_wrap=True).print(
        f"{out}: {len(content):,} bytes, {len(weights.grams):,} n-grams and {len(weights.words):,} hashed words from "
        f"{len(reviews.texts):,} reviews, {len(everyday.texts):,} posts and {len(tweets.texts):,} tweets; "
        f"version {weights.version}",
        markup=False,
    )
