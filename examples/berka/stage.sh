#!/usr/bin/env bash
# examples/berka/stage.sh DATA_FOLDER: convert, import and stage the Berka bank data, in a database of its own.
set -euo pipefail
data="$(cd "${1:?usage: examples/berka/stage.sh DATA_FOLDER}" && pwd)"
. "$(dirname "$0")/../../bin/_environment" requirements.txt
if [ -z "${DATABASE_URL:-}" ]; then
    export PERENNIAL_VAR="${PERENNIAL_VAR:-$ROOT/var/berka}"
fi
export BUSINESS_NOW=1994-03-30 BUSINESS_TIME_ZONE=Europe/Prague BUSINESS_CURRENCY=CZK
out="$ROOT/examples/berka/out"

"$PYTHON" manage.py migrate --verbosity 0
"$PYTHON" examples/berka/convert.py "$data" "$out"
for kind in members transactions saving_plans events; do
    "$PYTHON" manage.py import_csv "$kind" "$out/$kind.csv" --source berka
done
"$PYTHON" manage.py restage
