/** What clients make and Docker keeps in memory: so much at once for each client, and more with time. */
import { describe, expect, test, vi } from "vitest";
import type { Judge } from "../../src/policy/index.ts";
import { ask } from "./support/fake-docker.ts";
import { allow, judgingTests, sized } from "./support/judging.ts";
import type { Wire } from "./support/wire.ts";

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

const UPGRADE = "Connection: Upgrade\r\nUpgrade: tcp\r\n";
const SWITCH = `HTTP/1.1 101 UPGRADED\r\n${UPGRADE}\r\n`;

describe("what an upgraded connection keeps in Docker", () => {
  /** @param ends how @returns whether the client may do it again */
  async function mayAgain(target: string, ends: (sides: { docker: Wire; client: Wire }) => unknown) {
    const keeps: Judge["judge"] = (body, _call, { mayKeep }) => {
      mayKeep(100);
      return allow(body);
    };
    const here = await make(keeps, { keptBytes: 100, keptBytesPerMinute: 1 });
    const client = (await here.connect()).polite();
    client.send(ask(target, "POST", UPGRADE));
    const docker = await here.docker.next();
    await docker.sees("\r\n\r\n");
    docker.send(`${SWITCH}out`);
    await client.sees("out");
    expect(here.gateway.kept.allows("anna", 0)).toBe(false);
    ends({ docker, client });
    await Promise.all([docker.over, client.over]);
    return here.gateway.kept.allows("anna", 0);
  }

  test.each([
    ["an attach that Docker ends leaves nothing", "/containers/x/attach", true],
    ["an exec stays for some minutes", "/exec/x/start", false],
  ])("%s", async (_what, target, isFree) => {
    expect(await mayAgain(target, ({ docker }) => docker.end())).toBe(isFree);
  });

  test("Docker may never notice that the client has left", async () => {
    expect(await mayAgain("/containers/x/attach", ({ client }) => client.destroy())).toBe(false);
  });
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
