import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { TLSSocket } from "node:tls";
import { afterAll, beforeAll, expect, test } from "vitest";
import { answer, ask } from "./support/fake-docker.ts";
import { Identities, type Identity } from "./support/identities.ts";
import { Stage } from "./support/stage.ts";
import type { Wire } from "./support/wire.ts";

const pem = ({ key, cert }: Identity) => ({ key, cert });

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.make();
});
afterAll(() => stage.end());

/** An exchange on a connection that is open. */
async function ping(client: Wire): Promise<void> {
  client.send(ask("/_ping"));
  await client.sees("\r\n\r\nOK");
}

beforeAll(() => stage.docker.answerAll(answer(200, "OK")));

const serial = (client: Wire) => (client.socket as TLSSocket).getPeerCertificate().serialNumber;

test("new connections get a new server certificate, and open ones continue", async () => {
  const open = await stage.connect();
  const before = serial(open);
  const next = await stage.identities.server("docker.test", "localhost");
  await stage.takenOver("the certificates", () => stage.useServer(next));
  expect(serial(await stage.connect())).not.toBe(before);
  await ping(open);
});

test("a new CA shuts out certificates from the old one; connected clients continue", async () => {
  const open = await stage.connect();
  const other = await Identities.make("another CA");
  const identity = await other.client("anna");
  const server = await other.server("docker.test");
  await stage.takenOver("the certificates", async () => {
    await stage.write("ca.pem", other.ca);
    await stage.useServer(server);
  });
  await ping(open);
  const old = await stage.connectWith({ ...pem(stage.person("anna")), ca: other.ca });
  expect(await old.send(ask("/_ping")).rest()).toBe("");
  const stranger = await stage.connectWith({ ...pem(identity), ca: other.ca });
  stranger.send(ask("/_ping"));
  await stranger.sees(/403.*not on this host's list/s);
  await stage.takenOver("the certificates", async () => {
    await stage.write("ca.pem", stage.identities.ca);
    await stage.useServer(await stage.identities.server("docker.test"));
  });
});

test.each([
  ["clients.json", "{", /client list.*not JSON/],
  ["clients.json", '{"version":1,"clients":[],"clienst":[]}', /clienst is not known/],
  ["server-cert.pem", "no certificate", /cannot use its certificates/],
  ["gateway.json", "{}", /version is missing/],
])(
  "after a broken %s the previous configuration stays active, and the problem is reported",
  async (name, text, told) => {
    const path = join(stage.folder, name);
    const good = await readFile(path, "utf8");
    const open = await stage.connect();
    const seen = stage.gateway.lines.length;
    await stage.write(name, text);
    await expect.poll(() => stage.gateway.lines.slice(seen).join("\n"), { timeout: 5_000 }).toMatch(told);
    await ping(open);
    const fresh = await stage.connect();
    await ping(fresh);
    fresh.send(ask("/tetherdock/v1/status"));
    expect(await fresh.sees(/\}\n/)).toMatch(told);
    await stage.write(name, good);
    await expect
      .poll(async () => {
        fresh.send(ask("/tetherdock/v1/status"));
        return fresh.sees(/\}\n/);
      })
      .toContain('"problems":[]');
  },
);

test("each problem of a configuration is reported by itself", async () => {
  const good = await readFile(join(stage.folder, "gateway.json"), "utf8");
  const problems = ["clienst", "listenn"].map((key) => `${key} is not known`);
  await stage.write("gateway.json", JSON.stringify({ ...stage.config(), clienst: 1, listenn: 2 }));
  const client = await stage.connect();
  await expect
    .poll(async () => {
      client.send(ask("/tetherdock/v1/status"));
      const answer = await client.sees(/\}\n/);
      return problems.every((one) => new RegExp(`"[^"]*: ${one}[^"]*"`).test(answer));
    })
    .toBe(true);
  await stage.write("gateway.json", good);
  await expect
    .poll(async () => {
      client.send(ask("/tetherdock/v1/status"));
      return client.sees(/\}\n/);
    })
    .toContain('"problems":[]');
});

test("SIGHUP reads all files again", async () => {
  const seen = stage.gateway.lines.length;
  await stage.write(
    "gateway.json",
    JSON.stringify({ ...stage.config(), upstream: "unix:///elsewhere.sock" }),
  );
  stage.gateway.hangUp();
  await expect
    .poll(() => stage.gateway.lines.slice(seen).join())
    .toContain("upstream: changed in gateway.json, in force after a restart");
  await stage.write("gateway.json", JSON.stringify(stage.config()));
});

test("changed roles take effect: a viewer may then read logs", async () => {
  const logs = async () => {
    const vera = await stage.connect("vera");
    vera.send(ask("/containers/x/logs?stdout=1"));
    return Number(/HTTP\/1.1 (\d+)/.exec(await vera.sees("\r\n\r\n"))?.[1]);
  };
  expect(await logs()).toBe(403);
  await stage.takenOver("the roles", () =>
    stage.write("gateway.json", JSON.stringify({ ...stage.config(), roles: { viewer: { logs: true } } })),
  );
  expect(await logs()).toBe(200);
});

test("newly named files are read, and watched from then on", async () => {
  const before = serial(await stage.connect());
  const { key, cert } = await stage.identities.server("docker.test");
  await stage.write("other-cert.pem", cert);
  await stage.write("other-key.pem", key);
  const at = (name: string) => join(stage.folder, name);
  const tls = { ca: at("ca.pem"), certificate: at("other-cert.pem"), key: at("other-key.pem") };
  await stage.takenOver("the certificates", () =>
    stage.write("gateway.json", JSON.stringify({ ...stage.config(), tls })),
  );
  const after = serial(await stage.connect());
  expect(after).not.toBe(before);
  const third = await stage.identities.server("docker.test");
  await stage.takenOver("the certificates", async () => {
    await stage.write("other-cert.pem", third.cert);
    await stage.write("other-key.pem", third.key);
  });
  expect(serial(await stage.connect())).not.toBe(after);
});

test("TLS cannot be removed while the gateway runs", async () => {
  const seen = stage.gateway.lines.length;
  await stage.write(
    "gateway.json",
    JSON.stringify({ ...stage.config(), listen: [{ address: "fd://" }], tls: null }),
  );
  await expect
    .poll(() => stage.gateway.lines.slice(seen).join("\n"))
    .toMatch(/listen, tls: changed in gateway.json/);
  await ping(await stage.connect());
});
