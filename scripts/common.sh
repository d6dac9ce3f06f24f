# Shared by the bash scripts beside it: moves to the project's root and gives them say, fail, step and stamps.
# Written for bash 3.2 too, which is what macOS has.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
PYTHON_IN_VENV=.venv/bin/python
# Compiled modules are kept, also where containers switch that off: whatever starts again, such as a worker of the
# tests, would compile the whole project anew, which is half of what collecting the tests costs.
unset PYTHONDONTWRITEBYTECODE

say() { printf '%s\n' "$@"; }

# fail "what is wrong" "what to do about it"
fail() {
  printf '\nStopped: %s\n' "$1" >&2
  shift
  for line in "$@"; do printf '  %s\n' "$line" >&2; done
  exit 1
}

# step "What it does" command... : says it, runs it, says how long it took.
step() {
  local title=$1 started=$SECONDS
  shift
  say "==> $title"
  "$@" || fail "\"$title\" failed: the reason stands above." "Mend it, then run the same command again."
  say "    done in $((SECONDS - started)) s"
}

# quietly command... : shows what it printed only if it fails.
quietly() {
  local output
  output=$("$@" 2>&1 </dev/null) || { printf '%s\n' "$output" >&2; return 1; }
}

# fingerprint path... : one line that changes whenever a file in these paths changes or moves.
fingerprint() { find "$@" -type f ! -path '*/__pycache__/*' -exec cksum {} + | LC_ALL=C sort | cksum; }

# platform : what packages are made for: Python's version, the system, the processor.
platform() {
  "$PYTHON_IN_VENV" -c 'import platform, sys; print("python{}.{}-{}-{}".format(*sys.version_info[:2], platform.system().lower(), platform.machine()))'
}

# A stamp says which state of the files a part was last set up from.
is_stamped() { [ -f ".venv/stamps/$1" ] && [ "$(cat ".venv/stamps/$1")" = "$2" ]; }
stamp() { mkdir -p .venv/stamps && printf '%s\n' "$2" > ".venv/stamps/$1"; }

# What a server needs of the project. Pages show texts of docs/, and drawings take their colours from the palette.
# Finding lines goes by find_words.json.
CODE=(manage.py Makefile README.md CHANGELOG.md LICENSE pyproject.toml requirements scripts deploy docs fixtures
  indicators commentary scorecard templates static/src/palette.json static/src/find_words.json)
SHIPPED=("${CODE[@]}" static/built)

# copy_shipped folder : puts that into a folder, in the place of what is there of it. Each part is there again at once,
# because a server may be reading it.
copy_shipped() {
  local part incoming=${1:?}/.incoming
  rm -rf "$incoming" && mkdir "$incoming" || return
  tar -cf - --exclude=__pycache__ "${SHIPPED[@]}" | tar -xf - -C "$incoming" --no-same-owner || return
  for part in "${SHIPPED[@]}"; do
    mkdir -p "$(dirname "$1/$part")" && rm -rf "${1:?}/$part" && mv "$incoming/$part" "$1/$part" || return
  done
  rm -rf "$incoming"
}
