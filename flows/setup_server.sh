#!/bin/sh
# Sets a Prefect server up for Dateline: one pool per warehouse with one run at a time, deployments, automations. May run again at any time.
# Needs PREFECT_API_URL, and DATELINE_ROOT: the checkout as the worker sees it.
set -eu
cd "$(dirname "$0")/.."
prefect work-pool inspect dateline > /dev/null 2>&1 || prefect work-pool create dateline --type process
prefect work-pool set-concurrency-limit dateline 1
prefect --no-prompt deploy --all
prefect automation inspect dateline-lost-runs > /dev/null 2>&1 || prefect automation create --from-file flows/automations.yaml
