import { describe, expect, test } from "vitest";
import { parseFacts } from "./parse.ts";

const M = "facts-x";
const sections = (...parts: [string, string][]) =>
  `noise from a login shell\n${parts.map(([name, text]) => `\n${M} ${name}\n${text}`).join("")}\n${M} end\n`;

describe("parseFacts()", () => {
  test("leaves out container bridges, loopback and temporary addresses", () => {
    const text = [
      "2: eth0    inet 192.0.2.7/24 brd 192.0.2.255 scope global eth0\\       valid_lft forever",
      "2: eth0    inet6 2001:db8::7/64 scope global dynamic mngtmpaddr \\       valid_lft 86000sec",
      "2: eth0    inet6 2001:db8::dead/64 scope global temporary dynamic \\       valid_lft 86000sec",
      "2: eth0    inet6 2001:db8::beef/64 scope global deprecated \\       valid_lft 0sec",
      "3: docker0    inet 172.17.0.1/16 brd 172.17.255.255 scope global docker0\\       valid_lft forever",
      "4: br-0123456789ab    inet 172.18.0.1/16 scope global br-0123456789ab\\       valid_lft forever",
    ].join("\n");
    expect(parseFacts(sections(["addresses", text]), M).addresses).toEqual(["192.0.2.7", "2001:db8::7"]);
  });
  test("a time beyond all dates counts as no clock", () => {
    const clock = (text: string) => parseFacts(sections(["clock", text]), M).clockMs;
    expect(["1795728906\n", "1e999\n", "1e13\n", "noon\n"].map(clock)).toEqual([
      1_795_728_906_000,
      ...[Number.NaN, Number.NaN, Number.NaN],
    ]);
  });
  test("the system's name is one short line", () => {
    const name = (text: string) => parseFacts(sections(["os", `PRETTY_NAME="${text}"\n`]), M).os.name;
    expect(name("Debian GNU/Linux 12 (bookworm)")).toBe("Debian GNU/Linux 12 (bookworm)");
    expect(name(`Debian${" ".repeat(90)}try: x`)).toBe("Debian try: x");
    expect(name("x".repeat(5000))).toHaveLength(64);
  });
  test("keeps a file byte for byte, with and without a final newline", () => {
    const file = (text: string) =>
      parseFacts(sections(["file daemon-json 600 0 0 /etc/docker/daemon.json", text]), M);
    for (const text of ["{}", "{}\n", "{\n\n}\n\n"]) expect(file(text).daemonJson.file?.text).toBe(text);
  });
  test("keeps paths with spaces", () => {
    const facts = parseFacts(sections(["file unit docker.service 644 0 0 /etc/a b.conf", "x"]), M);
    expect(facts.service.units).toEqual([{ path: "/etc/a b.conf", text: "x" }]);
  });
  test("a file cannot forge a section without the marker", () => {
    const facts = parseFacts(
      sections(["file environment 644 0 0 /etc/e", "\nfacts-y transaction 0001 confirmed alive\n{}"]),
      M,
    );
    expect(facts.transactions).toEqual([]);
  });
  test("refuses incomplete output", () => {
    expect(() => parseFacts(`\n${M} os\nID=debian\n`, M)).toThrow(
      expect.objectContaining({ code: "FACTS_INCOMPLETE" }),
    );
  });
  test("a journal entry with a foreign description has no owner", () => {
    const facts = parseFacts(sections(["transaction 0001 confirmed gone", '{"lineId": 1}']), M);
    expect(facts.transactions[0]).toMatchObject({ number: 1, state: "confirmed", about: null });
  });
});
