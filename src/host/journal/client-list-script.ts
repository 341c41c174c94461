/**
 * POSIX sh for the one file that the gateway goes on changing while `up` is at work: its list of clients. Whoever writes
 * it takes the lock that the gateway takes (client-file.ts), and looks whether it still is what they think it is.
 */

/** Functions `sum PATH`, `lock PATH` and `unlock PATH`. Who was killed with the lock is waited for five seconds. */
export const CLIENT_LIST = `sum() { if [ -L "$1" ]; then echo link; elif [ -f "$1" ]; then sha256sum <"$1" | cut -d' ' -f1; else echo absent; fi; }
lock() { [ -d "\${1%/*}" ] || return 0; lt=0; until (set -C; : >"$1.lock") 2>/dev/null; do
  lt=$((lt+1)); [ $lt -lt 50 ] || { rm -f "$1.lock"; lt=0; }; sleep 0.1; done; }
unlock() { rm -f "$1.lock"; }
`;
