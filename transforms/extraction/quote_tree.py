"""A parsed document as plain lists: the rules of quotes and figures walk it by token number."""

from __future__ import annotations

from dataclasses import dataclass

from transforms.language import NewsDoc


def word_set(text: str) -> frozenset[str]:
    """The words of a text as a set, for the short lists of function words that rules look at."""
    return frozenset(text.split())


PRONOUNS = word_set("he she it they we i you him her them us me this that these those who which what")


@dataclass(frozen=True, slots=True)
class Tree:
    """Words, tags and heads of a document; all lists have one entry per token.

    ``low[i]`` and ``high[i]`` (exclusive) bound the subtree of token ``i``. ``sentence[i]`` is the number of its sentence,
    ``sentence_end[i]`` the end of it; ``segment[i]`` and ``segment_end[i]`` do the same for segments.
    """

    words: list[str]
    lower: list[str]
    lemma: list[str]
    tag: list[str]
    dep: list[str]
    head: list[int]
    entity: list[str]
    children: list[list[int]]
    low: list[int]
    high: list[int]
    sentence: list[int]
    sentence_start: list[int]
    sentence_end: list[int]
    segment: list[int]
    segment_start: list[int]
    segment_end: list[int]
    spaced: list[bool]

    def __len__(self) -> int:
        return len(self.words)

    def child(self, i: int, *deps: str) -> int | None:
        """The first child of a token with one of these relations."""
        return next((c for c in self.children[i] if self.dep[c] in deps), None)

    def is_verb(self, i: int) -> bool:
        """Is the token tagged as a verb form?"""
        return self.tag[i].startswith("VB") or self.lower[i] in ("says", "said")

    def is_noun(self, i: int) -> bool:
        """Is the token tagged as a noun, name or pronoun?"""
        return self.tag[i] in ("NN", "NNS", "NNP", "NNPS", "PRP", "CD", "DT", "WP")

    def subject(self, i: int) -> int | None:
        """The subject of a verb, its own or that of the verb it is coordinated with or subordinate to."""
        for _ in range(4):
            own = self.child(i, "nsubj", "nsubjpass", "csubj")
            if own is not None:
                return own
            if self.dep[i] in ("conj", "xcomp", "advcl", "aux", "pcomp", "ccomp") and self.head[i] != i:
                i = self.head[i] if self.dep[i] != "pcomp" else self.head[self.head[i]]
                continue
            if self.dep[i] in ("relcl", "acl"):
                return self.head[i]
            return None
        return None

    def is_passive(self, i: int) -> bool:
        """Is the verb in the passive?"""
        return any(self.dep[c] in ("nsubjpass", "auxpass") for c in self.children[i])

    def is_negated(self, i: int) -> bool:
        """Does a negation stand with the verb ("did not say", "never said")?"""
        return any(self.dep[c] == "neg" or self.lower[c] in ("never", "not", "n't", "n’t") for c in self.children[i])


def _borders(numbers: list[int]) -> tuple[list[int], list[int]]:
    """For each token the first token of its group and the end of it."""
    starts = [0] * len(numbers)
    ends = [0] * len(numbers)
    for i in range(len(numbers)):
        starts[i] = starts[i - 1] if i and numbers[i] == numbers[i - 1] else i
    for i in range(len(numbers) - 1, -1, -1):
        ends[i] = ends[i + 1] if i + 1 < len(numbers) and numbers[i] == numbers[i + 1] else i + 1
    return starts, ends


_FINITE = frozenset(("VBD", "VBZ", "VBP", "MD"))
_PLURAL_OR_VERB = frozenset(("plans", "hopes", "aims", "claims", "pledges", "vows", "demands", "offers", "promises", "needs"))


