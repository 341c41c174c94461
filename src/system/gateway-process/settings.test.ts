import { chmod, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { failureOf } from "../../../test/support/app/change.ts";
import { makeOpenFolder } from "../../../test/support/open-folder.ts";
import { formatClients } from "../../identity/index.ts";
import { readSettings } from "./settings.ts";

let root = "";
let config = "";
beforeEach(async () => {
  root = await makeOpenFolder();
  config = join(root, "gateway.json");
  await mkdir(join(root, "list"));
  await writeFile(join(root, "list/clients.json"), formatClients([]));
  const listen = [{ address: `unix://${root}/docker.sock`, client: "local" }];
  const settings = {
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
