/** The same questions, to docker's socket and through the gateway: the answers are the same bytes, dates aside. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { exchanges } from "../support/gateway/exchanges.ts";
import { type GatewayLine, type LineKeys, openGatewayLine } from "../support/gateway/line-on-host.ts";
import { askDirectly, askThroughLine, withoutDate } from "../support/gateway/raw-exchange.ts";
import { missingRelease, type Release } from "../support/host.ts";

const INVENTORY = { running: "stays", ended: "ended", network: "own", volume: "kept", image: "tiny" };

const noForky = await missingRelease("forky");
const engines: readonly (readonly [Release, string])[] = [
  ["bookworm", "20.10"],
  ["trixie", "26.1"],
  ["forky", "28.5 or newer"],
];

describe.for(engines)("byte for byte, on %s with Engine %s", ([release]) => {
  const skip = release === "forky" && noForky !== null;
  let line: GatewayLine;
  let keys: LineKeys;

  beforeAll(async () => {
    if (skip) return;
    line = await openGatewayLine("gwdiff", { release });
    keys = await line.keys();
    await line.host.root(`docker run -d --name stays tiny sleep 100000; docker run --name ended tiny echo over
      docker network create own; docker volume create kept; docker tag tiny tiny:again`);
  });
  afterAll(async () => {
    await line?.[Symbol.asyncDispose]();
  });

  test.skipIf(skip)("at least 300 exchanges", async () => {
    const all = exchanges(INVENTORY);
    expect(all.length).toBeGreaterThanOrEqual(300);
    const statuses = new Map<string, number>();
    for (const exchange of all) {
      const direct = await askDirectly(line.directSocket, exchange);
      const guarded = withoutDate(await askThroughLine(keys, exchange));
      // "Exited (0) 16 seconds ago" may have become 17 in between; then it still is 17, or what is in between is ours
      const expected = [direct, await askDirectly(line.directSocket, exchange)].map(withoutDate);
      const answer = expected.includes(guarded) ? guarded : expected[0];
      expect({ exchange, answer: guarded }).toEqual({ exchange, answer });
      const status = direct.slice(9, 12);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
    // they are of every kind, not three hundred times the same refusal
    for (const status of ["200", "304", "400", "404", "409"])
      expect(statuses.get(status) ?? 0, status).toBeGreaterThan(3);
  });
});
