/** Judges that ask the engine before they decide, and what happens meanwhile. */
import { expect, test } from "vitest";
import type { Judge } from "../../src/policy/index.ts";
import { answer, ask } from "./support/fake-docker.ts";
import { allow, forwarded, judgingTests, sized } from "./support/judging.ts";
import type { Wire } from "./support/wire.ts";

const ID = "1".repeat(64);
const found = answer(200, JSON.stringify({ Id: ID, Image: `sha256:${ID}`, Config: { Labels: { a: "b" } } }));

const { make } = judgingTests();

/** Asks for the container web and acts on its id. */
const asks: Judge["judge"] = async (body, _call, { engine }) => {
  const container = await engine.inspectContainer("web");
  return container === null
    ? { allow: false, rule: "test-missing", reason: "No such container: web", status: 404 }
    : { ...allow(body), target: `/v1.41/containers/${container.id}/start` };
};

/** The judge's own connection. */
async function asked(wire: Wire): Promise<Wire> {
  expect(await wire.sees("\r\n\r\n")).toMatch(/^GET \/containers\/web\/json HTTP\/1.1\r\nHost: docker\r\n/);
  return wire;
}

test("after the lookup, dockerd gets the request with the judge's target", async () => {
  const here = await make(asks);
  const client = await here.connect();
  client.send(sized("{}") + ask("/_ping"));
  const lookup = await asked(await here.docker.next());
  expect([here.docker.count, here.audit.records]).toEqual([1, []]);
  lookup.send(found);
  const dockerd = await here.docker.next();
  const expected = forwarded("{}").replace(
    "/v1.41/containers/create?name=web",
    `/v1.41/containers/${ID}/start`,
  );
  expect(await dockerd.takes(expected.length)).toBe(expected);
  dockerd.send(answer(201, "made"));
  await dockerd.sees("/_ping HTTP/1.1\r\nHost: docker\r\n\r\n");
  dockerd.send(answer(200, "pong"));
  await client.sees(/made.*pong/s);
  await lookup.over;
});

test("an answer in chunks and pieces is read whole", async () => {
  const here = await make(asks);
  (await here.connect()).send(sized("{}"));
  const lookup = await asked(await here.docker.next());
  const json = JSON.stringify({ Id: ID, Image: `sha256:${ID}`, Config: { Labels: null } });
  lookup.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n");
  await lookup.sent(
    `${json.slice(0, 5)}\r\n${(json.length - 5).toString(16)}\r\n${json.slice(5)}\r\n0\r\n\r\n`,
  );
  expect(await (await here.docker.next()).sees("\r\n\r\n")).toContain(ID);
});

test("a missing container is answered 404 and recorded as refused, and the connection stays open", async () => {
  const here = await make(asks);
  const client = await here.connect();
  client.send(sized("{}"));
  (await asked(await here.docker.next())).send(answer(404, '{"message":"No such container"}'));
  expect(await client.sees(/\n$/)).toMatch(/^HTTP\/1.1 404 .*No such container: web/s);
  const [record] = await here.records("ContainerCreate", 1);
  expect(record).toMatchObject({ decision: "deny", rule: "test-missing", status: 404, part: "refusals" });
  client.send(ask("/_ping"));
  (await here.docker.asked()).send(answer(200, "pong"));
  await client.sees("pong");
});

test.each<[string, (wire: Wire) => void]>([
  ["hangs up", (wire) => wire.end()],
  ["answers 500", (wire) => wire.send(answer(500, "{}"))],
  ["answers what is no HTTP", (wire) => wire.send("nothing\r\n\r\n")],
  ["answers what is no JSON", (wire) => wire.send(answer(200, "nothing"))],
  ["answers without an id", (wire) => wire.send(answer(200, "{}"))],
  ["answers with an id that is none", (wire) => wire.send(answer(200, '{"Id":"../x"}'))],
  ["ends within its answer", (wire) => wire.end(answer(200, "{}   ").slice(0, -2))],
  [
    "answers with an image's name for its id",
    (wire) => wire.send(answer(200, `{"Id":"${ID}","Image":"../x"}`)),
  ],
  ["answers endlessly", (wire) => wire.send(`HTTP/1.1 200 OK\r\n\r\n${" ".repeat(5 * 1024 * 1024)}`)],
])("an engine that %s: 502, nothing is forwarded, and the connection goes on", async (_what, behaves) => {
  const here = await make(asks);
  const client = await here.connect();
  client.send(sized("{}"));
  behaves(await asked(await here.docker.next()));
  expect(await client.sees(/\n$/)).toMatch(/^HTTP\/1.1 502 .*Docker on the host did not answer/s);
  const [record] = await here.records("ContainerCreate", 1);
  expect(record).toMatchObject({ decision: "refuse", rule: "docker-unanswered" });
  expect(here.docker.count).toBe(1);
});

test("if a client is revoked during a lookup, the lookup ends, nothing is recorded as permitted and dockerd gets nothing", async () => {
  const here = await make(asks);
  const client = await here.connect();
  client.send(sized("{}"));
  const lookup = await asked(await here.docker.next());
  here.cutAll("revoked-client");
  const [record] = await here.records("ContainerCreate", 1);
  expect(record).toMatchObject({ event: "request", decision: "refuse", rule: "body-incomplete" });
  await lookup.over;
  expect(here.docker.count).toBe(1);
  expect(here.audit.records).toHaveLength(1);
});

