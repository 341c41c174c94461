/** The client list has several writers: nobody's change is lost, and a revocation least of all. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type CutStage, makeCutStage, PATIENT } from "../support/cut-stage.ts";
import { cutAt, cutBy } from "../support/cuts.ts";

const LIST = "/var/lib/private/tetherdock-gateway/clients.json";
const UNDO = "systemctl start tetherdock-undo.service 2>/dev/null; true";

async function addBob({ laptop }: CutStage): Promise<void> {
  const folder = join(laptop.folder, "bob");
  await mkdir(folder);
  const made = await laptop.bash(
    `cd ${folder}; openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out key.pem; openssl pkey -in key.pem -pubout -out pub.pem`,
  );
  expect(made.status, made.stderr).toBe(0);
  const words = [
    "client",
    "add",
    "bob",
    "--role",
    "admin",
    "--public-key",
    `${folder}/pub.pem`,
    "--out",
    folder,
  ];
  expect(await laptop.tetherdock(words)).toMatchObject({ status: 0 });
}

async function statesOf({ laptop }: CutStage): Promise<Record<string, string>> {
  const { stdout } = await laptop.tetherdock(["client", "ls", "--json"]);
  const clients = JSON.parse(stdout) as { name: string; state: string }[];
  return Object.fromEntries(clients.map(({ name, state }) => [name, state]));
}

test(
  "an up that was cut off after it wrote the list is undone: who was revoked meanwhile stays out",
  PATIENT,
  async () => {
    await using stage = await makeCutStage({ flavour: "debian", upFlags: ["--gateway"] });
    const { host, laptop } = stage;
    await stage.expectUp("first");
    await addBob(stage);
    // The operator's access is to end one day: the next up has something to write.
    await host.root(`sed -i '0,/"expires": null/s//"expires": "2099-01-01T00:00:00Z"/' ${LIST}`);
    const { stderr } = await laptop.tetherdock([...stage.up, "--confirm-within=10m"], {
      env: cutAt(3, cutBy.laptop),
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
