"""One person who came to harm, told without a number: 'a farmer died and another was injured'."""

from __future__ import annotations

from transforms.extraction.figure_lexicon import FigureLexicon, Unit
from transforms.extraction.figure_measures import HARM, measure_of
from transforms.extraction.figure_nouns import Counted, unit_of
from transforms.extraction.figure_numbers import Quantity
from transforms.extraction.quote_tree import Tree

_UNREAL = frozenset(("would", "could", "may", "might", "can", "should", "will", "must", "to", "if", "'ll", "shall"))


def find_single_victims(tree: Tree, lexicon: FigureLexicon) -> list[tuple[Quantity, Counted, str]]:
    """Quantity, noun and measure of each single victim; nothing that is denied, feared or only possible."""
    out: list[tuple[Quantity, Counted, str]] = []
    for i in range(len(tree)):
        if tree.lower[i] not in ("a", "an", "another"):
            continue
        head = i if tree.lower[i] == "another" and tree.dep[i] in ("nsubj", "nsubjpass", "dobj") else tree.head[i]
        alone = head == i
        if not alone and (
            tree.dep[i] != "det"
            or not i < head <= i + 5
            or unit_of(tree, lexicon, head).name != "person"
            or tree.tag[head] not in ("NN", "JJ")
        ):
            continue
        first = head
        while tree.dep[first] == "conj" and tree.is_noun(tree.head[first]):
            first = tree.head[first]
        verb = tree.head[first]
        if tree.dep[first] not in ("nsubj", "nsubjpass", "dobj") or not _is_real(tree, verb):
            continue
        q = Quantity(i, i, i + 1, 1.0, 1.0, "equal")
        counted = Counted(unit_of(tree, lexicon, head) if not alone else _person(lexicon), head, i + 1, head + 1, elliptic=alone)
        measure = measure_of(tree, lexicon, q, counted)
        if measure in HARM - {"displaced"}:
            out.append((q, counted, measure))
    return out


def _person(lexicon: FigureLexicon) -> Unit:
    return lexicon.units["person"]


def _is_real(tree: Tree, verb: int) -> bool:
    return not tree.is_negated(verb) and not any(tree.lower[c] in _UNREAL for c in tree.children[verb] if c < verb)
