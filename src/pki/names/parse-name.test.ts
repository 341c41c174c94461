import { isIPv4, isIPv6 } from "node:net";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { TetherdockError } from "../../base/index.ts";
import { normaliseNames, parseName } from "./parse-name.ts";

const reasonAgainst = (text: string): string => {
  try {
    parseName(text);
  } catch (error) {
    if (error instanceof TetherdockError && error.code === "NAME_INVALID") return error.why.join();
    throw error;
  }
  return "accepted";
};

describe("parseName()", () => {
  test.each([
    ["Docker.Example.COM.", "dns", "docker.example.com"],
    ["localhost", "dns", "localhost"],
    ["my_host", "dns", "my_host"],
    ["3com.example", "dns", "3com.example"],
    ["bücher.example", "dns", "xn--bcher-kva.example"],
    ["XN--BCHER-KVA.example", "dns", "xn--bcher-kva.example"],
    ["192.0.2.7", "ip", "192.0.2.7"],
    ["[2001:DB8:0:0::1]", "ip", "2001:db8::1"],
    ["2001:db8:0:1:0:0:0:1", "ip", "2001:db8:0:1::1"],
    ["::ffff:192.0.2.7", "ip", "192.0.2.7"],
    ["::FFFF:c000:207", "ip", "192.0.2.7"],
    ["fe80::1", "ip", "fe80::1"],
  ] as const)("%s is %s %s", (text, type, value) => {
    expect(parseName(text)).toEqual({ type, value });
  });

  test.each([
    ["", "empty"],
    [".", "empty"],
    ["a b", "white space"],
    ["host\n", "white space"],
    ["*.example.com", "wildcard"],
    ["fe80::1%eth0", "zone"],
    ["[fe80::1%25eth0]", "zone"],
    ["https://docker.example.com", "URL"],
    ["root@docker.example.com", "user"],
    ["10.0.0.0/8", "network"],
    ["docker.example.com:2376", "port"],
    ["[::1]:2376", "port"],
    ["0.0.0.0", "all addresses"],
    ["::", "all addresses"],
    ["::ffff:0.0.0.0", "all addresses"],
    ["127.1", "looks like an IP"],
    ["0x7f.0x1", "looks like an IP"],
    ["2130706433", "looks like an IP"],
    ["010.0.0.1", "looks like an IP"],
    ["256.0.0.1", "looks like an IP"],
    ["1.2.3.4.", "looks like an IP"],
    ["１２７。0。0。1", "looks like an IP"],
    ["a..b", "two dots"],
    ["a.b..", "two dots"],
    [`${"a".repeat(64)}.example`, "63"],
    [`${"a.".repeat(127)}`.repeat(2), "253"],
    ["-a.example", '"-a"'],
    ["a-.example", '"a-"'],
    ["a\u0000.example", '"a\\u0000"'],
    ["a%2eb", "not a part"],
    ["[example.com]", "not a part"],
    ["[192.0.2.7]", "not a part"],
    ["1:2:3", "not a part"],
    ["::1::2", "not a part"],
    ["a,DNS:b", "not a part"],
    ["a\u200d.example", "cannot be written"],
  ])("%j is refused: %s", (text, reason) => {
    expect(reasonAgainst(text)).toContain(reason);
  });

  test("every accepted name is canonical, and Node agrees with its kind", () => {
    const near = fc.oneof(fc.string(), fc.ipV6(), fc.ipV4(), fc.domain(), fc.string({ unit: "binary" }));
    const parse = (text: string) => {
      try {
        return parseName(text);
      } catch (error) {
        if (error instanceof TetherdockError) return null;
        throw error;
      }
    };
    fc.assert(
      fc.property(near, (text) => {
        const name = parse(text);
        if (!name) return;
        expect(parseName(name.value)).toEqual(name);
        expect(isIPv4(name.value) || isIPv6(name.value)).toBe(name.type === "ip");
        if (name.type === "dns") expect(name.value).toMatch(/^[a-z0-9_.-]{1,253}$/);
      }),
      { numRuns: 2_000 },
    );
  });

  test("reads every spelling of an address as the same address", () => {
    const groups = fc.array(fc.integer({ min: 0, max: 0xffff }), { minLength: 8, maxLength: 8 });
    fc.assert(
      fc.property(groups, (words) => {
        fc.pre(words.slice(0, 5).some((word) => word !== 0));
        const long = words.map((word) => word.toString(16).padStart(4, "0")).join(":");
        const short = words.map((word) => word.toString(16)).join(":");
        const tail = words.slice(6).flatMap((word) => [word >> 8, word & 0xff]);
        const mixed = `${short.split(":").slice(0, 6).join(":")}:${tail.join(".")}`;
        for (const text of [long.toUpperCase(), short, mixed, `[${long}]`])
          expect(parseName(text)).toEqual(parseName(long));
      }),
    );
  });
});

describe("normaliseNames()", () => {
  test("keeps the first of each and the order", () => {
    const names = normaliseNames([
      "b.example",
      "A.example.",
      "[::1]",
      "B.example",
      "0:0:0:0:0:0:0:1",
      "a.example",
    ]);
    expect(names.map((name) => name.value)).toEqual(["b.example", "a.example", "::1"]);
  });
  test("refuses all if one is invalid", () => {
    expect(() => normaliseNames(["a.example", "*.example"])).toThrow('"*.example"');
  });
});
