#!/usr/bin/env bash
# eng/api-client.sh URL: generates a TypeScript client from the OpenAPI document of the web service at URL, compiles
# a program that uses it, and runs the program against the service. Prints its line.
set -euo pipefail
cd "$(dirname "$0")/.."
[ $# = 1 ] || { echo "usage: $0 URL" >&2; exit 2; }
readonly work=artifacts/api-client
mkdir -p $work
cp eng/api-client/*.json eng/api-client/client.ts $work/
cd $work
[ -d node_modules ] || npm ci --silent --no-audit --no-fund
npx --no-install openapi-typescript "$1/openapi/v1.json" --output generated.ts >generate.log 2>&1 ||
    { cat generate.log >&2; exit 1; }
npx --no-install tsc --strict --noUncheckedIndexedAccess --target es2022 --module nodenext --lib es2022,dom \
    --rewriteRelativeImportExtensions --outDir compiled client.ts
node compiled/client.js "$1"
