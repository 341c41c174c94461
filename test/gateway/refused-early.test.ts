import { afterEach, expect, test } from "vitest";
import type { Limits } from "../../src/gateway/index.ts";
import { answer, ask } from "./support/fake-docker.ts";
import { runProcess } from "./support/run-process.ts";
import { Stage } from "./support/stage.ts";

let stage: Stage;
afterEach(() => stage.end());

async function made(limits: Partial<Limits> = {}): Promise<void> {
  stage = await Stage.make({ limits });
  stage.docker.answerAll(answer(200, "OK"));
  await stage.change("vera", { state: "revoked" });
}

const REVOKED =
  "your access to this host was revoked; ask an admin to let you in again (a fleet lets in a new key only)";

test("a revoked client is refused at its first bytes, and the received part of method and path is recorded", async () => {
  await made();
  for (const [begin, target] of [
    ["GET ", ""],
    ["GET /containers/js", ""],
    ["GET /info HTTP/1.1\r\nX-Large: x", "/info"],
  ] as const) {
    const client = (await stage.connect("vera")).polite();
    for (const byte of begin) client.send(byte);
    expect(await client.rest()).toContain(REVOKED);
    await stage.record((event) => event.client === "vera" && event.target === target);
  }
});

test("an unlisted client is refused too; HEAD gets no body", async () => {
  await made();
  const client = (await stage.connect(await stage.identities.client("nobody"))).polite();
  client.send("HEAD /_pi");
  expect(await client.rest()).toMatch(/^HTTP\/1\.1 403 .*\r\n\r\n$/s);
});

test("an invalid method is refused after 32 bytes, not after 64 KiB", async () => {
  await made();
  const client = (await stage.connect("vera")).polite();
  client.send("G".repeat(33));
  expect(await client.rest()).toMatch(/^HTTP\/1\.1 400 /);
});

test("a revoked client that reconnects again and again gets answers at a limited rate; others are not affected", async () => {
  await made({ refusedConnectionsPerMinute: 12 });
  const told: boolean[] = [];
  for (let count = 0; count < 8; count++) {
    const client = (await stage.connect("vera")).polite();
    client.send(ask("/_ping"));
    told.push((await client.rest()).includes(REVOKED));
  }
  expect(told.filter((was) => was).length).toBe(2); // a sixth of a minute's
  const other = await stage.connect();
  other.send(ask("/_ping"));
  await other.sees("\r\n\r\nOK");
});

test("a viewer's repeated refused requests have to wait; other clients' do not", async () => {
  stage = await Stage.make({ limits: { refusedRequestsPerMinute: 60 } });
  stage.docker.answerAll(answer(200, "OK"));
  const viewer = await stage.connect("vera");
  viewer.send(ask("/containers/x", "DELETE").repeat(200));
  const admin = await stage.connect();
  admin.send(ask("/_ping"));
  await admin.sees("\r\n\r\nOK");
  const start = performance.now();
  for (let count = 0; count < 12; count++) await viewer.sees("HTTP/1.1 403");
  // ten at once, and then one a second
  expect(performance.now() - start).toBeGreaterThan(500);
  const records = (await stage.records()).filter(({ decision }) => decision === "deny");
  expect(records.length).toBeLessThan(20);
});

test("a revoked client that sends a head byte by byte does not slow others", async () => {
  stage = await Stage.make({ run: (file) => runProcess(file) });
  stage.docker.answerAll(answer(200, "OK"));
  await stage.change("vera", { state: "revoked" });
  const admin = await stage.connect();
  const p50 = async () => {
    const times: number[] = [];
    for (let count = 0; count < 100; count++) {
      const start = performance.now();
      admin.send(ask("/_ping"));
      await admin.sees("\r\n\r\nOK");
      times.push(performance.now() - start);
    }
    return times.sort((one, two) => one - two)[50] as number;
  };
  const before = await p50();
  let over = false;
  const hostile = (async () => {
    while (!over) {
      const client = await stage.connect("vera");
      client.send("GET /");
      for (let count = 0; count < 64_000 && !over && !client.socket.destroyed; count++)
        await new Promise((resolve) => client.socket.write("x", resolve));
      client.destroy();
    }
  })();
  const during = await p50();
  over = true;
  await hostile.catch(() => {});
  console.log(
    `an admin's p50: ${before.toFixed(2)} ms alone, ${during.toFixed(2)} ms beside the hostile client`,
  );
  expect(during).toBeLessThan(Math.max(20, before * 5));
});
