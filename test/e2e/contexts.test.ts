/** Contexts of the docker CLI through a line's life: made, used, grown old with the line's certificates, refreshed. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bootHost, type Host } from "../support/host.ts";
import { type Laptop, makeLaptop } from "../support/laptop.ts";
import { treeOf } from "../support/tree.ts";

/** Certificates live 397 days: those of a line made so long ago are about to end. */
const LONG_AGO = "-370 days";
const INFO = "/usr/bin/docker info --format '{{.Name}}'";
/** Somebody else's docker configuration on the same laptop; tetherdock hears of it only by DOCKER_CONFIG. */
let elsewhere: { DOCKER_CONFIG: string };
let host: Host;
let laptop: Laptop;

beforeAll(async () => {
  host = await bootHost({ name: "contexts" });
  laptop = await makeLaptop(host.sshConfig);
  elsewhere = { DOCKER_CONFIG: join(laptop.folder, "elsewhere") };
  await mkdir(elsewhere.DOCKER_CONFIG);
});
afterAll(async () => {
  await host?.[Symbol.asyncDispose]();
  await laptop?.[Symbol.asyncDispose]();
});

/** `up` on another day: the laptop by faketime, the host by a `date` of its own. Only engine and kernel know better. */
async function upLongAgo(): Promise<void> {
  const date = "/usr/local/bin/date";
  await host.root(`printf '#!/bin/sh\\nexec /bin/date -d "${LONG_AGO}" "$@"\\n' >${date}; chmod +x ${date}`);
  const up = `faketime -f -370d tetherdock up root@${host.name} --name web --yes`;
  const env = { FAKETIME_DONT_FAKE_MONOTONIC: "1" };
  expect(await laptop.bash(up, { env })).toMatchObject({ status: 0 });
  await host.root(`rm ${date}`);
}

const states = async (env = {}) =>
  JSON.parse((await laptop.tetherdock(["context", "ls", "--json"], { env })).stdout);

/** The last day of the certificate that a docker configuration's one context has. */
const lastDay = async (dockerConfig: string) =>
  (await laptop.bash(`openssl x509 -noout -enddate -in ${dockerConfig}/contexts/tls/*/docker/cert.pem`))
    .stdout;

test("certificates about to expire: status renews the client's and its context, up the server's", async () => {
  await upLongAgo();
  const create = "faketime -f -370d tetherdock context create web --use";
  for (const env of [{}, elsewhere])
    expect(await laptop.bash(create, { env: { ...env, FAKETIME_DONT_FAKE_MONOTONIC: "1" } })).toMatchObject({
      status: 0,
    });
  const warned = await laptop.tetherdock(["status"]);
  expect(warned).toMatchObject({ status: 1, stdout: expect.stringMatching(/ 39\d days +26 days /) });
  expect(warned.stderr).toMatch(
    /^renewed the client certificate of the line web until \S+\nwarning: web: the server's certificate expires in 26 days\n$/,
  );

  const before = await host.fingerprint();
  const up = await laptop.tetherdock(["up", `root@${host.name}`, "--yes"]);
  expect(up).toMatchObject({ status: 0 });
  const after = (await host.fingerprint())
    .split("\n")
    .filter((line) => !line.includes("/var/lib/tetherdock/")); // the journal
  const changed = after.filter((line) => !before.includes(line)).map((line) => line.split(" ")[0]);
  expect(changed).toEqual(["/etc/tetherdock/server-cert.pem"]);
  expect(await laptop.tetherdock(["status"])).toMatchObject({ status: 0, stderr: "" });
});

test("the context that up knows keeps working; one elsewhere is stale until it is refreshed", async () => {
  expect(await laptop.bash(INFO)).toMatchObject({ status: 0, stdout: `${host.name}\n` });
  expect(await states()).toMatchObject([{ name: "web", line: "web", state: "fresh", current: true }]);

  expect(await states(elsewhere)).toMatchObject([{ name: "web", state: "stale" }]);
  const renewed = await lastDay(laptop.dockerConfig);
  expect(renewed).toMatch(/^notAfter=/);
  expect(await lastDay(elsewhere.DOCKER_CONFIG)).not.toBe(renewed);
  expect(await laptop.tetherdock(["context", "refresh"], { env: elsewhere })).toMatchObject({ status: 0 });
  expect(await lastDay(elsewhere.DOCKER_CONFIG)).toBe(renewed);
  expect(await states(elsewhere)).toMatchObject([{ name: "web", state: "fresh", current: true }]);
  expect(await laptop.bash(INFO, { env: elsewhere })).toMatchObject({ status: 0, stdout: `${host.name}\n` });
  const tree = await treeOf(elsewhere.DOCKER_CONFIG);
  expect(await laptop.tetherdock(["context", "refresh"], { env: elsewhere })).toMatchObject({ status: 0 });
  expect(await treeOf(elsewhere.DOCKER_CONFIG), "a second refresh changes nothing").toBe(tree);
});

test("several contexts of one line; DOCKER_HOST and --context override the current one as in docker", async () => {
  expect(await laptop.tetherdock(["context", "create", "--name", "second"])).toMatchObject({ status: 0 });
  const away = { DOCKER_HOST: "tcp://127.0.0.1:9" };
  expect((await laptop.bash(INFO, { env: away })).status).not.toBe(0);
  const second = await laptop.docker(["--context", "second", "info", "--format", "{{.Name}}"]);
  expect(second).toMatchObject({ status: 0, stdout: `${host.name}\n` });
  expect(await states()).toMatchObject([
    { name: "second", current: false },
    { name: "web", current: true },
  ]);
});

test("a context that tetherdock did not make is neither overwritten nor removed", async () => {
  const foreign = ["context", "create", "foreign", "--docker", "host=tcp://127.0.0.1:9"];
  expect(await laptop.docker(foreign)).toMatchObject({ status: 0 });
  const tree = await treeOf(laptop.dockerConfig);
  for (const args of [
    ["create", "--name", "foreign"],
    ["rm", "foreign"],
  ])
    expect(await laptop.tetherdock(["context", ...args])).toMatchObject({
      status: 3,
      stderr: expect.stringContaining('"foreign" was not made by tetherdock'),
    });
  expect(await treeOf(laptop.dockerConfig)).toBe(tree);
});

test("down removes only the line's contexts; those elsewhere are reported and removed by hand", async () => {
  expect(await laptop.tetherdock(["down", "web", "--yes"])).toMatchObject({ status: 0 });
  const names = await laptop.docker(["context", "ls", "--format", "{{.Name}}"]);
  expect(names.stdout.trim().split("\n").sort()).toEqual(["default", "foreign"]);
  expect(await laptop.bash("! grep -q currentContext docker/config.json")).toMatchObject({ status: 0 });

  expect(await states(elsewhere)).toMatchObject([{ name: "web", line: null, state: "orphan" }]);
  const refresh = await laptop.tetherdock(["context", "refresh"], { env: elsewhere });
  expect(refresh.stderr).toContain("tetherdock context rm web");
  expect(await laptop.tetherdock(["context", "rm", "web"], { env: elsewhere })).toMatchObject({ status: 0 });
  expect(await states(elsewhere)).toEqual([]);
});