test.each<[string, object, object]>([
  ["exec/e/json", { ID, ContainerID: ID, ProcessConfig: { privileged: false } }, { isPrivileged: false }],
  ["exec/e/json", { ID, ContainerID: ID, ProcessConfig: { privileged: true } }, { isPrivileged: true }],
  ["exec/e/json", { ID, ContainerID: ID }, { isPrivileged: true }],
  ["volumes/e", { Driver: "local", Options: { o: "bind" } }, { driver: "local", options: { o: "bind" } }],
  ["volumes/e", { Options: null }, { driver: "", options: {} }],
])("GET /%s answered %j", async (path, said, found) => {
  const here = await make(async (body, _call, { engine }) => {
    const answer = path.startsWith("exec") ? await engine.inspectExec("e") : await engine.inspectDriver("e");
    expect(answer).toMatchObject(found);
    return allow(body);
  });
  (await here.connect()).send(sized("{}"));
  const lookup = await here.docker.next();
  expect(await lookup.sees("\r\n\r\n")).toContain(`GET /${path} HTTP/1.1`);
  lookup.send(answer(200, JSON.stringify(said)));
  expect(await (await here.docker.next()).sees("\r\n\r\n")).toContain("/containers/create");
});

test("a large body is judged in its turn, and a small one at once", async () => {
  const here = await make(allow, {}, 64 * 1024);
  const done = here.gateway.turns.request("another client", () => {});
  const large = await here.connect();
  large.send(sized("1".repeat(20_000)));
  await here.asked("ContainerCreate");
  const small = await here.connect();
  small.send(sized("2"));
  const dockerd = await here.docker.asked();
  dockerd.send(answer(201, "small"));
  await small.sees("small");
  expect(here.docker.count).toBe(1);
  done(0);
  const next = await here.docker.next();
  await next.sees("1".repeat(20_000));
});

test("a large answer to a judge's question is read in its turn, and a small one at once", async () => {
  const here = await make(asks);
  const done = here.gateway.turns.request("another client", () => {});
  (await here.connect()).send(sized("{}"));
  const first = await asked(await here.docker.next());
  const OTHER = "2".repeat(64);
  const Labels = { a: "b".repeat(300_000) };
  const json = JSON.stringify({ Id: OTHER, Image: `sha256:${ID}`, Config: { Labels } });
  first.send(answer(200, json));
  (await here.connect()).send(sized("{}"));
  const second = await asked(await here.docker.next());
  second.send(found);
  const dockerd = await here.docker.next();
  await dockerd.sees(`/containers/${ID}/start`);
  await second.over;
  expect(here.docker.count).toBe(3);
  done(0);
  await (await here.docker.next()).sees(`/containers/${OTHER}/start`);
});

test("answers to a judge's questions that arrive at the same time all count", async () => {
  const here = await make(async (body, _call, { engine }) => {
    await Promise.all([engine.inspectContainer("web"), engine.inspectContainer("web")]);
    return allow(body);
  });
  (await here.connect()).send(sized("{}"));
  const questions = [await asked(await here.docker.next()), await asked(await here.docker.next())];
  const json = JSON.stringify({
    Id: ID,
    Image: `sha256:${ID}`,
    Config: { Labels: { a: "b".repeat(50_000) } },
  });
  const whole = answer(200, json);
  for (const question of questions) question.send(whole.slice(0, -1));
  const { holdings } = here.gateway;
  await expect.poll(() => holdings.total).toBeGreaterThanOrEqual(100_000);
  for (const question of questions) question.send(whole.slice(-1));
  await (await here.docker.next()).sees("{}");
  await expect.poll(() => holdings.total).toBe(0);
});

test("a client that goes while its body waits for its turn gives the turn to others", async () => {
  const here = await make(allow, {}, 64 * 1024);
  const done = here.gateway.turns.request("another client", () => {});
  (await here.connect()).send(sized("1".repeat(20_000)));
  await expect.poll(() => here.gateway.holdings.of("anna").bytes).toBeGreaterThanOrEqual(20_000);
  here.cutAll("revoked-client");
  done(0);
  const { promise, resolve } = Promise.withResolvers<void>();
  here.gateway.turns.request("a third", resolve)(0);
  here.gateway.turns.request("a fourth", resolve);
  await promise;
  expect(here.docker.count).toBe(0);
});

test.each([
  ['{"Version":"29.7.0"}', "29.7.0"],
  ['{"Version":"20.10.24+dfsg1","Components":[]}', "20.10.24+dfsg1"],
  ['{"Version":"\\u001b[2J"}', ""],
  ["{}", ""],
])("the engine that answers %s has the version %j", async (json, expected) => {
  const versions: (string | null)[] = [];
  const here = await make(async (body, _call, { engine }) => {
    versions.push(await engine.version());
    return allow(body);
  });
  (await here.connect()).send(sized("{}"));
  const lookup = await here.docker.next();
  expect(await lookup.sees("\r\n\r\n")).toMatch(/^GET \/version HTTP\/1.1\r\n/);
  lookup.send(answer(200, json));
  await here.docker.asked();
  expect(versions).toEqual([expected]);
});

test("a client that has sent its last byte is still answered", async () => {
  const here = await make(asks);
  const client = await here.connect();
  client.send(sized("{}")).end();
  (await asked(await here.docker.next())).send(found);
  (await here.docker.asked()).send(answer(201, "made"));
  await client.sees("made");
});
