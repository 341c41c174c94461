/** What somebody costs who asks and hangs up before the answer. */
import { duplexPair } from "node:stream";
import { expect, test } from "vitest";
import { addressGroup } from "../admission/address-group.ts";
import { OneRequestConnections } from "./one-request-connections.ts";
import type { Reply } from "./places.ts";

function made() {
  const begun: PromiseWithResolvers<Reply>[] = [];
  const desk = {
    ...{ serves: () => true, greeting: () => null, failed: {} },
    reply() {
      const work = Promise.withResolvers<Reply>();
      begun.push(work);
      return work.promise;
    },
  };
  const connections = new OneRequestConnections(desk, () => {});
  async function askAndHangUp(address: string): Promise<boolean> {
    const [own, theirs] = duplexPair();
    const isTaken = connections.take(theirs, { address: `${address}:1`, group: addressGroup(address) });
    if (isTaken) {
      own.write("please\n");
      await new Promise(setImmediate);
    }
    theirs.destroy();
    await new Promise(setImmediate);
    return isTaken;
  }
  return { begun, askAndHangUp };
}

test("work counts until it is done, whatever becomes of the connection", async () => {
  const { begun, askAndHangUp } = made();
  const taken = [];
  for (let at = 0; at < 10; at++) taken.push(await askAndHangUp("192.0.2.1"));
  expect(taken.filter(Boolean)).toHaveLength(4);
  expect(begun).toHaveLength(4);
  expect(await askAndHangUp("192.0.2.2")).toBe(true);
  begun[0]?.resolve({ answer: {}, isWrong: false });
  await new Promise(setImmediate);
  expect(await askAndHangUp("192.0.2.1")).toBe(true);
  expect(await askAndHangUp("192.0.2.1")).toBe(false);
  begun[1]?.reject(new Error("the disk is full"));
  await new Promise(setImmediate);
  expect(await askAndHangUp("192.0.2.1")).toBe(true);
});
