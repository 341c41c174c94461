/** What a client asks for at once, or does not read, and dockerd keeps in memory meanwhile. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { answer, ask } from "./support/fake-docker.ts";
import { Stage } from "./support/stage.ts";
import type { Wire } from "./support/wire.ts";

const PIECE = Buffer.alloc(64 * 1024, "x");
const HEAD = "HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\n";
const NO_BODY = "Content-Length: 0\r\n";

let stage: Stage;
beforeEach(async () => {
  const config = { roles: { viewer: { logs: true } } };
  stage = await Stage.make({ config, limits: { unreadPerClient: 3 } });
  const more: [name: string, role: string][] = [
    ["nina", "viewer"],
    ["bob", "builder"],
  ];
  const clients = [...stage.list];
  for (const [name, role] of more) {
    const identity = await stage.identities.client(name);
    stage.people.set(name, identity);
    clients.push({ name, role, fingerprint: identity.fingerprint, state: "active", expires: null });
  }
  await stage.setList(clients);
});
afterEach(() => stage.end());

async function asks(who: string, count: number, request: string): Promise<Wire[]> {
  const all = await Promise.all(Array.from({ length: count }, () => stage.connect(who)));
  for (const client of all) client.send(request);
  return all;
}

/** Sends so many bytes as fast as the gateway takes them; never resolves if that is cut. */
function flood({ socket }: Wire, bytes = Number.POSITIVE_INFINITY): Promise<void> {
  let sent = 0;
  return new Promise((resolve) => {
    const more = () => {
      let flows = true;
      while (flows && sent < bytes && !socket.destroyed) {
        flows = socket.write(PIECE);
        sent += PIECE.length;
      }
      if (sent >= bytes) resolve();
      else socket.once("drain", more);
    };
    more();
  });
}

const unreadOf = async (who: string) =>
  (await stage.records()).filter(({ client, error }) => client === who && error === "too-much-unread").length;

test("dockerd prepares two lists of a client at once; the others wait, and other clients do not", async () => {
  const clients = await asks("vera", 6, ask("/containers/json?all=1"));
  const first = [await stage.docker.asked(), await stage.docker.asked()];
  const other = await stage.asked(ask("/containers/json"), "nina");
  other.docker.send(answer(200, "[]"));
  await other.client.sees("[]");
  const admin = await stage.asked(ask("/containers/json"), "anna");
  admin.docker.send(answer(200, "[]"));
  await admin.client.sees("[]");
  const inspect = await stage.asked(ask("/images/x/json"), "vera");
  inspect.docker.send(answer(200, "{}"));
  await inspect.client.sees("{}");
  expect(stage.docker.count).toBe(5);
  first[0]?.send(answer(200, "[]"));
  const third = await stage.docker.asked();
  expect(stage.docker.count).toBe(6);
  for (const docker of [first[1], third]) docker?.send(answer(200, "[]"));
  for (let more = 0; more < 3; more++) (await stage.docker.asked()).send(answer(200, "[]"));
  for (const client of clients) await client.sees("\r\n\r\n[]");
});

test("a list whose client has left counts until dockerd has prepared it", async () => {
  const clients = await asks("vera", 2, ask("/containers/json"));
  const docker = await stage.docker.asked();
  const other = await stage.docker.asked();
  for (const client of clients) client.destroy();
  await Promise.all([docker.ended, other.ended]);
  const [next] = await asks("vera", 1, ask("/containers/json"));
  await stage.asked(ask("/images/x/json"), "vera");
  expect(stage.docker.count).toBe(3);
  docker.send(answer(200, "[]"));
  (await stage.docker.asked()).send(answer(200, "[]"));
  await next?.sees("[]");
});

test("logs that a client does not read: dockerd gets four of the requests, the others wait, and leave with their clients", async () => {
  stage.docker.behave((wire) => {
    wire.socket.once("data", () => {
      wire.send(`${HEAD}\r\n`);
      void flood(wire);
    });
  });
  const clients = await asks("vera", 12, ask("/containers/x/logs?stdout=1&follow=1"));
  for (const { socket } of clients) socket.pause();
  await expect.poll(() => stage.docker.count, { timeout: 3_000 }).toBe(4);
  for (const client of clients) client.destroy();
  // Those that waited have left with their clients: only the next one is sent.
  await asks("vera", 1, ask("/containers/x/logs?stdout=1&follow=1"));
  await expect.poll(() => stage.docker.count).toBe(5);
});

test("followed logs that a client no longer reads: four are kept, and those unread for longest are cut", async () => {
  const open = async (): Promise<Wire> => {
    const [client] = await asks("nina", 1, ask("/containers/x/logs?stdout=1&follow=1"));
    await client?.takes(PIECE.length);
    return client as Wire;
  };
  const followed: Wire[] = [];
  let isQuiet = true;
  const waiting: (() => void)[] = [];
  stage.docker.behave((wire) => {
    wire.socket.once("data", async () => {
      wire.send(`${HEAD}\r\n`).send(PIECE);
      if (isQuiet) await new Promise<void>((resolve) => waiting.push(resolve));
      void flood(wire);
    });
  });
  while (followed.length < 10) followed.push(await open());
  for (const { socket } of followed) socket.pause();
  isQuiet = false;
  for (const go of waiting) go();
  await expect.poll(() => unreadOf("nina"), { timeout: 8_000 }).toBe(6);
  expect(followed.filter(({ socket }) => !socket.destroyed).length).toBeGreaterThanOrEqual(4);
});

test("logs of 20 services that are followed and read all arrive, also later lines", async () => {
  const dockers: Wire[] = [];
  stage.docker.behave((wire) => {
    wire.socket.once("data", async () => {
      wire.send(`${HEAD}\r\n`);
      await flood(wire, 1024 * 1024);
      dockers.push(wire);
    });
  });
  const clients = await asks("vera", 20, ask("/containers/x/logs?stdout=1&follow=1&tail=all"));
  await Promise.all(clients.map((client) => client.sees("\r\n\r\n").then(() => client.takes(1024 * 1024))));
  for (const docker of dockers) docker.send("a later line\n");
  await Promise.all(clients.map((client) => client.sees("a later line\n")));
  expect(dockers).toHaveLength(20);
});

test("a log that is read slowly arrives whole", async () => {
  const size = 4 * 1024 * 1024;
  const { client, docker } = await stage.asked(ask("/containers/x/logs?stdout=1"), "vera");
  client.socket.on("data", () => {
    client.socket.pause();
    setTimeout(() => client.socket.resume(), 10);
  });
  docker.send(`${HEAD}Content-Length: ${size}\r\n\r\n`);
  void flood(docker, size);
  await client.sees("\r\n\r\n");
  expect(await client.takes(size)).toHaveLength(size);
});

test("other streams that a client does not read: above the limit those unread for longest are cut", async () => {
  stage.docker.behave((wire) => {
    wire.socket.once("data", () => {
      wire.send(`${HEAD}\r\n`);
      void flood(wire);
    });
  });
  const clients = await asks("bob", 5, ask("/images/create?fromImage=x&tag=1", "POST", NO_BODY));
  for (const { socket } of clients) socket.pause();
  await expect.poll(() => unreadOf("bob"), { timeout: 8_000 }).toBe(2);
});
