#!/usr/bin/env bash
# Starts ESDDNS on this machine with a simulated internet. It needs no cluster, container engine or account.
#   ./run.sh          everything, in the foreground; Ctrl-C stops it
#   ./run.sh --once   one round of the operator; exit code 0 if all records are in sync, else 1
# With a token in API_KEY (or Esddns__LiveDns__Token, Esddns__LiveDns__TokenFile), --once updates real records at Gandi;
# with Esddns__Update__Server, those of your name server.
set -euo pipefail
cd "$(dirname "$0")"
. eng/local.sh

require_sdk
case "${1:-}" in
"") run_all ;;
--once) run_once ;;
*) echo "Unknown option '$1'; use ./run.sh to start everything, or ./run.sh --once to run one round." >&2; exit 2 ;;
esac
