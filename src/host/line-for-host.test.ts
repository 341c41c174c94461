import { describe, expect, test } from "vitest";
import { hostFacts } from "../../test/support/host-facts.ts";
import type { Line } from "../line/index.ts";
import { lineForHost } from "./line-for-host.ts";

const line = (name: string, id: string, target: string): Line => ({
  version: 1,
  id,
  name,
  mode: "native",
  address: "192.0.2.7",
  port: 2376,
  target,
  sans: [],
  addresses: [],
  createdAt: "2026-01-01T00:00:00.000Z",
});
const carrying = (lineId: string) =>
  hostFacts(
    {},
    {
      transactions: [
        {
          number: 1,
          state: "confirmed",
          ownerAlive: false,
          restarted: true,
          entries: [],
          about: {
            lineId,
            lineName: "web",
            port: 2376,
            exposedPorts: [],
            by: "ann@box",
            at: "2026",
            version: "1",
          },
        },
      ],
    },
  );
const wanted = { name: undefined, defaultName: "vps", target: "core@vps" };
const codeOf = (action: () => unknown) => {
  try {
    action();
  } catch (error) {
    return (error as { code: string }).code;
  }
  return "nothing thrown";
};

describe("lineForHost()", () => {
  test("a bare host and a free name make a new line", () => {
    expect(lineForHost([], hostFacts(), wanted)).toEqual({ line: null, name: "vps" });
  });
  test("the host's own word decides, also after its address has changed", () => {
    const web = line("web", "aa", "core@old-address");
    expect(lineForHost([web], carrying("aa"), wanted)).toEqual({ line: web });
  });
  test("a host set up anew keeps the line's identity", () => {
    const vps = line("vps", "aa", "core@vps");
    expect(lineForHost([vps], hostFacts(), wanted)).toEqual({ line: vps });
  });
  test("refuses another laptop's line", () => {
    expect(codeOf(() => lineForHost([line("vps", "bb", "core@vps")], carrying("aa"), wanted))).toBe(
      "HOST_HAS_LINE",
    );
  });
  test("refuses a second name for one line, and one name for two hosts", () => {
    const web = line("web", "aa", "core@vps");
    expect(codeOf(() => lineForHost([web], carrying("aa"), { ...wanted, name: "other" }))).toBe(
      "LINE_EXISTS",
    );
    expect(codeOf(() => lineForHost([web], hostFacts(), { ...wanted, name: "web", target: "x" }))).toBe(
      "LINE_EXISTS",
    );
  });
});
