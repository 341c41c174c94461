/**
 * The rules of the host's firewalls. Each tool is asked only where its tables are already in use: the first question
 * would otherwise load kernel modules. dockerd has asked iptables before us.
 */
export const FIREWALL = `
if [ -n "$daemons" ] || [ -s /proc/net/ip_tables_names ] || grep -q '^nf_tables ' /proc/modules; then
  for t in iptables ip6tables; do command -v $t >/dev/null && { s "firewall $t"; timeout 5 $t -w 2 -S | head -c 300000; }; done
  # iptables' own tables are in the lists above
  command -v nft >/dev/null && { s "firewall nft"; timeout 5 nft list ruleset | head -c 300000; }
fi
[ "$(sed -n 's/^ENABLED=//p' /etc/ufw/ufw.conf)" = yes ] && s "firewall ufw" && timeout 10 ufw status | head -c 100000
[ -n "$(grep -lx firewalld /proc/[0-9]*/comm)" ] && s "firewall firewalld" && timeout 10 firewall-cmd --list-all | head -c 100000
`;
