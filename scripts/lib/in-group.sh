# shellcheck shell=bash
# Runs a command in a process group of its own and waits, so that a trap acts at once and can end all of it.

step_pid=

# in_group COMMAND...: its exit status. A function stops at its first failure, unless the call is part of "if", "&&" or
# "||": there bash ignores "set -e", in the subshell too.
in_group() {
  local status=0
  set -m
  (set -e; "$@") </dev/null &
  step_pid=$!
  set +m
  wait "$step_pid" || status=$?
  step_pid=
  return $status
}

end_group() { # for a trap: ends what runs, and waits for all of it, at most half a minute
  local group=$step_pid
  [ -n "$group" ] || return 0
  kill -- "-$group" 2>/dev/null || true
  wait
  # Vitest's workers end after vitest: until then their hosts are still in use.
  for _ in {1..300}; do
    kill -0 -- "-$group" 2>/dev/null || return 0
    sleep 0.1
  done
}
