import { expect, test } from "vitest";
import { dialable, MAX_CLAIMED_ADDRESSES } from "./dialable.ts";

test.each([
  ["127.0.0.1", "0.0.0.0", "0.1.2.3", "169.254.169.254", "224.0.0.1", "239.1.1.1", "255.255.255.255"],
  ["::", "::1", "::7f00:1", "::ffff:127.0.0.1", "fe80::1", "febf::1", "ff02::1", "0:0:0:0:0:0:0:1"],
  ["vps.example", "999.1.1.1", "", "10.0.0.1%eth0", "fe80::1%eth0"],
])("never dials %s", (...addresses) => {
  expect(dialable(addresses, [])).toEqual([]);
});

test("never dials the laptop's own addresses, in any spelling", () => {
  expect(dialable(["192.0.2.9", "2001:DB8:0::9", "192.0.2.7"], ["192.0.2.9", "2001:db8::9"])).toEqual([
    "192.0.2.7",
  ]);
});

test("each address once, and at most a few of three hundred", () => {
  expect(dialable(["192.0.2.7", "::ffff:192.0.2.7", "2001:db8::7"], [])).toEqual([
    "192.0.2.7",
    "2001:db8::7",
  ]);
  const many = Array.from({ length: 301 }, (_, at) => `10.99.${at >> 8}.${at & 255}`);
  expect(dialable(many, [])).toHaveLength(MAX_CLAIMED_ADDRESSES);
});
