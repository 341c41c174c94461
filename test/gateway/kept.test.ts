/** What clients make and Docker keeps in memory: so much at once for each client, and more with time. */
import { expect, test, vi } from "vitest";
import { allow, judgingTests, sized } from "./support/judging.ts";

const { make } = judgingTests();

const MADE = "HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n";

test("a client is refused when it has made too much, until time has passed", async () => {
  const kept = vi.fn<(may: boolean) => void>();
  const here = await make(
    (body, _call, { mayKeep }) => {
      kept(mayKeep(100));
      return allow(body);
    },
    { keptBytes: 250, keptBytesPerMinute: 60_000 },
  );
  const once = async () => {
    const client = await here.connect();
    client.send(sized("{}"));
    (await here.docker.next()).send(MADE);
    await client.sees(/HTTP\/1.1 201/);
    return kept.mock.lastCall?.[0];
  };
  expect([await once(), await once()]).toEqual([true, true]);
  await expect.poll(once).toBe(false);
  await expect.poll(once).toBe(true);
});

test("who leaves while the engine is asked has spent what was at stake", async () => {
  const asked = vi.fn();
  const here = await make(
    (_body, _call, { ifLeft }) => {
      ifLeft(1_000);
      asked();
      return new Promise<never>(() => {});
    },
    { keptBytes: 250, keptBytesPerMinute: 1 },
  );
  const client = await here.connect();
  client.send(sized("{}"));
  await expect.poll(() => asked.mock.calls.length).toBe(1);
  expect(here.gateway.kept.allows("anna", 0)).toBe(true);
  here.cutAll("the client has left");
  await expect.poll(() => here.gateway.kept.allows("anna", 0)).toBe(false);
});
