import { afterAll, beforeAll, expect, test } from "vitest";
import { call } from "./support/call.ts";
import { ask } from "./support/fake-docker.ts";
import { Stage } from "./support/stage.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.make();
});
afterAll(() => stage.end());

const STREAM = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n{}\n\r\n";

/** A client in the midst of an endless answer. */
async function streaming(who = "anna") {
  const { client, docker } = await stage.asked(ask("/events"), who);
  docker.send(STREAM);
  await client.sees("{}\n\r\n");
  return { client, docker };
}

/** Milliseconds until it is done. */
async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

test("revoking a client closes its streams within a second, and no others", async () => {
  const anna = await streaming("anna");
  const vera = await streaming("vera");
  const idle = await stage.connect("vera");
  const took = await timed(async () => {
    await stage.change("vera", { state: "revoked" });
    await Promise.all([vera.client.over, vera.docker.over, idle.over]);
  });
  expect(took).toBeLessThan(1_000);
  anna.docker.send("1\r\ny\r\n");
  await anna.client.sees("y");
  const record = await stage.record(({ client, event }) => client === "vera" && event === "end");
  expect(record).toMatchObject({ error: "revoked-client" });
  await stage.change("vera", { state: "active" });
});

test("a revocation's receipt has the client's streams, pipes and idle connections, which are closed by then", async () => {
  const anna = await stage.connect("anna");
  const others = await streaming("anna");
  const stream = await streaming("vera");
  const idle = await stage.connect("vera");
  const revoked = await call(anna, "POST", "clients/vera/revoke");
  type Receipt = { cut: Record<string, unknown>[]; open: number; tookMs: number };
  const { cut, open, tookMs } = revoked.value["receipt"] as Receipt;
  expect(cut.toSorted((one, other) => Number(other["requests"]) - Number(one["requests"]))).toMatchObject([
    { client: "vera", operation: "SystemEvents", target: "/events", requests: 1 },
    { client: "vera", operation: null, target: null, requests: 0 },
  ]);
  expect(open).toBe(0);
  expect(tookMs).toBeLessThan(1_000);
  const { value } = await call(anna, "GET", "sessions");
  expect((value["sessions"] as { client: string }[]).map(({ client }) => client)).not.toContain("vera");
  await Promise.all([stream.client.over, stream.docker.over, idle.over]);
  others.docker.send("1\r\ny\r\n");
  await others.client.sees("y");
  expect((await call(anna, "POST", "clients/vera/restore")).value["receipt"]).toMatchObject({
    cut: [],
    open: 0,
  });
});

test("a raw pipe is closed too", async () => {
  const { client, docker } = await stage.asked(
    ask("/exec/x/start", "POST", "Connection: Upgrade\r\nUpgrade: tcp\r\n"),
    "anna",
  );
  docker.send("HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n");
  await client.sees("\r\n\r\n");
  await stage.change("anna", { fingerprint: "0".repeat(64) });
  await Promise.all([client.over, docker.over]);
  await stage.change("anna", { fingerprint: stage.person("anna").fingerprint });
});

test("after a change of role open connections end, and new ones have the new role", async () => {
  const { client } = await streaming("anna");
  await stage.change("anna", { role: "viewer" });
  await client.over;
  const again = await stage.connect("anna");
  again.send(ask("/containers/x", "DELETE"));
  await again.sees(/^HTTP\/1.1 403/);
  await stage.change("anna", { role: "admin" });
  await again.over;
});

test("open connections are closed when the client's access expires", async () => {
  await stage.change("vera", { expires: new Date(Date.now() + 2_500).toISOString() });
  const { client } = await streaming("vera");
  const left = Date.parse(stage.list.find(({ name }) => name === "vera")?.expires ?? "") - Date.now();
  const took = await timed(() => client.over);
  expect(took).toBeGreaterThan(left - 100);
  expect(took).toBeLessThan(left + 1_000);
});

test("an end that is moved cuts nothing until it comes; access that has ended begins again", async () => {
  const anna = await stage.connect("anna");
  const move = (ms: number | null) =>
    call(anna, "POST", "clients/vera/expires", {
      expires: ms === null ? null : new Date(Date.now() + ms).toISOString(),
    });
  await stage.change("vera", { expires: new Date(Date.now() + 3_000).toISOString() });
  const { client, docker } = await streaming("vera");
  expect(await move(null)).toMatchObject({ status: 200, value: { receipt: { cut: [] } } });
  docker.send("3\r\n{}\n\r\n");
  await client.sees("{}\n\r\n");
  expect((await move(1_000)).status).toBe(200);
  await client.over;
  expect(
    (await stage.record(({ event, error }) => event === "end" && error === "expired-client")).client,
  ).toBe("vera");
  const refused = await stage.connect("vera");
  refused.send(ask("/_ping"));
  await refused.sees(/403.*has expired/s);
  expect((await move(60_000)).status).toBe(200);
  const again = await stage.connect("vera");
  again.send(ask("/_ping"));
  await stage.docker.next();
  await stage.change("vera", { expires: null });
});

test.each([
  ["clients/vera/expires", { expires: "tomorrow" }, 400],
  ["clients/vera/expires", { expires: null, role: "admin" }, 400],
  ["clients/anna/expires", { expires: "2020-01-01T00:00:00Z" }, 409],
  ["clients/nobody/expires", { expires: null }, 404],
  ["clients/vera/revoke/x", undefined, 404],
  ["clients/vera/expires/", { expires: null }, 404],
])("POST %s with %o: %i", async (path, body, status) => {
  const anna = await stage.connect("anna");
  expect(await call(anna, "POST", path, body)).toMatchObject({ status });
  const { value } = await call(anna, "GET", "clients");
  expect(value["clients"]).toEqual([
    expect.objectContaining({ name: "anna", state: "active", expires: null }),
    expect.objectContaining({ name: "vera", state: "active", expires: null }),
  ]);
});
