#!/usr/bin/env bash
# Makes the pictures of the documentation anew, from the shipped fixtures. Needs chromium and a built holdover.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

holdover="${HOLDOVER:-target/debug/holdover}"
scratch="$(mktemp -d)"
trap 'rm -rf "$scratch"' EXIT

# picture NAME PLAN LOGS WIDTH HEIGHT
picture() {
  "$holdover" report --exit-zero -f html -p "$2" "$3" >"$scratch/$1.html"
  chromium --headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking \
    --disable-component-update --disable-sync --hide-scrollbars --force-color-profile=srgb \
    --user-data-dir="$scratch/profile" --window-size="$4,$5" --screenshot="docs/images/$1.png" \
    "file://$scratch/$1.html" >/dev/null 2>&1
}

scenario=fixtures/scenarios/document-provider
picture report "$scenario/split-brain/plan.toml" "$scenario/split-brain/logs" 1400 900
