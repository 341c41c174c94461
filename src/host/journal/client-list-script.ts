/**
 * POSIX sh for the one file that the gateway goes on changing while `up` is at work: its list of clients. Whoever writes
 * it takes the lock that the gateway takes (system/identity), and checks whether it still is what they think it is.
 *
 * The directory belongs to the gateway's user, who could put anything in the place of a file there at any moment. So the
 * lock is the directory itself, whose name only root can change, and reading the list ends after a while, whatever it is.
 */

/** Seconds that a lock is waited for: a change takes milliseconds. */
const WAIT_S = 5;

/**
 * Functions `sum PATH`, `lock PATH` and `unlock`. `lock` fails when another process keeps the lock; it is released at the
 * latest when the shell ends.
 */
export const CLIENT_LIST = `sum() { if [ -L "$1" ]; then echo link; elif [ -f "$1" ]; then timeout ${WAIT_S} sha256sum -- "$1" | cut -d' ' -f1
  elif [ -e "$1" ]; then echo special; else echo absent; fi; }
lock() { [ -d "\${1%/*}" ] || return 0
  command exec 9<"\${1%/*}" && flock -x -w ${WAIT_S} 9 && return
  echo "cannot lock \${1%/*}: another process has held the lock for ${WAIT_S} seconds" >&2; return 1; }
unlock() { command exec 9<&-; }
`;
