# shellcheck shell=bash
# Telling a story with commands that are really run, and that must do what the story says.

output=$(mktemp)
trap 'rm -f "$output"' EXIT
bold='' plain=''
[ ! -t 1 ] || bold=$'\e[1m' plain=$'\e[0m'

chapter() { printf '\n%s%s%s\n' "$bold" "$*" "$plain"; }
tell() { printf '\n# %s\n' "$@" | sed '1{/^$/!b};2,${/^$/d}'; }

fail() { # the story is not true
  printf '\nTHE STORY IS NOT TRUE: %s\n' "$*" >&2
  exit 1
}

# In this shell, not in a pipe: `cd` and `eval "$(tetherdock env)"` last.
type_in() { # type_in COMMAND: sets $status
  printf '\n%s$ %s%s\n' "$bold" "$1" "$plain"
  status=0
  eval "$1" >"$output" 2>&1 </dev/null || status=$?
  cat "$output"
}

run() { # run COMMAND [REGEX that its output must match]
  type_in "$1"
  [ "$status" = 0 ] || fail "exit status $status"
  [ $# = 1 ] || grep -qE -- "$2" "$output" || fail "no \"$2\" in the answer"
}

refused() { # refused COMMAND REGEX: must fail, and say this
  type_in "$1"
  [ "$status" != 0 ] || fail "this should have been refused"
  grep -qE -- "$2" "$output" || fail "no \"$2\" in the answer"
}
