#!/bin/sh
# Run once a day while both versions are valid: add what is new to the bundle, and report over all days.
#
#   daily.sh PLAN EXPORTS BUNDLE
#
# Writes BUNDLE, BUNDLE.md and BUNDLE.json. Ends as `holdover report` does: 0 ready, 10 not ready, 11 inconclusive. Any other
# status means that there is no answer, and the previous report is kept.
set -eu

plan=$1
exports=$2
bundle=$3

holdover collect -p "$plan" "$exports" -o "$bundle"

status=0
for format in md json; do
  status=0
  holdover report -p "$plan" "$bundle" -f "$format" > "$bundle.$format.partial" || status=$?
  case $status in
    0 | 10 | 11) ;;
    *)
      rm -f "$bundle.md.partial" "$bundle.json.partial"
      exit "$status"
      ;;
  esac
done
mv "$bundle.md.partial" "$bundle.md"
mv "$bundle.json.partial" "$bundle.json"
exit "$status"
