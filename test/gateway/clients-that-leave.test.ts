/** Clients that leave, in each way, at moments when Node or the gateway does not read from them: nothing of them stays. */
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Verdict } from "../../src/policy/index.ts";
import { call } from "./support/call.ts";
import { ask } from "./support/fake-docker.ts";
import type { Identity } from "./support/identities.ts";
import { allow, judgingTests, sized } from "./support/judging.ts";
import { Stage } from "./support/stage.ts";

const { make } = judgingTests();

test("a request that is judged while its client leaves reaches the engine, and so does the client's end", async () => {
  const verdict = Promise.withResolvers<Verdict>();
  const begun = Promise.withResolvers<Buffer>();
  const gateway = await make((body) => {
    begun.resolve(body);
    return verdict.promise;
  });
  const client = await gateway.connect();
  client.send(sized("{}"));
  const body = await begun.promise;
  client.end();
  // The gateway has seen the end when a later client's request has been answered.
  const other = await gateway.connect();
  other.send(ask("/_ping"));
  const ping = await gateway.docker.asked();
  ping.send("HTTP/1.1 204 No Content\r\n\r\n");
  await other.sees("\r\n\r\n");
  verdict.resolve(allow(body));
  const engine = await gateway.docker.next();
  expect(await engine.rest()).toContain("POST /v1.41/containers/create");
});

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.make();
});
afterAll(() => stage.end());

/** Resets its connection right after its first request. */
async function resets({ key, cert }: Identity): Promise<void> {
  const raw: Socket = connect({ host: stage.host, port: stage.port });
  const secure = connectTls({ socket: raw, servername: "docker.test", ca: stage.identities.ca, key, cert });
  secure.on("error", () => {});
  await once(secure, "secureConnect");
  secure.write(ask("/_ping"), () => raw.resetAndDestroy());
  await once(raw, "close");
}

test("a client that resets its connection right after the handshake is gone", async () => {
  const anna = await stage.connect();
  const vera = stage.person("vera");
  for (let round = 0; round < 10; round += 1)
    await Promise.all(Array.from({ length: 30 }, () => resets(vera)));
  await expect
    .poll(async () => {
      const { value } = await call(anna, "GET", "sessions");
      return (value["sessions"] as readonly unknown[]).length;
    })
    .toBe(1);
  anna.destroy();
}, 60_000);
