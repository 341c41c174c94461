/** Real handshakes with Node at both ends. A request is made each time: in TLS 1.3 "connected" proves nothing. */
import { get } from "node:https";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startEngine } from "./engine-server.ts";
import { type ClientKind, DNS_NAME, type Identity, makeWorld, type World } from "./world.ts";

let world: World;
beforeAll(async () => {
  world = await makeWorld(Date.now());
});
afterAll(() => world.end());

interface Dial {
  readonly ca?: string;
  readonly client?: Identity | undefined;
  readonly host?: string;
  readonly servername?: string;
}

/** @returns the answer's body, or the error's code */
function ping(port: number, { ca = world.authority.certificate, client, ...to }: Dial): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  const options = { host: "127.0.0.1", path: "/_ping", agent: false, ...to, ca, port, ...client } as const;
  const request = get(options, async (response) => {
    response.setEncoding("utf8");
    let body = "";
    for await (const chunk of response) body += chunk;
    resolve(body);
  });
  request.on("error", (error: Error & { code?: string }) => resolve(error.code ?? error.message));
  return promise;
}

describe.each(["TLSv1.2", "TLSv1.3"] as const)("%s", (version) => {
  test.each([
    ["IPv4", { host: "127.0.0.1" }],
    ["IPv6", { host: "::1" }],
    ["DNS name", { servername: DNS_NAME }],
  ])("a client gets in by %s", async (_, to) => {
    await using engine = await startEngine(world.server, world.authority.certificate, version);
    expect(await ping(engine.port, { client: world.clients.good, ...to })).toBe("OK");
  });

  test.each<[ClientKind | "no", string]>([
    ["no", "UNABLE_TO_GET_ISSUER_CERT"],
    ["expired", "CERT_HAS_EXPIRED"],
    ["twin's", "UNABLE_TO_VERIFY_LEAF_SIGNATURE"],
    ["server's", "INVALID_PURPOSE"],
  ])("%s certificate gets no answer from the server", async (kind, reason) => {
    await using engine = await startEngine(world.server, world.authority.certificate, version);
    const client = kind === "no" ? undefined : world.clients[kind];
    expect(await ping(engine.port, { client })).not.toBe("OK");
    expect(engine.answered).toEqual([]);
    expect(engine.refused.join()).toContain(reason);
  });

  test.each([
    ["another name", { servername: "other.example.com" }, "ERR_TLS_CERT_ALTNAME_INVALID"],
    ["another address", { host: "127.0.0.2" }, "ERR_TLS_CERT_ALTNAME_INVALID"],
  ])("the client refuses a server by %s", async (_, to, code) => {
    await using engine = await startEngine(world.server, world.authority.certificate, version);
    expect(await ping(engine.port, { client: world.clients.good, ...to })).toBe(code);
  });

  test("the client refuses a server from another CA of the same name", async () => {
    await using engine = await startEngine(world.server, world.authority.certificate, version);
    const dial = { client: world.clients.good, ca: world.twin.certificate };
    expect(await ping(engine.port, dial)).toBe("SELF_SIGNED_CERT_IN_CHAIN");
  });
});

test("a client certificate does not work for a server", async () => {
  const { good } = world.clients;
  await using engine = await startEngine(good, world.authority.certificate);
  expect(await ping(engine.port, { client: good })).toBe("INVALID_PURPOSE");
});
