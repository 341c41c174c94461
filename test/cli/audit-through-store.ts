/** What holds of the audit logs of hosts that only a store reaches, whatever store that is. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { ENGINE_VERSION } from "./fake-engine.ts";
import type { Asks } from "./fleet-stage.ts";
import { statusOf } from "./fleet-stage.ts";
import type { GatewayStage } from "./gateway-stage.ts";
import type { LaptopStage } from "./laptop-stage.ts";

type Fleet = (...args: string[]) => Promise<{ stdout: string; stderr: string; status: number | null }>;

interface Shown {
  readonly host: string;
  readonly target: string;
  readonly rule: string;
}

const logsIn = (folder: string) =>
  readdirSync(folder)
    .filter((name) => name.endsWith(".jsonl"))
    .map((name) => [name, readFileSync(join(folder, name))] as const);

/** @param client may call ContainerList on each host */
export async function expectLogsThroughStore(
  laptop: LaptopStage,
  fleet: Fleet,
  hosts: readonly GatewayStage[],
  client: Asks,
): Promise<void> {
  for (const host of hosts) expect(await statusOf(client(host, `/containers/json?x=${host.line}`))).toBe(200);
  const fetched = await fleet("audit", "fetch");
  expect(fetched, fetched.stderr).toMatchObject({ status: 0, stderr: "" });
  for (const { line } of hosts)
    expect(fetched.stdout).toMatch(new RegExp(`^${line} .*; through the store$`, "m"));
  const shown = await fleet("audit", "--json");
  expect(shown, shown.stderr).toMatchObject({ status: 0 });
  const records = shown.stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Shown);
  for (const { line, directory } of hosts) {
    const ofHost = records.filter(({ host }) => host === line);
    expect(ofHost.filter(({ target }) => target === `/containers/json?x=${line}`)).toHaveLength(1);
    // Thousands of questions may be one record: who reads the log is not to fill it.
    expect(ofHost.filter(({ rule }) => rule === "fleet-audit")).toHaveLength(1);
    for (const [name, bytes] of logsIn(join(laptop.home, "fleets/acme/audit", line)))
      expect(readFileSync(join(directory, name)).subarray(0, bytes.length).equals(bytes)).toBe(true);
  }
  const status = JSON.parse((await fleet("status", "--json")).stdout) as { hosts: { details: object }[] };
  for (const { details } of status.hosts)
    expect(details).toMatchObject({
      ...{ engine: ENGINE_VERSION, certificateDays: expect.any(Number), auditBehind: expect.any(Number) },
      gateway: expect.stringMatching(/^\d+\./),
    });
  const verified = await fleet("audit", "verify");
  expect(verified, verified.stderr).toMatchObject({ status: 0 });
}

/** @param client may call ContainerList on the host */
export async function expectFollowedThroughStore(
  laptop: LaptopStage,
  host: GatewayStage,
  client: Asks,
): Promise<void> {
  const args = ["fleet", "audit", "-f", "--json", "--host", host.line, "--since", "10m"];
  const following = laptop.spawn("tetherdock", args);
  let told = "";
  for (const stream of [following.stdout, following.stderr])
    stream?.setEncoding("utf8").on("data", (text: string) => {
      told += text;
    });
  try {
    for (const at of [1, 2]) {
      expect(await statusOf(client(host, `/containers/json?f=${at}`))).toBe(200);
      await expect.poll(() => told, { timeout: 60_000 }).toContain(`"target":"/containers/json?f=${at}"`);
    }
  } finally {
    following.kill("SIGINT");
  }
}
