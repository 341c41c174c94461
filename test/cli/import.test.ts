/** `tetherdock import` against servers that accept the certificates, and that do not. */
import { copyFileSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { ENGINE_VERSION, type FakeEngine, startFakeEngine } from "./fake-engine.ts";
import { makeLaptopStage } from "./laptop-stage.ts";
import { makeCertificates, type SampleCertificates } from "./sample-line.ts";

const certificates = makeCertificates(100);
let engine: FakeEngine;
beforeAll(async () => {
  engine = await startFakeEngine(certificates);
});
afterAll(() => engine.close());

function makeStage({ ca, cert, key }: SampleCertificates) {
  const stage = makeLaptopStage();
  onTestFinished(() => stage.remove());
  // As `docker` keeps them, but readable by all: the line's copy is not.
  for (const [name, text] of Object.entries({ ca, cert, key }))
    writeFileSync(join(stage.docker, `${name}.pem`), text, { mode: 0o644 });
  const address = `127.0.0.1:${engine.port}`;
  const imports = () =>
    stage.run("tetherdock", "import", stage.docker, "--address", address, "--name", "web", "--json");
  return { stage, address, imports };
}

test("certificates that work become a line that works, with a key that only its owner can read", async () => {
  const { stage, address, imports } = makeStage(certificates);
  const { stdout, status } = await imports();
  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toEqual({ line: "web", address, mode: "native", engine: ENGINE_VERSION });
  const folder = join(stage.home, "lines/web");
  expect(readdirSync(folder).toSorted()).toEqual(["docker", "line.json"]);
  expect(statSync(join(folder, "docker/key.pem")).mode & 0o777).toBe(0o600);
  const [line] = JSON.parse((await stage.run("tetherdock", "status", "--json")).stdout);
  expect(line).toMatchObject({ name: "web", ok: true, reachable: true });
});

test("what docker uses in this shell becomes a line", async () => {
  const { stage, address } = makeStage(certificates);
  const variables = [
    `DOCKER_HOST=tcp://${address}`,
    "DOCKER_TLS_VERIFY=1",
    `DOCKER_CERT_PATH=${stage.docker}`,
  ];
  const words = ["tetherdock", "import", "--from-env", "--name", "web", "--json"];
  const { stdout, status } = await stage.run("env", ...variables, ...words);
  expect([status, JSON.parse(stdout)]).toEqual([
    0,
    { line: "web", address, mode: "native", engine: ENGINE_VERSION },
  ]);
});

test("certificates that do not work do not become a line", async () => {
  const { stage, imports } = makeStage(makeCertificates(100));
  const { stdout, status } = await imports();
  expect([status, JSON.parse(stdout).error.code]).toEqual([3, "IMPORT_REFUSED"]);
  expect((await stage.run("tetherdock", "ls", "--quiet")).stdout).toBe("");
});

test("an archive of the line becomes a line on another machine", async () => {
  const { stage, address, imports } = makeStage(certificates);
  const other = makeLaptopStage();
  onTestFinished(() => other.remove());
  await imports();
  for (const { work } of [stage, other]) writeFileSync(join(work, "password"), "three plain words\n");
  const exported = await stage.run(
    "tetherdock",
    "export",
    "--format",
    "archive",
    "--password-file",
    "password",
  );
  expect(exported).toMatchObject({ status: 0, stdout: "web.tetherdock\n" });
  copyFileSync(join(stage.work, "web.tetherdock"), join(other.work, "archive"));
  const imported = await other.run(
    "tetherdock",
    "import",
    "archive",
    "--password-file",
    "password",
    "--json",
  );
  expect(imported.status, imported.stderr).toBe(0);
  expect(JSON.parse(imported.stdout)).toMatchObject({ line: "web", address });
  const keyOf = ({ home }: typeof stage) => readFileSync(join(home, "lines/web/docker/key.pem"), "utf8");
  expect(keyOf(other)).toBe(keyOf(stage));
});

test("curl gets in with a p12 file, which only its owner can read", async () => {
  const { stage, address, imports } = makeStage(certificates);
  await imports();
  const wrote = await stage.run("sh", "-c", "echo abc | tetherdock export --format p12 --password-file -");
  expect(wrote).toMatchObject({ status: 0, stdout: "web.p12\n" });
  expect(statSync(join(stage.work, "web.p12")).mode & 0o777).toBe(0o600);
  const ca = join(stage.home, "lines/web/docker/ca.pem");
  const tls = ["--cacert", ca, "--cert-type", "P12", "--cert", "web.p12:abc"];
  expect(await stage.run("curl", "--silent", ...tls, `https://${address}/_ping`)).toMatchObject({
    stdout: "OK",
  });
});
