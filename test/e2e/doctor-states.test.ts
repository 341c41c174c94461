/** The states of test/hosts that `up` cannot deal with, or not alone: exactly what doctor finds. The others: states-*.test.ts. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { expectFindings } from "../support/doctor.ts";
import { bootHost, type Flavour, type Host } from "../support/host.ts";
import { type Laptop, makeLaptop } from "../support/laptop.ts";
import { destinationOf } from "../support/up-and-down.ts";

interface Row {
  /** Staged one after the other. */
  readonly states: readonly string[];
  /** Shell, as root, after them. */
  readonly after?: string;
  readonly finds: readonly string[];
  readonly not?: Flavour;
}

const ROWS: readonly Row[] = [
  { states: ["daemon-json-broken"], finds: ["medium daemon-json-broken /etc/docker/daemon.json"] },
  // It would only show once somebody tried: nothing is wrong yet.
  { states: ["daemon-refuses"], finds: [] },
  { states: ["disk-full"], finds: ["medium disk-full /etc, /var/lib"] },
  { states: ["docker-masked"], finds: ["medium docker-not-running docker.service"] },
  { states: ["no-docker"], finds: ["medium docker-not-running docker.service"], not: "coreos" },
  { states: ["port-taken"], finds: ["info not-docker IP:2376"] },
  { states: ["firewalled"], finds: [] },
  {
    states: ["foreign-tls", "firewalled"],
    finds: ["info listening-not-reachable IP:2376"],
  },
  // Told without a probe, which would start docker.
  {
    states: ["pitfall-1"],
    after: "systemctl stop docker.service",
    finds: ["critical tcp-by-systemd docker-tcp.socket"],
  },
];

describe.for<Flavour>(["debian", "upstream", "coreos"])("%s", (flavour) => {
  let host: Host;
  let laptop: Laptop;
  beforeAll(async () => {
    host = await bootHost({ name: "sick", flavour });
    laptop = await makeLaptop(host.sshConfig);
  });
  afterAll(async () => {
    await laptop[Symbol.asyncDispose]();
    await host[Symbol.asyncDispose]();
  });

  const rows = ROWS.filter(({ not }) => not !== flavour);
  test.for(rows.map((row) => [row.states.join(", "), row] as const))(
    "%s",
    async ([, { states, after, finds }]) => {
      await host.reset();
      for (const state of states) await host.state(state);
      if (after) await host.root(after);
      await expectFindings(laptop, host, { words: [destinationOf(host)], findings: finds });
    },
  );

  test("doctor writes nothing here", async () => expect(await laptop.tree()).toBe("absent"));
});
