"""Orchestration only: order, retries, parallel workers, artifacts, the command line."""
