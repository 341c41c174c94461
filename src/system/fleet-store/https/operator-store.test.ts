/** What an operator is told when the web server does not serve what they look for. */
import { expect, test } from "vitest";
import { formatFolderSettings } from "./folder-settings.ts";
import { openFolderStore } from "./operator-store.ts";

test("a failure names what was looked for", async () => {
  // Nobody listens there.
  const address = { urls: ["https://127.0.0.1:1/acme"], ca: null };
  const settings = formatFolderSettings({ folder: "/srv/acme", receipts: null });
  const store = openFolderStore({ address, settings });
  for (const [read, what] of [
    [() => store.published(), "cannot read the published list"],
    [() => store.publishedHosts(), "cannot read the published hosts"],
    [() => store.proposed(), "cannot read the change that waits"],
  ] as const)
    await expect(read()).rejects.toMatchObject({ code: "FLEET_STORE_FAILED", message: what });
  await store.close();
});
