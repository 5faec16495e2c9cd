#!/usr/bin/env bash
# Make a virtual environment with this project, TFX and pytest.
#   tests/with_tfx/make_env.sh ENV [PYTHON]
# The wheels that TFX needs are built for glibc 2.39. Where the system's is older, `python` of the
# environment is a line of sh that starts the real interpreter under a later C library kept in
# ENV/runtime; elsewhere ENV is a plain virtual environment. Nothing outside ENV is written to, and
# an ENV that is up to date is left as it is.
set -euo pipefail
env=$(realpath -m "${1:?usage: make_env.sh ENV [PYTHON]}")
python=${2:-python3}
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
needed=2.39

is_recent() {
  local have
  have=$(getconf GNU_LIBC_VERSION | awk '{print $2}')
  [ "$(printf '%s\n' "$needed" "$have" | sort -V | head -1)" = "$needed" ]
}

# Replace the environment's interpreter by one that runs under the libraries of ENV/runtime.
wrap_python() {
  local libs=$env/runtime/lib real minor
  # The interpreter itself: the shim of a version manager starts another program.
  real=$("$python" -c 'import os, sys; print(os.path.realpath(sys.executable))')
  minor=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
  rm -f "$env"/bin/python*
  printf '#!/bin/sh\nexec "%s" --library-path "%s" --argv0 "$0" "%s" "$@"\n' \
    "$libs/ld-linux-x86-64.so.2" "$libs" "$real" >"$env/bin/python"
  chmod +x "$env/bin/python"
  ln -s python "$env/bin/python3"
  ln -s python "$env/bin/python$minor"
}

mark=$(cat "$here"/*.sh "$here/constraints.txt" "$root/setup.cfg" | sha256sum)
[ "$(cat "$env/made" 2>/dev/null)" != "$mark" ] || exit 0
if [ ! -e "$env/has_python" ]; then
  rm -rf "$env"
  "$python" -m venv "$env"
  if ! is_recent; then
    "$here/get_runtime_libs.sh" "$env/runtime"
    wrap_python
  fi
  touch "$env/has_python"
fi
# TFX's extra kfp, by which pipelines are compiled, is empty from Python 3.12 on.
"$env/bin/python" -m pip install --quiet --disable-pip-version-check \
  -c "$here/constraints.txt" -e "$root[tfx]" 'tfx[kfp]' 'pytest>=8'
# The packages with native parts print what they lack and go on; TFX's own import does not.
"$env/bin/python" -c 'from tfx import v1' >"$env/import.log" 2>&1 ||
  { cat "$env/import.log" >&2; exit 1; }
echo "$mark" >"$env/made"
