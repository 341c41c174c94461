/** Clients that leave, in each way, at moments when Node or the gateway does not read from them: nothing of them stays. */
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Verdict } from "../../src/policy/index.ts";
import { call } from "./support/call.ts";
import { notifyOnly } from "./support/close-notify.ts";
import { ask } from "./support/fake-docker.ts";
import type { Identity } from "./support/identities.ts";
import { allow, judgingTests, sized } from "./support/judging.ts";
import { Stage } from "./support/stage.ts";
import type { Wire } from "./support/wire.ts";

describe("while its request is judged", () => {
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
});

const FOLLOWED = ask("/containers/silent/logs?stdout=1&follow=1");
const ATTACHED = ask("/containers/silent/attach", "POST", "Connection: Upgrade\r\nUpgrade: tcp\r\n");
const SWITCH = "HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n";

type Left = { readonly wire: Wire; readonly socket: Socket };

/** What a client does, by what arrives of it. */
const WAYS: Readonly<Record<string, (left: Left) => void>> = {
  "a close_notify and a FIN": ({ wire, socket }) => wire.socket.end(() => socket.end()),
  "only a close_notify": ({ wire }) => wire.end(),
  "a FIN only": ({ socket }) => socket.end(),
  "a reset": ({ socket }) => socket.resetAndDestroy(),
};

/** How far the client is. @returns the engine's end; null: it has none */
const STATES: Readonly<Record<string, (wire: Wire) => Promise<Wire | null>>> = {
  "between requests": async () => null,
  "while the engine prepares its answer": async (wire) => {
    wire.send(FOLLOWED);
    return stage.docker.asked();
  },
  "while it is answered": async (wire) => {
    wire.send(FOLLOWED);
    const docker = await stage.docker.asked();
    docker.send("HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\n\r\nline");
    await wire.sees("line");
    return docker;
  },
  "after an upgrade": async (wire) => {
    wire.send(ATTACHED);
    const docker = await stage.docker.asked();
    docker.send(SWITCH);
    await wire.sees("\r\n\r\n");
    return docker;
  },
};

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.make({ config: { roles: { viewer: { logs: true } } } });
});
afterAll(() => stage.end());

/** How many connections the gateway has, besides the one that asks. */
async function others(asks: Wire): Promise<number> {
  const { value } = await call(asks, "GET", "sessions");
  return (value["sessions"] as readonly unknown[]).length - 1;
}

const CASES = Object.keys(STATES).flatMap((state) => Object.keys(WAYS).map((way) => [state, way] as const));

test.each(CASES)("a client that leaves %s by %s: nothing of it stays", async (state, way) => {
  const anna = await stage.connect();
  const { socket, options } = notifyOnly(stage);
  const wire = await stage.connect("anna", options);
  const docker = await STATES[state]?.(wire);
  docker?.polite();
  WAYS[way]?.({ wire, socket });
  await docker?.over;
  await expect.poll(() => others(anna)).toBe(0);
  anna.destroy();
});

test("a client that is reset while its next request is kept: nothing of it stays", async () => {
  const anna = await stage.connect();
  const { socket, options } = notifyOnly(stage);
  const wire = await stage.connect("anna", options);
  wire.send(FOLLOWED);
  const docker = await stage.docker.asked();
  await wire.sent(ask("/_ping"));
  // The gateway has read it when it has answered later requests: the bytes take some turns of the event loop.
  for (let later = 0; later < 5; later += 1) expect(await others(anna)).toBe(1);
  socket.resetAndDestroy();
  await docker.over;
  await expect.poll(() => others(anna)).toBe(0);
  anna.destroy();
});

test("a client that leaves while it waits for a place gives up its turn", async () => {
  const anna = await stage.connect();
  const held = [];
  for (let place = 0; place < 4; place += 1) held.push(await stage.asked(FOLLOWED, "vera"));
  const before = stage.docker.count;
  const waits = await stage.connect("vera");
  waits.send(FOLLOWED);
  const asked = async () => {
    const { value } = await call(anna, "GET", "sessions");
    const all = value["sessions"] as readonly { readonly operation: string | null }[];
    return all.filter(({ operation }) => operation === "ContainerLogs").length;
  };
  await expect.poll(asked).toBe(5);
  waits.end();
  await waits.closed;
  await expect.poll(asked).toBe(4);
  for (const { client, docker } of held) {
    docker.polite();
    client.end();
    await client.closed;
  }
  await expect.poll(() => others(anna)).toBe(0);
  expect(stage.docker.count).toBe(before);
  anna.destroy();
});

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
  await expect.poll(() => others(anna)).toBe(0);
  anna.destroy();
}, 60_000);
