"""The order in which a document is read; each step may use what the steps before it found."""

from __future__ import annotations

from transforms.extraction.events import find_events
from transforms.extraction.figures import find_figures
from transforms.extraction.mentions import find_mentions
from transforms.extraction.quote_tree import build_tree
from transforms.extraction.quotes import find_quotes
from transforms.extraction.sentences import find_sentences
from transforms.extraction.times import find_times
from transforms.language import NewsDoc
from warehouse.schema import Row


def extract_document(news: NewsDoc) -> dict[str, list[Row]]:
    """Rows of every table of the extract stage for one document, by table name, in the order of the text."""
    news.sentences.extend(find_sentences(news))
    news.times.extend(find_times(news))
    news.mentions.extend(find_mentions(news))
    tree = build_tree(news)
    quotes, quote_spans = find_quotes(news, tree)
    news.quotes.extend(quotes)
    news.quote_spans.extend(quote_spans)
    events, event_roles = find_events(news)
    return {
        "sentences": news.sentences,
        "times": news.times,
        "mentions": news.mentions,
        "quotes": news.quotes,
        "quote_spans": news.quote_spans,
        "events": events,
        "event_roles": event_roles,
        "figures": find_figures(news, tree),
    }
