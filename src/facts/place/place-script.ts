/**
 * POSIX sh that finds where paths lead and who can change the steps on the way. The undo uses the same `way`, because
 * it must not write to a place where somebody may have put a link in the meantime.
 */

/**
 * Function `way PATH`: prints every step of a path, one for each line, and follows links. Fails for a loop of links.
 */
export const WAY = `way() {
  wl=\${1#/}/ wa='' wn=0; echo /
  while [ -n "$wl" ]; do
    wc=\${wl%%/*} wl=\${wl#*/}
    case $wc in ''|.) continue ;; ..) wa=\${wa%/*}; continue ;; esac
    printf '%s\\n' "$wa/$wc"
    if [ -L "$wa/$wc" ]; then
      wn=$((wn+1)); [ $wn -le 40 ] || return 1
      wt=$(readlink "$wa/$wc"); case $wt in /*) wa='' ;; esac
      wl=$wt/$wl
    else wa=$wa/$wc; fi
  done
}
`;

/**
 * Function `places`: prints sections about every step of every path on standard input, which has one path on each line.
 */
export const PLACES = `${WAY}places() (
  t=$(printf '\\t'); IFS='
'; set -f
  all=$(while IFS= read -r p; do way "$p"; done | sort -u)
  s steps; stat -c "%f$t%u$t%g$t%h$t%U$t%G$t%n" -- $all
  s step-links; for p in $all; do [ ! -L "$p" ] || printf '%s\\t%s\\n' "$p" "$(readlink "$p")"; done
  s step-acl; for p in $all; do case $(ls -ld -- "$p") in ??????????+*) printf '%s\\n' "$p" ;; esac; done
  s step-locked; for p in $all; do [ -L "$p" ] || [ ! -e "$p" ] || [ -w "$p" ] || printf '%s\\n' "$p"; done
  command -v lsattr >/dev/null && for p in $all; do [ -L "$p" ] || case $(lsattr -d -- "$p" | cut -d' ' -f1) in *[ai]*) printf '%s\\n' "$p" ;; esac; done
  s step-mounts; cut -d' ' -f5 /proc/self/mountinfo | grep -Fx "$all"
)
`;