def _mend_main_verbs(words: list[str], tag: list[str], dep: list[str], head: list[int], sentence: list[int]) -> None:
    """Corrects one error that small parsers make often, in place: 'The company announced a plan.' read as a noun with a participle.

    Only in sentences that end with a full stop and have no finite verb of their own; headlines leave theirs out.
    """
    start = 0
    while start < len(words):
        end = start + 1
        while end < len(words) and sentence[end] == sentence[start]:
            end += 1
        if words[end - 1] == ".":
            roots = [k for k in range(start, end) if head[k] == k]
            if len(roots) == 1 and tag[roots[0]].startswith("NN"):
                _promote(words, tag, dep, head, noun=roots[0], start=start, end=end - 1)
        start = end


_STOPS = frozenset((".", "!", "?", "…", "...", ":", ";", "”", '"', "''", "’", "'", ")"))


def _whole_sentences(words: list[str], sentence: list[int], segment: list[int]) -> list[int]:
    """Sentence numbers with those joined that the parse parted within a segment where no punctuation stands."""
    out, shift = list(sentence), 0
    for i in range(1, len(words)):
        if (
            sentence[i] != sentence[i - 1]
            and segment[i] == segment[i - 1]
            and words[i - 1] not in _STOPS
            and not words[i - 1].endswith(".")
        ):
            shift += 1
        out[i] = sentence[i] - shift
    return out


def _below(head: list[int], i: int, top: int) -> bool:
    while i != top and head[i] != i:
        i = head[i]
    return i == top


def _promote(words: list[str], tag: list[str], dep: list[str], head: list[int], *, noun: int, start: int, end: int) -> None:
    names = {noun} | {k for k in range(noun + 1, end) if head[k] == noun and dep[k] == "appos"}
    verb = next(
        (
            k
            for k in range(noun + 1, end)
            if head[k] in names and dep[k] == "acl" and tag[k] in ("VBN", "NN") and (words[k - 1] != "," or len(names) > 1)
        ),
        None,
    )
    subject = noun
    if verb is None and words[noun].lower() in _PLURAL_OR_VERB:
        verb = noun
        subject = next((k for k in range(noun - 1, start - 1, -1) if head[k] == noun and dep[k] == "compound"), noun)
    if verb is None or (verb == noun and subject == noun) or not all(_below(head, k, verb) for k in range(start, end) if tag[k] in _FINITE):
        return
    tag[verb] = "VBZ" if verb == noun else "VBD"
    for k in range(start, end + 1):
        if head[k] == noun and k > verb and verb != noun:
            head[k] = verb
        if verb == noun and head[k] == noun and k < subject:
            head[k] = subject
        if verb == noun and head[k] == noun and dep[k] == "acl":
            dep[k] = "xcomp"
    head[verb], dep[verb] = verb, "ROOT"
    head[subject], dep[subject] = verb, "nsubj"


def build_tree(news: NewsDoc) -> Tree:
    """The document's tokens as lists."""
    doc = news.doc
    tokens = list(doc)
    words = [t.text for t in tokens]
    head = [t.head.i for t in tokens]
    tag, dep = [t.tag_ for t in tokens], [t.dep_ for t in tokens]
    n = len(words)
    sentence, segment = list(news.sentence_of_token), list(news.segment_of)
    _mend_main_verbs(words, tag, dep, head, sentence)
    sentence = _whole_sentences(words, sentence, segment)
    children: list[list[int]] = [[] for _ in range(n)]
    low, high = list(range(n)), list(range(1, n + 1))
    for i, h in enumerate(head):
        if h != i:
            children[h].append(i)
        up = i
        while head[up] != up:
            up = head[up]
            low[up], high[up] = min(low[up], i), max(high[up], i + 1)
    sentence_start, sentence_end = _borders(sentence)
    segment_start, segment_end = _borders(segment)
    return Tree(
        words, [w.lower() for w in words], [t.lemma_.lower() for t in tokens], tag, dep, head,
        [t.ent_type_ for t in tokens], children, low, high, sentence, sentence_start, sentence_end, segment, segment_start, segment_end,
        [bool(t.whitespace_) for t in tokens],
    )  # fmt: skip
