/**
 * Who really holds each listening socket. By /proc alone, not by ss: the same on every host, and `ss` needs /proc too.
 * One `ls` over all processes, for one a process takes seconds on a busy host. Wants `is_roots` of the daemons script:
 * a name like the engine's is only the engine's if root runs it.
 */
export const LISTENERS = `
tcp=$(grep -hE '^ *[0-9]+: [0-9A-F]+:[0-9A-F]+ [0-9A-F]+:0000 0A ' /proc/net/tcp /proc/net/tcp6 | tr -s ' ' | sed 's/^ //' | cut -d' ' -f2,10 | head -n 1000)
s tcp; printf '%s\\n' "$tcp"
unix=$(grep -E '^[0-9a-f]+: [0-9A-F]+ [0-9A-F]+ 00010000 .*docker[^ /]*\\.sock$' /proc/net/unix | tr -s ' ' | cut -d' ' -f7,8 | head -n 100)
s unix; printf '%s\\n' "$unix"
inodes=$( (printf '%s\\n' "$tcp" | cut -d' ' -f2; printf '%s\\n' "$unix" | cut -d' ' -f1) | grep -x '[0-9][0-9]*' | tr '\\n' '|')
held=$(ls -l /proc/[0-9]*/fd | sed -nE "/^\\/proc/{h;d;}; /socket:\\[(\${inodes%|})\\]\\$/{G; s/.*socket:\\[([0-9]+)\\]\\n\\/proc\\/([0-9]+)\\/fd:/\\2 \\1/p;}")
s held; printf '%s\\n' "$held"
for p in $(printf '%s\\n' "$held" | cut -d' ' -f1 | sort -un | head -n 500); do
  c=$(tr '\\n' ' ' <"/proc/$p/comm")
  case $c in docker*) is_roots "$p" || c="\${c% } that is not the host's" ;; esac
  s "process $p"; printf '%s\\n' "$c"; head -c 4000 "/proc/$p/cgroup"; done
`;
