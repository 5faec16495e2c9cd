#!/usr/bin/env bash
# Make the environment of TFX, or bring it up to date, and run the tests that need it.
#   tests/with_tfx/run.sh ENV [PYTEST ARGUMENTS]
set -euo pipefail
env=$(realpath -m "${1:?usage: run.sh ENV [PYTEST ARGUMENTS]}")
shift
here=$(cd "$(dirname "$0")" && pwd)
"$here/make_env.sh" "$env"
cd "$here/../.."
# TFX and Beam warn of their own code, and this environment has no pytest-xdist.
TF_CPP_MIN_LOG_LEVEL=3 "$env/bin/python" -m pytest tests/with_tfx -o addopts=-ra -o filterwarnings=default \
  --disable-warnings "$@"
