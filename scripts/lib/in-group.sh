# shellcheck shell=bash
# Runs a command in a process group of its own and waits, so that a trap acts at once and can end all of it.

step_pid=

in_group() { # in_group COMMAND...: its exit status; a function stops at its first failure
  local status=0
  set -m
  (set -e; "$@") </dev/null &
  step_pid=$!
  set +m
  wait "$step_pid" || status=$?
  step_pid=
  return $status
}

end_group() { # for a trap: ends what runs, and waits for it
  [ -z "$step_pid" ] || kill -- "-$step_pid" 2>/dev/null || true
  wait
}
