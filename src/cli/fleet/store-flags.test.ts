/** What another operator types to open a fleet: the command that is printed has the options that its store needs. */
import { expect, test } from "vitest";
import { failureOf } from "../../../test/support/app/change.ts";
import type { OperatedStore } from "../../fleet/index.ts";
import { formatFolderSettings } from "../../system/fleet-store/https/folder-settings.ts";
import { openCommand, openedStore } from "./store-flags.ts";

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
