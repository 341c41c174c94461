/**
 * A compromised host may print anything; reading it takes time in proportion to its length. While a pattern searches,
 * nothing else runs: no timeout, and not the handler of Ctrl-C.
 */
import { describe, expect, test } from "vitest";
import { hostFacts, pathStep, rootsOwn } from "../../test/support/host-facts.ts";
import { parseFacts, unitCommandLine, walkPath } from "../facts/index.ts";
import { parseInside } from "./parse-inside.ts";

const M = "odd-x";
const CHARACTERS = 64 * 1024;
/** One pass takes about ten milliseconds; quadratic reading took two to fifteen seconds. */
const MAX_MS = 1000;

function msOf(work: () => unknown): number {
  const began = performance.now();
  try {
    work();
  } catch (error) {
    expect(error).toMatchObject({ code: "FACTS_INCOMPLETE" });
  }
  return performance.now() - began;
}

const filled = (text: string, before = "") => `${before}${text.repeat(CHARACTERS / text.length)}!`;
const said = (heading: string, text: string) => `\n${M} ${heading}\n${text}\n${M} end\n`;
const facts = (heading: string, text: string) => parseFacts(said(heading, text), M);
const inside = (heading: string, text: string) => parseInside(said(heading, text), M, hostFacts());

describe("odd output of a host is read in one pass", () => {
  test.each([
    ["os", filled(" ", "PRETTY_NAME=a")],
    ["os", filled("\\", 'PRETTY_NAME="')],
    ["tcp", `${filled("00000000:0947 1\n")}\n${M} held\n${filled("1 1\n")}`],
    ["service", filled("K=\n")],
    ["addresses", filled("1:\n")],
  ])("facts: %s", (heading, text) => {
    expect(msOf(() => facts(heading, text))).toBeLessThan(MAX_MS);
  });

  test.each([
    ["firewall iptables", filled("hook input ")],
    ["firewall iptables", `${"hook input ".repeat(744)}\n`.repeat(128)],
    ["firewall iptables", filled("1 ", "dport ")],
    ["reload", filled("K=\n")],
    ["containers", filled("[\n")],
  ])("the inspection from inside: %s", (heading, text) => {
    expect(msOf(() => inside(heading, text))).toBeLessThan(MAX_MS);
  });

  test("one socket with many addresses and many holders", () => {
    const some = Array.from({ length: 2000 }, (_, at) => at + 1);
    const processes = some.map((pid) => `${M} process ${pid}\ndockerd\n0::/a.service`).join("\n");
    const held = `${M} held\n${some.map((pid) => `${pid} 1`).join("\n")}`;
    const sockets = some.map((port) => `00000000:${port.toString(16).toUpperCase().padStart(4, "0")} 1`);
    for (const tcp of [filled("00000000:0947 1\n"), sockets.join("\n")])
      expect(msOf(() => facts("tcp", `${tcp}\n${held}\n${processes}`))).toBeLessThan(MAX_MS);
  });

  test.each([
    ["rules that name many", `dport ${"1 ".repeat(4000)}\n`.repeat(30)],
    ["many rules that name all", "dport 1-65535\n".repeat(500)],
  ])("many ports, and %s", (_name, rules) => {
    const ports = Array.from({ length: 20_000 }, (_, at) => at + 2);
    const hex = (port: number) => port.toString(16).toUpperCase().padStart(4, "0");
    const tcp = ports.map((port) => `00000000:${hex(port)} ${port}`).join("\n");
    const held = ports.map((port) => `1 ${port}`).join("\n");
    const { listeners } = facts("tcp", `${tcp}\n${M} held\n${held}\n${M} process 1\ndockerd\n0::/`);
    const output = said("firewall nft", rules);
    const read = () => parseInside(output, M, hostFacts({}, { listeners }));
    expect(msOf(read)).toBeLessThan(MAX_MS);
  });

  test.each([filled(" ", "[Service]\nExecStart=/a"), filled("ExecStart=a\n", "[Service]\n"), filled("\n")])(
    "unit files",
    (text) => {
      const units = [{ path: "/etc/x", text }];
      expect(msOf(() => unitCommandLine(hostFacts({ units }).service))).toBeLessThan(MAX_MS);
    },
  );

  test("a variable with many words, used many times, makes no command line", () => {
    const units = [{ path: "/etc/x", text: filled("$A ", "[Service]\nExecStart=/a ") }];
    const environmentFiles = [{ path: "/etc/e", mode: "644", owner: "0:0", text: filled("x ", "A=") }];
    expect(unitCommandLine(hostFacts({ units, environmentFiles }).service)).toEqual([]);
  });

  test.each([
    ["transaction 0001 confirmed gone no", "entries 0001", "kept a b /x\n"],
    ["socket a.socket", "file unit a.socket 644 0 0 /a", "ListenStream=1\n"],
  ])("%s: many entries of one name count as one", (heading, shared, line) => {
    const many = `${heading}\n\n${M} `.repeat(1000);
    const took = msOf(() => {
      const { transactions, sockets } = facts(`${many}${shared}`, filled(line));
      expect(transactions.length + sockets.length).toBe(1);
    });
    expect(took).toBeLessThan(MAX_MS);
  });

  test("too many sections are refused", () => {
    const many = `\n${M} transaction 0001 confirmed gone no\n`.repeat(5000);
    expect(() => parseFacts(`${many}\n${M} end\n`, M)).toThrow(
      expect.objectContaining({ code: "FACTS_INCOMPLETE" }),
    );
  });

  test("an endless link resolves to nothing", () => {
    const link = pathStep("/etc/x", { type: "link", target: "a/".repeat(500_000) });
    expect(walkPath(rootsOwn("/etc/x", link), "/etc/x/y")).toBeNull();
  });
});
