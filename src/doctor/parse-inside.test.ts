import { describe, expect, test } from "vitest";
import { hostFacts } from "../../test/support/host-facts.ts";
import { parseInside } from "./parse-inside.ts";

const M = "inside-x";
type Part = readonly [heading: string, text: string];
const parse = (...parts: Part[]) =>
  parseInside(
    `noise${parts.map(([name, text]) => `\n${M} ${name}\n${text}`).join("")}\n${M} end\n`,
    M,
    hostFacts(),
  );

describe("parseInside()", () => {
  test("modes and certificates, each path once, with its spaces", () => {
    const inside = parse(
      ["mode key 644 root:ssl /etc/a b/key.pem", ""],
      ["mode directory 755 root:root /etc", ""],
      ["mode directory 755 root:root /etc", ""],
      ["certificate ca /etc/a b/ca.pem", "-----BEGIN CERTIFICATE-----\n"],
      ["certificate server /etc/empty.pem", ""],
    );
    expect(inside.modes).toEqual([
      { path: "/etc/a b/key.pem", kind: "key", mode: "644", owner: "root:ssl" },
      { path: "/etc", kind: "directory", mode: "755", owner: "root:root" },
    ]);
    expect(inside.certificates.map(({ path, role }) => [path, role])).toEqual([["/etc/a b/ca.pem", "ca"]]);
  });
  test.each([
    ["docker:x:999:\n", "", []],
    ["docker:x:999:ann,bob\n", "bob\ncyd\n", ["ann", "bob", "cyd"]],
    ["", "", []],
  ])("group %j, primary %j", (group, primary, expected) =>
    expect(parse(["group", group], ["primary", primary]).dockerGroup).toEqual(expected),
  );
  test("the engine's components; garbage is ignored", () => {
    expect(
      parse(["components", "Engine 20.10.24+dfsg1\nrunc 1.1.5+ds1\nrunc\na b c\n\n"]).components,
    ).toEqual([
      { name: "Engine", version: "20.10.24+dfsg1" },
      { name: "runc", version: "1.1.5+ds1" },
    ]);
  });
  test("containers with the socket or its directory mounted; garbage is ignored", () => {
    const line = (name: string, source: string, ports: unknown = {}) =>
      JSON.stringify([`/${name}`, "img", [{ Type: "bind", Source: source }], ports]);
    const bound = {
      "80/tcp": [
        { HostIp: "0.0.0.0", HostPort: "2375" },
        { HostIp: "::", HostPort: "2375" },
      ],
      "81/tcp": null,
    };
    const text = [
      line("a", "/var/run/docker.sock", bound),
      line("b", "/run"),
      line("c", "/srv"),
      "[1,2",
      "17",
      '["/d",null,{"x":1},[]]',
    ].join("\n");
    expect(parse(["containers", text]).containers).toEqual([
      { name: "a", image: "img", mountsSocket: true, publishedPorts: [2375] },
      { name: "b", image: "img", mountsSocket: true, publishedPorts: [] },
    ]);
  });
  test.each([
    ["iptables", "-A INPUT ! -i lo -p tcp -m tcp --dport 2376 -j DROP", 2376],
    ["iptables", "-A INPUT -p tcp -m multiport --dports 80,2370:2380 -j ACCEPT", 2375],
    ["iptables", "-P INPUT DROP", null],
    ["nft", "\t\ttcp dport { 22, 2376 } accept", 2376],
    ["nft", "\t\ttype filter hook input priority filter; policy drop;", null],
    ["ufw", "2376/tcp                   DENY        Anywhere", 2376],
  ])("%s: %s", (tool, rule, port) => {
    expect(parse([`firewall ${tool}`, `${rule}\n`]).firewall[0]).toEqual({ tool, rule: rule.trim(), port });
  });
  test.each([
    "-A INPUT -p tcp --dport 22 -j ACCEPT",
    "-A DOCKER -d 172.17.0.2/32 -j ACCEPT",
    "-P FORWARD DROP",
  ])("an unrelated rule is ignored: %s", (rule) =>
    expect(parse(["firewall iptables", rule]).firewall).toEqual([]),
  );
  test("the number and length of rules is limited", () => {
    const rule = `-A INPUT -p tcp --dport 2376 -m comment --comment "${"x".repeat(5_000)}" -j DROP\n`;
    const { firewall } = parse(["firewall iptables", rule.repeat(1_000)]);
    expect(firewall.length).toBe(100);
    expect(firewall[0]?.rule.length).toBe(300);
  });
  test("one unit with a pending reload is enough", () => {
    expect(parse(["reload", "NeedDaemonReload=no\n\nNeedDaemonReload=yes\n"]).needDaemonReload).toBe(true);
    expect(parse(["reload", "NeedDaemonReload=no\n"]).needDaemonReload).toBe(false);
  });
  test("files and processes replace the answers of a missing systemd", () => {
    const { facts, unitCommandLine } = parse(
      ["own", ""],
      ["file unit docker.service 644 0 0 /etc/systemd/system/docker.service", "[Service]\nExecStart=/d $X\n"],
      ["socket docker.socket", ""],
      ["file environment 644 0 0 /etc/default/docker", "X=-D\n"],
      ["command", "/d\n-D\n"],
    );
    expect(unitCommandLine).toEqual(["/d", "-D"]);
    expect(facts.commandLine).toEqual(["/d", "-D"]);
    expect(facts.service).toMatchObject({ loadState: "loaded", active: true });
    expect(facts.sockets).toMatchObject([{ unit: "docker.socket", active: false }]);
  });
  test("refuses incomplete output", () => {
    expect(() => parseInside(`\n${M} tcp\n`, M, hostFacts())).toThrow(
      expect.objectContaining({ code: "FACTS_INCOMPLETE" }),
    );
  });
});
