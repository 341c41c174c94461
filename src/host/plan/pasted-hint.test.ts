/** The host chooses paths, and users run the commands of a hint unchanged. */
import { expect, test } from "vitest";
import { daemonJson, hostFacts, pathStep } from "../../../test/support/host-facts.ts";
import type { Plan } from "./change.ts";
import { checkDropIns } from "./checks/check-docker-units.ts";
import { writablePath } from "./checks/check-places.ts";
import { requireDaemonJson } from "./daemon/daemon-json.ts";

/** Makes two commands without a blank. */
const EVIL = "a;{id,-u}|sh";
/** The part of a line that a shell reads outside single quotes and before the comment. */
const bare = (line: string): string => line.replace(/'[^']*'/g, "").replace(/\s#.*$/, "");

const write = { kind: "write", path: "/etc/systemd/system/docker.service.d/zz-tetherdock.conf" };
const plan = { changes: [{ ...write, after: "ExecStart=" }] } as unknown as Plan;
const later = {
  path: `/etc/systemd/system/docker.service.d/zzz${EVIL}.conf`,
  text: "[Service]\nExecStart=x\n",
};
const unitText = { path: "/lib/systemd/system/docker.service", text: "" };

test.each([
  [
    "a path that others may change",
    () => writablePath({ steps: new Map([["/", pathStep("/", { mode: 0o777 })]]) }, `/${EVIL}`),
  ],
  ["a drop-in read later", () => checkDropIns(hostFacts({ units: [unitText, later] }), plan)],
  ["a daemon.json", () => requireDaemonJson({ ...daemonJson("{", "no"), path: `/etc/${EVIL}` })],
])("no hint of up's runs what a name says: %s", (_, refused) => {
  let hints: readonly string[] = [];
  try {
    refused();
  } catch (error) {
    hints = (error as { hints: string[] }).hints;
  }
  const commands = hints.filter((line) => /^[a-z]+ -|^mv|^dockerd/.test(line));
  expect(commands.join()).toContain("{id,-u}");
  expect(commands.map(bare).filter((line) => line.includes("{id,-u}"))).toEqual([]);
});
