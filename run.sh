#!/usr/bin/env bash
# Starts ESDDNS on this machine with a simulated internet: no cluster, no container engine, no account.
#   ./run.sh          everything, in the foreground; Ctrl-C stops it
#   ./run.sh --once   one round of the operator; exit code 0 when all records are in sync, 1 when not
# With a token in API_KEY (or Esddns__LiveDns__Token, Esddns__LiveDns__TokenFile), --once does the real job at Gandi.
set -euo pipefail
cd "$(dirname "$0")"
. eng/local.sh

require_sdk
case "${1:-}" in
"") run_all ;;
--once) run_once ;;
*) echo "There is no option '$1'; ./run.sh starts everything, ./run.sh --once does one round." >&2; exit 2 ;;
esac
