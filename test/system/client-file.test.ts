/** The client list in a file: one writer at a time, and a revocation that outlasts an older list. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { type Client, formatClients } from "../../src/identity/index.ts";
import { clientFile } from "../../src/system/identity/client-file.ts";

const client = (name: string): Client => ({
  ...{ name, fingerprint: name.repeat(64), role: "admin", state: "active", expires: null },
});
const [a, b] = [client("a"), client("b")];

function stage() {
  const folder = mkdtempSync(join(tmpdir(), "tetherdock-clients-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "clients.json");
  writeFileSync(path, formatClients([a, b]));
  return { path, store: clientFile(path) };
}

test("a list that was put back revokes nobody's revocation; a write that restores does", async () => {
  const { path, store } = stage();
  const older = readFileSync(path, "utf8");
  const { revision } = await store.read();
  expect(await store.write([a, { ...b, state: "revoked" }], revision)).toBe("ok");
  writeFileSync(path, older);
  const kept = await store.read();
  expect(kept.clients.map(({ state }) => state)).toEqual(["active", "revoked"]);
  expect(await store.write([a, b], kept.revision)).toBe("ok");
  expect((await store.read()).clients).toEqual([a, b]);
});

test("of two that change the same list, one is told, and both changes can be kept", async () => {
  const { path, store } = stage();
  const other = clientFile(path);
  const { revision } = await store.read();
  const both = await Promise.all([store.write([a], revision), other.write([b], revision)]);
  expect(both.toSorted()).toEqual(["conflict", "ok"]);
});
