/**
 * The script that restores a host, kept in the journal beside the old files: it needs neither tetherdock nor a laptop.
 * Run by a timer if nobody confirmed, at boot, or by `down`. If it was interrupted anywhere, it can run again.
 */

import { BOOT_UNIT_FILE, BOOT_UNIT_LINK, JOURNAL, UNDO_UNIT, WAY } from "../../facts/index.ts";
import { CLIENT_LIST } from "./client-list-script.ts";

/** POSIX sh; `$1` is `now` (unconfirmed), `boot` (the same, while the host starts), `down`, or `down-more`. */
export const undoScript = `#!/bin/sh
# Puts back what one "tetherdock up" changed; see entries and before/ in this folder.
set -u
umask 077
export LC_ALL=C PATH=/usr/sbin:/usr/bin:/sbin:/bin
t=$(cd "$(dirname "$0")" && pwd) || exit 1
mode=\${1:-now} from=pending failed=0
case $mode in down*) from=confirmed ;; esac
# One rename decides between "confirmed" and "undone", whoever asks at the same moment.
mv "$t/$from" "$t/undoing" 2>/dev/null || [ -e "$t/undoing" ] || { echo "nothing to undo: not $from"; exit 0; }

# The gateway lets go of its port and its files before they change. At boot systemd may have started it meanwhile.
gateway() { [ ! -e "$t/serving" ] && [ $mode != boot ] || sed 's/ .*//' "$t/gateway" 2>/dev/null; }
[ -z "$(gateway)" ] || systemctl stop $(gateway) 2>/dev/null

${WAY}
# Whether only root can change the directories that lead to a path: else a link could be waiting there for us.
ours_alone() {
  wd=$(way "$(dirname "$1")") || return 1
  while IFS= read -r step; do
    [ ! -L "$step" ] && [ -d "$step" ] || continue
    case $(stat -c %u:%g:%A "$step") in 0:*:????????w?) bad= ;; 0:0:*|0:*:?????-*) bad=no ;; *) bad= ;; esac
    case $(ls -ld "$step") in ?????w????+*) bad= ;; esac
    [ -n "$bad" ] || { echo "left: not only root can change $step, on the way to $1"; return 1; }
  done <<END
$wd
END
}
${CLIENT_LIST}
# What others have changed since is theirs; after a confirm, all is. What goes as a whole goes with its folder.
take_back() { # NUMBER PATH
  [ "$from" = pending ] && [ -s "$t/wrote" ] || return 0
  # Who keeps the lock must not keep the rest of the host from being restored.
  lock "$2" || { echo "left: $2 is locked"; return 0; }
  if [ "$(sum "$2")" != "$(cat "$t/wrote")" ]; then echo "left: $2 was changed meanwhile"
  elif [ -e "$t/before/$1" ]; then cp -a "$t/before/$1" "$t/shared" && mv -fT "$t/shared" "$2"
  else rm -f "$2"; fi
  taken=$?; unlock; return $taken
}
put_back() { # NUMBER KIND PATH
  # A spare file may lie in a service's own directory: nothing is made there, what was kept is moved in.
  case $2 in spare|shared) above=$(dirname "$3") ;; *) above=$3 ;; esac
  ours_alone "$above" || { failed=1; return; }
  case $2 in
    absent) rm -f "$3" ;;
    tree) rm -rf "$3" ;;
    spare) [ ! -e "$t/before/$1" ] || { cp -a "$t/before/$1" "$t/spare" && mv -fT "$t/spare" "$3"; } ;;
    shared) take_back "$1" "$3" ;;
    kept) rm -f "$3.tetherdock-undo" && cp -a "$t/before/$1" "$3.tetherdock-undo" && mv -fT "$3.tetherdock-undo" "$3" ;;
    directory) rmdir "$3" 2>/dev/null || [ ! -d "$3" ] || echo "left: $3 is not empty" ;;
  esac || { failed=1; echo "cannot put back $3"; }
}
[ ! -s "$t/staging" ] || rm -rf "$(cat "$t/staging")"
# The disk may be full: nothing is written to find out what to restore.
numbers=$(cut -d' ' -f1 "$t/entries" | sort -rn)
[ -n "$numbers" ] || [ ! -s "$t/entries" ] || failed=1
for number in $numbers; do
  entry=$(sed -n "s/^$number //p" "$t/entries")
  if [ -n "$entry" ]; then put_back "$number" "\${entry%% *}" "\${entry#* }"; else failed=1; fi
done

was() { grep -qx "$1 active" "$t/units"; }
sockets() { sed -n 's/ .*//; /\\.socket$/p' "$t/units"; }
systemctl daemon-reload
if [ $mode = boot ]; then
  # docker.service waits for us; its sockets may already listen as we had changed them.
  for u in $(sockets); do was "$u" && systemctl restart "$u" || systemctl stop "$u"; done
elif [ -e "$t/restarting" ] && [ $mode != down-more ]; then
  systemctl stop docker.service $(sockets) 2>/dev/null
  systemctl reset-failed docker.service 2>/dev/null
  for u in $(sockets); do was "$u" && { systemctl start "$u" || failed=1; }; done
  was docker.service && { systemctl start docker.service || failed=1; }
fi
# At boot docker waits for us, and the gateway for docker.
again=; [ $mode != boot ] || again=--no-block
for u in $(gateway); do
  if [ $mode != down-more ] && grep -qx "$u active" "$t/gateway"; then systemctl start $again "$u" || failed=1
  else systemctl reset-failed "$u" 2>/dev/null; fi
done
[ $failed = 0 ] || { echo "not all could be put back; the journal is kept: $t"; exit 1; }
# Before the folder goes: then another change may begin, whose timer has the same name.
systemctl stop ${UNDO_UNIT}.timer 2>/dev/null
rm -f ${BOOT_UNIT_LINK} ${BOOT_UNIT_FILE}
rm -rf "$t"
rmdir ${JOURNAL} 2>/dev/null
sync
echo undone
`;
