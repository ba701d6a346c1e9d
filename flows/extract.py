"""Extract: sentences, mentions, times, quotes, events and figures of every cleaned document."""

from __future__ import annotations

from prefect import flow

from flows.errors import ModelUnusable
from flows.parts import make_stage
from flows.record import StageResult
from flows.settings import Settings
from transforms.language.pipeline import model_version


@flow(name="extract", flow_run_name="extract-{run_id}", validate_parameters=False)
def extract(settings: Settings, run_id: str) -> StageResult:
    """Reads every cleaned part that is not read yet; ends in the expectations of extract."""
    return make_stage("extract", settings, run_id)


def check_model(settings: Settings) -> None:
    """Fails early, with what to do, where the spaCy pipeline is not installed.

    Raises:
        ModelUnusable: it is not there.
    """
    try:
        model_version(settings.model)
    except (OSError, ImportError, ValueError, KeyError) as exc:
        raise ModelUnusable(
            f'spaCy pipeline "{settings.model}" is not installed', hint="install it, or leave DATELINE_MODEL empty for the embedded one"
        ) from exc
