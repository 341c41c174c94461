/**
 * docker's units read from their files, in systemd's order, where systemd itself tells nothing (it is down, or the
 * shell is in a rescue system): the first folder that has the fragment wins; of drop-ins of one name, too.
 * @see systemd.unit(5), "Unit File Load Path"
 */
export const OWN_READING = `
if ! systemctl show docker.service -p LoadState | grep -q '^LoadState=.'; then
  dirs='/etc/systemd/system /run/systemd/system /usr/local/lib/systemd/system /usr/lib/systemd/system /lib/systemd/system'
  read_unit() {
    for d in $dirs; do [ -e "$d/$1" ] && { f "unit $1" "$d/$1"; break; }; done
    for n in $(for d in $dirs; do ls "$d/$1.d"; done | grep '\\.conf$' | sort -u); do
      for d in $dirs; do [ -e "$d/$1.d/$n" ] && { f "unit $1" "$d/$1.d/$n"; break; }; done; done; }
  s own; read_unit docker.service
  for d in $dirs; do for u in "$d"/*.socket; do
    [ -e "$u" ] || continue
    case $u in */docker.socket) ;; *) grep -q '^Service=docker.service' "$u" || continue ;; esac
    s "socket \${u##*/}"; read_unit "\${u##*/}"; done; done
  for p in $(for d in $dirs; do sed -n 's/^EnvironmentFile=-\\{0,1\\}//p' "$d/docker.service" "$d"/docker.service.d/*.conf; done | sort -u); do f environment "$p"; done
  for d in $daemons; do s command; tr '\\0' '\\n' <"/proc/$d/cmdline"; done
fi
`;
