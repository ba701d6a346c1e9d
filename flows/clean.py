"""Clean: every character of a text gets a kind; documents' fields are completed from the text."""

from __future__ import annotations

from prefect import flow

from flows.parts import make_stage
from flows.record import StageResult
from flows.settings import Settings


@flow(name="clean", flow_run_name="clean-{run_id}", validate_parameters=False)
def clean(settings: Settings, run_id: str) -> StageResult:
    """Cleans every landed part that is not cleaned yet; ends in the expectations of clean."""
    return make_stage("clean", settings, run_id)
