/** Untested hosts are distinguished from tested ones. */
import { expect, test } from "vitest";
import { untried } from "./tried.ts";

const host = (version: string | null, systemdVersion = 257) => ({
  engine: version === null ? null : { version, liveRestore: false },
  systemdVersion,
});

test.each(["20.10.24+dfsg1", "20.10.0", "24.0.7", "26.1.5+dfsg1", "28.0.0~rc.1-1ubuntu2", "28.5.9"])(
  "docker %s is in the tested range",
  (version) => expect(untried(host(version))).toBeNull(),
);

test.each(["19.03.15", "20.9.1", "28.6.0", "29.0.0", "v28.1.0", "dev"])(
  "docker %s is outside the tested range",
  (version) =>
    expect(untried(host(version))).toBe(
      `tetherdock has not been tested with docker ${version}, only with docker 20.10 to 28.5 on systemd 252 to 262`,
    ),
);

test("systemd is compared too; a docker that is not running is not", () => {
  expect(untried(host(null))).toBeNull();
  expect(untried(host("20.10.24", 252))).toBeNull();
  expect(untried(host("26.1.5", 262))).toBeNull();
  expect(untried(host("29.0.0", 249))).toContain("not been tested with docker 29.0.0 and systemd 249, only");
  expect(untried(host(null, 263))).toContain("not been tested with systemd 263, only");
});
