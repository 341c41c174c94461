/**
 * POSIX sh for the only file that the gateway keeps changing while `up` runs: its client list. Every writer takes the
 * gateway's lock (system/identity), and checks that the file is still the expected version. The directory belongs to
 * the gateway's user, who can replace a file there with anything at any time. So the lock is the directory itself,
 * which only root can rename, and reading the list has a time limit, whatever the file is.
 */

/** Seconds to wait for the lock: a change takes milliseconds. */
const WAIT_S = 5;

/**
 * Functions `sum PATH`, `lock PATH` and `unlock`. `lock` fails if another process keeps the lock; the end of the shell
 * releases it at the latest.
 */
export const CLIENT_LIST = `sum() { if [ -L "$1" ]; then echo link; elif [ -f "$1" ]; then timeout ${WAIT_S} sha256sum -- "$1" | cut -d' ' -f1
  elif [ -e "$1" ]; then echo special; else echo absent; fi; }
lock() { [ -d "\${1%/*}" ] || return 0
  command exec 9<"\${1%/*}" && flock -x -w ${WAIT_S} 9 && return
  echo "cannot lock \${1%/*}: another process has held the lock for ${WAIT_S} seconds" >&2; return 1; }
unlock() { command exec 9<&-; }
`;
