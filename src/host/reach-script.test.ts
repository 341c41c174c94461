import { expect, test } from "vitest";
import { openPortHints, parseReach } from "./reach-script.ts";

test("reads the host's report on its port and firewalls", () => {
  expect(parseReach("listening\nufw\niptables\n")).toEqual({
    listening: true,
    firewalls: ["ufw", "iptables"],
  });
  expect(parseReach("")).toEqual({ listening: false, firewalls: [] });
});

test("suggests a command that opens the port for each known firewall, otherwise the provider's", () => {
  const firewalls = ["ufw", "firewalld", "iptables", "ip6tables", "nftables", "other"];
  const hints = openPortHints({ listening: true, firewalls }, 2400);
  expect(hints.map((hint) => hint.split(" ")[0])).toEqual([
    "ufw",
    "firewall-cmd",
    "iptables",
    "ip6tables",
    "nft",
  ]);
  expect(hints.every((hint) => hint.includes("2400"))).toBe(true);
  expect(openPortHints({ listening: true, firewalls: ["other"] }, 2400)).toEqual([
    "open TCP 2400 in your provider's firewall (security group)",
  ]);
});
