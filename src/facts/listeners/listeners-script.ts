/** Any user of the host can open more, so the script limits what it reads and prints. */
const MAX_SOCKETS = 1000;
/** Pairs of a process and a socket: processes can share sockets after a fork. */
const MAX_HELD = 5000;
/** For root's processes, and again for all others. */
const MAX_DESCRIPTORS = 100_000;

/**
 * Finds the processes that hold each listening socket. It reads only /proc, which is the same on every host and which
 * `ss` needs too. It runs one `ls` for many processes, because one for each takes seconds on a busy host. Root's
 * sockets and processes come first, so a user who has too many hides only their own. It needs `is_roots` of the daemons
 * script, because a process named like the engine is the engine only if root runs it.
 */
export const LISTENERS = `
tcp=$(grep -hE '^ *[0-9]+: [0-9A-F]+:[0-9A-F]+ [0-9A-F]+:0000 0A ' /proc/net/tcp /proc/net/tcp6 | tr -s ' ' | sed 's/^ //' | sort -s -n -k 8,8 | cut -d' ' -f2,10 | head -n ${MAX_SOCKETS})
s tcp; printf '%s\\n' "$tcp"
unix=$(grep -E '^[0-9a-f]+: [0-9A-F]+ [0-9A-F]+ 00010000 .*docker[^ /]*\\.sock$' /proc/net/unix | tr -s ' ' | cut -d' ' -f7,8 | head -n 100)
s unix; printf '%s\\n' "$unix"
inodes=$( (printf '%s\\n' "$tcp" | cut -d' ' -f2; printf '%s\\n' "$unix" | cut -d' ' -f1) | grep -x '[0-9][0-9]*' | tr '\\n' '|')
statuses() { grep "$1" '^Uid:[[:space:]]*0[[:space:]]' /proc/[0-9]*/status | sed 's/status$/fd/'; }
fds() { ls -l /dev/null $(statuses "$1") | head -n ${MAX_DESCRIPTORS}; }
held=$({ fds -l; fds -L; } | sed -nE "/^\\/proc/{h;d;}; /socket:\\[(\${inodes%|})\\]\\$/{G; s/.*socket:\\[([0-9]+)\\]\\n\\/proc\\/([0-9]+)\\/fd:/\\2 \\1/p;}" | head -n ${MAX_HELD})
s held; printf '%s\\n' "$held"
for p in $(printf '%s\\n' "$held" | cut -d' ' -f1 | uniq | head -n 500); do
  c=$(tr '\\n' ' ' <"/proc/$p/comm")
  case $c in docker*) is_roots "$p" || c="\${c% } that is not the host's" ;; esac
  s "process $p"; printf '%s\\n' "$c"; head -c 4000 "/proc/$p/cgroup"; done
`;
