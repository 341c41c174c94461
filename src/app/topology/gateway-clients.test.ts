/** When a gateway is asked for its clients, and what is said if it is not. */
import { expect, test } from "vitest";
import { FakeGateway } from "../../../test/support/app/fake-gateway.ts";
import { keepLine, VisitWorld } from "../../../test/support/app/visit-world.ts";
import { endpointReport, subject } from "../../../test/support/subject.ts";
import { TetherdockError } from "../../base/index.ts";
import { gatewayClients } from "./gateway-clients.ts";

async function stage() {
  const world = new VisitWorld();
  const gateway = new FakeGateway();
  await keepLine(world.lines, { mode: "gateway" });
  return { gateway, ports: { visit: world.ports, gateway: { lines: world.lines, env: {}, gateway } } };
}

const line = {
  ...{ name: "vps", endpoint: { host: "192.0.2.7", port: 2376 }, mode: "gateway" as const },
  ...{ ca: "", certificate: "", exposedKeys: [], fleets: [], waiting: [] },
};
const seen = subject({ inside: null, line });

test("no line, or a native one: nobody is asked", async () => {
  const { gateway, ports } = await stage();
  for (const one of [null, { ...line, mode: "native" as const }])
    expect(await gatewayClients(ports, { ...seen, line: one })).toEqual({
      ...{ known: false, why: "no line to its gateway is set up on this machine" },
    });
  expect(gateway.calls).toEqual([]);
});

test("a gateway is asked only if the certificate gets in at the line's own port", async () => {
  const { gateway, ports } = await stage();
  const { host } = line.endpoint;
  const elsewhere = endpointReport({}, { endpoint: { host, port: line.endpoint.port + 1 } });
  expect(await gatewayClients(ports, { ...seen, endpoints: [elsewhere] })).toEqual({
    ...{ known: false, why: "your certificate does not get in" },
  });
  expect(gateway.calls).toEqual([]);
  const here = endpointReport({}, { endpoint: line.endpoint });
  expect(await gatewayClients(ports, { ...seen, endpoints: [elsewhere, here] })).toMatchObject({
    ...{ known: true, from: "gateway" },
  });
});

test("it refuses: the reason is its error with the first of its causes; a bug is passed on", async () => {
  const { gateway, ports } = await stage();
  gateway.failure = new TetherdockError("GATEWAY_REFUSED", "no", { why: ["first", "second"] });
  expect(await gatewayClients(ports, seen)).toEqual({ known: false, why: "no: first" });
  const bug = new Error("a bug");
  gateway.failure = bug as TetherdockError;
  await expect(gatewayClients(ports, seen)).rejects.toBe(bug);
});
