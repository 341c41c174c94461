import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { receiptKeyOf } from "../../../fleet/index.ts";
import { receiptKey } from "./receipt-key.ts";

const folder = mkdtempSync(join(tmpdir(), "receipt-key-"));
const clients = join(folder, "clients.json");
const file = join(folder, "receipt-key.pem");
const key = async () => receiptKeyOf(await receiptKey(clients)());

afterAll(() => rmSync(folder, { recursive: true }));

test("the key is made once, for the gateway's user only; a damaged one is made anew", async () => {
  const ask = receiptKey(clients);
  const both = await Promise.all([ask(), ask()]);
  expect(new Set(both.map(receiptKeyOf)).size).toBe(1);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(await key()).toBe(receiptKeyOf(both[0] ?? expect.fail()));
  writeFileSync(file, "garbage");
  const next = await key();
  expect(next).not.toBe(receiptKeyOf(both[0] ?? expect.fail()));
  expect(await key()).toBe(next);
});

test("a folder that cannot be written is an error, and is tried again", async () => {
  const ask = receiptKey(join(folder, "nowhere", "clients.json"));
  await expect(ask()).rejects.toMatchObject({ code: "FILE_FAILED" });
  await expect(ask()).rejects.toMatchObject({ code: "FILE_FAILED" });
});
