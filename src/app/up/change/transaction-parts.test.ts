/** What a transaction on the host is given. */
import { expect, test } from "vitest";
import { transaction, VPS } from "../../../../test/support/app/down-world.ts";
import { OPERATOR, preparedFor, upWorld } from "../../../../test/support/app/up-world.ts";
import { dockerSocket, hostFacts, NOW, tcpSocket } from "../../../../test/support/host-facts.ts";
import type { ProgramFile } from "../../../host/index.ts";
import { transactionParts } from "./transaction-parts.ts";

async function partsFor(mode: "native" | "gateway", numbers: readonly number[] = []) {
  const world = upWorld();
  const transactions = numbers.map((number) => transaction(VPS, { number }));
  const facts = hostFacts({}, { transactions, sockets: [dockerSocket, tcpSocket()] });
  const prepared = await preparedFor(world, { mode, facts });
  const plan = { ...prepared.plan, exposedPorts: [2375] };
  const parts = () => transactionParts(world.ports, prepared, plan, world.host, () => {});
  return { prepared, parts };
}

test("its number follows the highest in the journal, in whatever order the host lists them", async () => {
  expect((await partsFor("native")).parts().number).toBe(1);
  expect((await partsFor("native", [2, 7, 3])).parts().number).toBe(8);
});

test("the journal records the line, who changed the host, when, and what was open before", async () => {
  const { prepared, parts } = await partsFor("native");
  expect(parts()).toMatchObject({
    about: {
      ...{ lineId: prepared.line.id, lineName: "vps", port: 2376, exposedPorts: [2375] },
      ...{ by: OPERATOR, at: new Date(NOW).toISOString(), version: "0.0.0" },
    },
    sockets: ["docker.socket", "docker-tcp.socket"],
    confirmWithinMs: 120_000,
  });
});

test("each transaction has a folder of its own for what is sent", async () => {
  const { parts } = await partsFor("gateway");
  const [one, other] = [parts().staging, parts().staging];
  expect(one).toMatch(/^\/var\/tmp\/tetherdock-./);
  expect(other).not.toBe(one);
});

test("only a gateway's program is sent: without a gateway there is nothing to send", async () => {
  const { prepared, parts } = await partsFor("gateway");
  const [file] = prepared.gateway?.desired.programs ?? [];
  expect(parts().payload(file as ProgramFile)).toMatchObject({ bytes: 400 });
  const native = (await partsFor("native")).parts();
  expect(() => native.payload(file as ProgramFile)).toThrow("without a gateway");
});
