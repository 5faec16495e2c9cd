#!/usr/bin/env bash
# Unpack the C and C++ runtime of a later Debian release into a folder of its own.
#   tests/with_tfx/get_runtime_libs.sh DEST [SUITE]
# The packages come from the mirror that the system itself uses; nothing is installed.
set -euo pipefail
dest=${1:?usage: get_runtime_libs.sh DEST [SUITE]}
suite=${2:-trixie}
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
triplet=x86_64-linux-gnu
fail() { echo "get_runtime_libs.sh: $*" >&2; exit 1; }

[ "$(uname -m)" = x86_64 ] || fail "the wheels of TFX are for x86_64; this is $(uname -m)"
[ -r "$keyring" ] || fail "needs a Debian system; there is no $keyring"

# The system's own mirror: the first one in either form of apt's lists.
mirror() {
  local lists=/etc/apt/sources.list.d/debian.sources
  [ ! -r "$lists" ] || awk '/^URIs:/ {print $2; exit}' "$lists"
  lists=/etc/apt/sources.list
  [ ! -r "$lists" ] ||
    awk '$1 == "deb" {for (i = 2; i <= NF; i++) if ($i ~ /^[a-z+]+:\/\//) {print $i; exit}}' "$lists"
}
uri=$(mirror | sed -n 1p)
[ -n "$uri" ] || fail "no mirror in /etc/apt/sources.list.d/debian.sources or /etc/apt/sources.list"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/lists/partial" "$work/cache/archives/partial" "$work/parts" "$work/debs" "$dest/lib"
printf 'Types: deb\nURIs: %s\nSuites: %s\nComponents: main\nSigned-By: %s\n' \
  "$uri" "$suite" "$keyring" >"$work/parts/later.sources"
apt=(apt-get -qq
  -o Dir::Etc::SourceList=/dev/null -o Dir::Etc::SourceParts="$work/parts"
  -o Dir::State::Lists="$work/lists" -o Dir::Cache="$work/cache"
  -o Acquire::Languages=none)
[ "$(id -u)" != 0 ] || apt+=(-o APT::Sandbox::User=root)
"${apt[@]}" update
(cd "$work/debs" && "${apt[@]}" download libc6 libstdc++6 libgcc-s1)
for deb in "$work"/debs/*.deb; do dpkg-deb -x "$deb" "$work/root"; done

# One flat folder of shared objects, their links among them.
for folder in "$work/root/usr/lib/$triplet" "$work/root/lib/$triplet"; do
  [ -d "$folder" ] && find "$folder" -maxdepth 1 -name '*.so*' -exec cp -a {} "$dest/lib/" \;
done
[ ! -d "$work/root/usr/lib/$triplet/gconv" ] ||
  cp -a "$work/root/usr/lib/$triplet/gconv" "$dest/lib/"
"$dest/lib/ld-linux-x86-64.so.2" --version | head -1
