/** What another operator types to open a fleet: the command that is printed has the options that its store needs. */
import { expect, test } from "vitest";
import { failureOf } from "../../../test/support/app/change.ts";
import type { OperatedStore } from "../../fleet/index.ts";
import { formatFolderSettings, readFolderSettings } from "../../system/fleet-store/https/folder-settings.ts";
import { openCommand, openedStore, withSecretBefore } from "./store-flags.ts";

const receipts = { url: "https://web.example/receipts", folder: "/srv/receipts", secret: "a".repeat(64) };

const none = { folder: undefined, receiptsFolder: undefined };

const store = (place: typeof receipts | null): OperatedStore => ({
  address: { urls: ["https://web.example/acme"], ca: null },
  settings: formatFolderSettings({ folder: "/srv/acme", receipts: place }),
});

test.each([
  ["without receipts", null, "tetherdock fleet open acme.json --folder FOLDER"],
  ["with receipts", receipts, "tetherdock fleet open acme.json --folder FOLDER --receipts-folder FOLDER"],
])("a web server %s", async (_what, place, command) => {
  expect(openCommand(store(place), "acme.json")).toBe(command);
  const error = await failureOf(Promise.resolve().then(() => openedStore(store(place), none, "acme.json")));
  expect(error).toMatchObject({ code: "USAGE", hints: [command] });
});

test("nats needs no options", () => {
  const nats = { ...store(null), address: { urls: ["nats://a.example"], ca: null } };
  expect(openCommand(nats, "my file.json")).toBe("tetherdock fleet open 'my file.json'");
});

test("a store with the same receipts keeps their secret, wherever its folders are now", () => {
  const asked = (more: object) => store({ ...receipts, secret: "b".repeat(64), ...more });
  const secretOf = (before: OperatedStore | null, next: OperatedStore) =>
    readFolderSettings(withSecretBefore(before, next)).receipts?.secret;
  expect(secretOf(store(receipts), asked({ folder: "/elsewhere" }))).toBe(receipts.secret);
  for (const before of [
    null,
    store(null),
    { address: { urls: ["nats://a.example"], ca: null }, settings: "" },
  ])
    expect(secretOf(before, asked({}))).toBe("b".repeat(64));
  expect(secretOf(store(receipts), asked({ url: "https://away.example/receipts" }))).toBe("b".repeat(64));
  expect(secretOf(store(receipts), store(null))).toBeUndefined();
});
