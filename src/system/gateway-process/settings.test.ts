import { execFileSync } from "node:child_process";
import { chmod, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { failureOf } from "../../../test/support/app/change.ts";
import { makeOpenFolder } from "../../../test/support/open-folder.ts";
import { formatClients } from "../../identity/index.ts";
import { issueServer, makeAuthority, makeKeyPair, openAuthority, parseName } from "../../pki/index.ts";
import { readSettings } from "./settings.ts";

let root = "";
let config = "";
let settings: object = {};
beforeEach(async () => {
  root = await makeOpenFolder();
  config = join(root, "gateway.json");
  await mkdir(join(root, "list"));
  await writeFile(join(root, "list/clients.json"), formatClients([]));
  const listen = [{ address: `unix://${root}/docker.sock`, client: "local" }];
  settings = {
    version: 1,
    listen,
    clients: join(root, "list/clients.json"),
    audit: { directory: root },
  };
  await writeFile(config, JSON.stringify(settings));
});
afterEach(() => rm(root, { recursive: true }));

test("a client list in a folder that others can open is refused; in a folder of its own it is read", async () => {
  await chmod(join(root, "list"), 0o755);
  expect(await failureOf(readSettings(config, Date.now))).toMatchObject({
    code: "GATEWAY_CONFIG_BROKEN",
    hints: [`chmod 700 ${root}/list`],
  });
  await chmod(join(root, "list"), 0o700);
  expect(await readSettings(config, Date.now)).toMatchObject({ clients: { clients: [] }, tls: null });
});

test("while the service does not run, a check reads the key from where systemd takes it", async () => {
  const now = Date.now();
  const line = await makeAuthority({ subject: "line", now });
  const { publicKey, privateKey } = makeKeyPair();
  const names = [parseName("192.0.2.7")];
  const certificate = await issueServer(await openAuthority(line), { publicKey, names, now });
  const files = { ca: line.certificate, certificate, key: privateKey };
  for (const [name, text] of Object.entries(files)) await writeFile(join(root, `${name}.pem`), text);
  const given = join(root, "credentials/server-key.pem");
  const tls = { ca: join(root, "ca.pem"), certificate: join(root, "certificate.pem"), key: given };
  await writeFile(config, JSON.stringify({ ...settings, tls }));
  await chmod(join(root, "list"), 0o700);
  const credentials = new Map([[given, join(root, "key.pem")]]);
  expect(await readSettings(config, Date.now, { credentials })).toMatchObject({ tls: { key: privateKey } });
  expect(await failureOf(readSettings(config, Date.now))).toMatchObject({ code: "FILE_FAILED" });
  await mkdir(join(root, "credentials"));
  await writeFile(given, "another key");
  expect(await failureOf(readSettings(config, Date.now, { credentials }))).toMatchObject({
    code: "GATEWAY_TLS_UNUSABLE",
  });
});

test("a FIFO in place of the client list is refused, not waited for", async () => {
  await chmod(join(root, "list"), 0o700);
  await rm(join(root, "list/clients.json"));
  execFileSync("mkfifo", [join(root, "list/clients.json")]);
  expect(await failureOf(readSettings(config, Date.now))).toMatchObject({
    ...{ code: "FILE_FAILED", why: ["it is not a regular file"] },
  });
});
