/** A line as stored on a laptop. */
import type { Line } from "../../src/line/index.ts";

export function sampleLine(over: Partial<Line> = {}): Line {
  return {
    version: 2,
    id: "0123456789abcdef",
    name: "vps",
    mode: "native",
    address: "192.0.2.7",
    port: 2376,
    target: "core@vps",
    addresses: ["192.0.2.7"],
    sans: [],
    host: { serverKeys: [], reachedAt: [], ssh: null },
    createdAt: "2026-01-31T08:00:00.000Z",
    ...over,
  };
}
