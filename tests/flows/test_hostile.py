"""Bad input ends as a row in rejects, or is loaded with what is known; never as a crash, never silently gone. The cases: ``hostile.py``."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from urllib.parse import quote

import duckdb
import pytest

from tests.flows.hostile import Case, cases
from tests.flows.support import counts, run
from warehouse.lake import Home

pytestmark = pytest.mark.usefixtures("prefect_server")

BAIT_CHARS = 4000
"""In one run with all the other cases; ``tests/property/test_bait.py`` takes megabytes."""

CASES = cases(bait_chars=BAIT_CHARS)
LONGEST = 1_000_000
"""No text is longer than the limit, whatever entities or archives promise."""


@dataclass
class Outcome:
    """What became of each case: texts that landed (None: set aside by a later stage), reasons in ``rejects``, and the run's counts."""

    home: Home
    stages: dict[str, tuple[int, int, int, int]]
    landed: dict[str, list[str | None]] = field(default_factory=lambda: defaultdict(list))
    refused: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    inbox, home = tmp_path_factory.mktemp("inbox"), Home(tmp_path_factory.mktemp("home"))
    for case in CASES:
        case.write(inbox)
    out = Outcome(home, counts(run(home.path, inbox, workers=2, batch_size=32)))
    with duckdb.connect(str(home.warehouse), read_only=True) as con:
        landed = con.execute("select l.source_uri, d.text from landings l left join documents d using (document_id)").fetchall()
        refused = con.execute("select source_uri, reason_code from rejects").fetchall()
    for uri, text in landed:
        out.landed[_case_of(uri, inbox.name)].append(text)
    for uri, code in refused:
        out.refused[_case_of(uri, inbox.name)].append(code)
    return out


def _case_of(uri: str, inbox: str) -> str:
    return uri.split(f"/{inbox}/", 1)[1].split("/", 1)[0]


def test_the_run_goes_on_and_accounts_for_all(outcome: Outcome) -> None:
    assert set(outcome.stages) == {"land", "clean", "extract", "link", "load"}
    for n_in, n_out, n_rejected, _ in outcome.stages.values():
        assert n_in == n_out + n_rejected
    assert len(CASES) >= 120
    assert outcome.home.warehouse.exists()


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.name)
def test_case(outcome: Outcome, case: Case) -> None:
    landed, refused = outcome.landed[case.name], sorted(outcome.refused[case.name])
    if case.landed is not None:
        assert len(landed) == case.landed
    if case.refused is not None:
        assert refused == sorted(case.refused)
    if case.files and (case.landed, case.refused) != (0, ()):
        assert landed or refused, "it is nowhere"
    if case.holds is not None:
        assert any(text is not None and case.holds in text for text in landed)
    assert all(text is None or len(text) <= LONGEST for text in landed)


def test_nothing_is_read_from_outside(outcome: Outcome) -> None:
    assert not any("root:" in text for texts in outcome.landed.values() for text in texts if text)


def test_absurd_dates_are_no_dates(outcome: Outcome) -> None:
    with duckdb.connect(str(outcome.home.warehouse), read_only=True) as con:
        assert con.execute("select count(*) from documents where year(published_date) in (1, 9999)").fetchall() == [(0,)]
        assert con.execute("select published_date::varchar from documents where source_uri like '%date_is_list%'").fetchall() == [
            ("2025-03-01",)
        ]


def test_file_names_of_any_character(outcome: Outcome) -> None:
    with duckdb.connect(str(outcome.home.warehouse), read_only=True) as con:
        uris = {u for (u,) in con.execute("select source_uri from landings").fetchall()}
    names = [name for c in CASES if c.name.startswith("name_") and c.landed == 1 and len(c.files) == 1 for name in c.files]
    assert len(names) >= 15
    for name in names:
        assert any(u.endswith(("/" + quote(name, safe="'"), "/" + quote(name))) for u in uris), name


def test_the_report_escapes_everything(outcome: Outcome) -> None:
    for page in outcome.home.path.glob("reports/*.html"):
        told = page.read_text("utf-8")
        assert "<script>alert" not in told
        assert "<img src=x" not in told
        assert "<svg/onload" not in told
