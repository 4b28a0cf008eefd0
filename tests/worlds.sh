#!/usr/bin/env bash
# Random rotations whose truth is known, more of them than CI runs: tests/worlds.sh 200
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
HOLDOVER_WORLDS="${1:-200}" cargo test --test it -- --nocapture worlds::no_world
