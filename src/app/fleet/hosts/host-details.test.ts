/** What `fleet status` says of a host whose engine cannot be asked. */
import { expect, test } from "vitest";
import { fleetStage } from "../../../../test/support/fleet/fleet-stage.ts";
import { TetherdockError } from "../../../base/index.ts";
import type { EngineVersionResult } from "../../../engine/index.ts";
import { joinHosts } from "../fleet.ts";
import { fleetStatus } from "../fleet-status.ts";
import { type DetailPorts, hostDetails } from "./host-details.ts";

const REFUSED: EngineVersionResult = {
  ok: false,
  seen: { kind: "unreachable", cause: "refused", detail: "ECONNREFUSED" },
};

/** @param readFile of the line's own @returns what is told of the host */
async function detailsOf(readFile: () => Promise<string>) {
  const { ports } = await fleetStage("one");
  await joinHosts(ports, undefined, ["one"]);
  const status = await fleetStatus(ports, undefined);
  const away = async () => Promise.reject(new TetherdockError("GATEWAY_UNREACHABLE", "it is away"));
  const asking: DetailPorts = {
    ...ports,
    lines: Object.assign(Object.create(ports.lines) as typeof ports.lines, { readFile }),
    gateway: { ...ports.gateway, call: away },
    auditCopy: () => expect.fail("no log"),
    askEngine: async () => REFUSED,
  };
  return (await hostDetails(asking, status)).get("one");
}

test("an engine that does not answer is told with what was seen; a line's broken files are no fault of it", async () => {
  expect(await detailsOf(async () => "PEM")).toMatchObject({
    problems: [expect.stringMatching(/^its engine does not answer as it should: .*refused/)],
  });
  const broken = async () => Promise.reject(new TetherdockError("LINE_BROKEN", "the line has no key"));
  expect(await detailsOf(broken)).toMatchObject({ problems: ["the line has no key"] });
});
