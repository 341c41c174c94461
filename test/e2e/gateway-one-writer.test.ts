/** The client list has several writers: nobody's change is lost, and a revocation least of all. */
import { basename } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type CutStage, LONG_TIMEOUT, makeCutStage } from "../support/cut-stage.ts";
import { cutAt, cutBy } from "../support/cuts.ts";
import { addingFrom, makeKey } from "../support/gateway/people.ts";
import type { Release } from "../support/host.ts";

const LIST = "/var/lib/private/tetherdock-gateway/clients.json";
/** The answer of an `up` again that has only the list to write: after the look, the proof of the key and the journal. */
const LIST_WRITTEN = 4;
const UNDO = "systemctl start tetherdock-undo.service 2>/dev/null; true";

/** The words that add an admin whose key is in `folder`. */
const addFrom = (folder: string): string[] => addingFrom(folder, basename(folder), "admin");

async function addBob(stage: CutStage): Promise<void> {
  const added = await stage.laptop.tetherdock(addFrom(await makeKey(stage.laptop, "bob")));
  expect(added, added.stderr).toMatchObject({ status: 0 });
}

async function statesOf({ laptop }: CutStage): Promise<Record<string, string>> {
  const { stdout } = await laptop.tetherdock(["client", "ls", "--json"]);
  const clients = JSON.parse(stdout) as { name: string; state: string }[];
  return Object.fromEntries(clients.map(({ name, state }) => [name, state]));
}

describe.each<Release>(["bookworm", "trixie"])("%s", (release) => {
  let stage: CutStage;
  beforeAll(async () => {
    stage = await makeCutStage({ flavour: "debian", release, upFlags: ["--gateway"] });
    await stage.expectUp("first");
    await addBob(stage);
  });
  afterAll(async () => {
    await stage?.[Symbol.asyncDispose]();
  });

  test("concurrent client commands: each succeeds and no change is lost", LONG_TIMEOUT, async () => {
    const { laptop } = stage;
    const names = ["carol", "dave", "erin"];
    const folders = await Promise.all(names.map((name) => makeKey(laptop, name)));
    const commands = [...folders.map(addFrom), ["client", "revoke", "bob"]];
    for (const done of await Promise.all(commands.map((words) => laptop.tetherdock(words))))
      expect(done, done.stderr).toMatchObject({ status: 0 });
    const added = Object.fromEntries(names.map((name) => [name, "active"]));
    expect(await statesOf(stage)).toMatchObject({ ...added, bob: "revoked" });
    const changes = [...names.map((name) => ["client", "revoke", name]), ["client", "restore", "bob"]];
    for (const done of await Promise.all(changes.map((words) => laptop.tetherdock(words))))
      expect(done, done.stderr).toMatchObject({ status: 0 });
    await stage.host.root("systemctl restart tetherdock-gateway.service");
    const revoked = Object.fromEntries(names.map((name) => [name, "revoked"]));
    expect(await statesOf(stage)).toMatchObject({ ...revoked, bob: "active" });
  });

  test(
    "an up that is interrupted after writing the list is undone: a client revoked in the meantime stays revoked",
    LONG_TIMEOUT,
    async () => {
      const { host, laptop } = stage;
      // The operator's access is to end one day: the next up has something to write.
      await host.root(`sed -i '0,/"expires": null/s//"expires": "2099-01-01T00:00:00Z"/' ${LIST}`);
      const { stderr } = await laptop.tetherdock([...stage.up, "--confirm-within=10m"], {
        env: cutAt(LIST_WRITTEN, cutBy.laptop),
      });
      expect(stderr).toContain(`change ${LIST}`);
      expect(await laptop.tetherdock(["client", "revoke", "bob"])).toMatchObject({ status: 0 });
      await host.root(UNDO);
      expect(await statesOf(stage)).toMatchObject({ bob: "revoked" });
      await host.root("systemctl restart tetherdock-gateway.service");
      expect(await statesOf(stage)).toMatchObject({ bob: "revoked" });
      expect(await laptop.tetherdock(["client", "restore", "bob"])).toMatchObject({ status: 0 });
      expect(await statesOf(stage)).toMatchObject({ bob: "active" });
      await stage.expectDown("at the end");
    },
  );
});
