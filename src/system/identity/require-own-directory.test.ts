/** Anyone who can open the folder of a client list can lock it, and then nobody can be revoked. */
import { chmod, chown, mkdir, rename, rm, stat, symlink } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { failureOf } from "../../../test/support/app/change.ts";
import { makeOpenFolder } from "../../../test/support/open-folder.ts";
import { requireOwnDirectory } from "./require-own-directory.ts";

let root = "";
let list = "";
beforeEach(async () => {
  root = await makeOpenFolder();
  list = join(root, "gateway/clients.json");
  await mkdir(join(root, "gateway"));
});
afterEach(() => rm(root, { recursive: true }));

const folder = () => join(root, "gateway");

test.each([0o700, 0o711, 0o500])("mode %o is accepted", async (mode) => {
  await chmod(folder(), mode);
  await requireOwnDirectory(list);
});

test.each([
  [0o755, /its group can open it/],
  [0o704, /other users can open it: its mode is 704/],
  [0o703, /other users/],
  [0o720, /its group/],
])("mode %o is refused", async (mode, why) => {
  await chmod(folder(), mode);
  const error = await failureOf(requireOwnDirectory(list));
  expect(error).toMatchObject({ code: "GATEWAY_CONFIG_BROKEN", hints: [`chmod 700 ${folder()}`] });
  expect(error.why[0]).toMatch(why);
});

test("an open folder in a closed one is accepted, by its own path and through a link", async () => {
  await chmod(folder(), 0o755);
  await chmod(root, 0o700);
  await requireOwnDirectory(list);
  const link = `${root}-link`;
  await symlink(folder(), link);
  try {
    await requireOwnDirectory(join(link, "clients.json"));
  } finally {
    await rm(link);
  }
});

test("another user's folder is refused; root's is accepted, and one that only its user can open", async () => {
  await chmod(folder(), 0o711);
  const owner = (await stat(folder())).uid;
  const foreign = requireOwnDirectory(list, { uid: owner + 12345 });
  if (owner === 0) await foreign;
  else expect((await failureOf(foreign)).why[0]).toBe(`it belongs to uid ${owner}`);
  if (owner === 0) {
    await chown(folder(), 12345, 0);
    expect((await failureOf(requireOwnDirectory(list, { uid: 0 }))).why[0]).toBe("it belongs to uid 12345");
    await requireOwnDirectory(list, { uid: 12345 });
  }
  await chmod(folder(), 0o700);
  await requireOwnDirectory(list, { uid: 54321 });
});

describe.runIf(process.getuid?.() === 0)("root, who only reads a service's list", () => {
  const SERVICE = 61_586;
  const log = () => join(root, "log");
  const check = () => requireOwnDirectory(list, { uid: 0, auditLog: log() });
  beforeEach(async () => {
    await mkdir(log());
    for (const path of [folder(), log()]) await chown(path, SERVICE, SERVICE);
    await chmod(folder(), 0o755);
    await chmod(root, 0o700);
  });

  test("accepts the folder that only root and the service can reach; root who writes does not", async () => {
    await check();
    expect((await failureOf(requireOwnDirectory(list, { uid: 0 }))).why[0]).toBe(
      `it belongs to uid ${SERVICE}`,
    );
  });

  test.each<[string, () => Promise<void>]>([
    ["that others can reach", () => chmod(root, 0o711)],
    ["that a group can reach", () => chmod(root, 0o710)],
    ["below a folder of another user", () => chown(root, 12_345, 0)],
    ["whose owner is not the audit log's", () => chown(folder(), 12_345, 0)],
    ["whose owner is not the audit log's, which is root's", () => chown(log(), 0, 0)],
  ])("refuses one %s", async (_, change) => {
    await change();
    expect(await failureOf(check())).toMatchObject({
      code: "GATEWAY_CONFIG_BROKEN",
      why: [expect.stringMatching(/^it belongs to uid/), expect.any(String)],
    });
  });

  test("refuses one in a closed folder that others can replace", async () => {
    const open = `${root}-open`;
    await mkdir(open);
    try {
      await chmod(open, 0o777);
      await rename(root, join(open, "closed"));
      const inside = join(open, "closed/gateway/clients.json");
      const reader = { uid: 0, auditLog: join(open, "closed/log") };
      expect(await failureOf(requireOwnDirectory(inside, reader))).toMatchObject({
        code: "GATEWAY_CONFIG_BROKEN",
      });
      await rename(join(open, "closed"), root);
    } finally {
      await rm(open, { recursive: true });
    }
  });
});

test("the error for a missing folder has its path", async () => {
  expect(await failureOf(requireOwnDirectory(join(root, "none/clients.json")))).toMatchObject({
    code: "FILE_FAILED",
    message: `cannot read ${join(root, "none")}`,
  });
});
