/** The drawing and the matrix of real hosts: the two pitfalls, and the way out. */
import { expect, test } from "vitest";
import { leavingNoTrace } from "../support/doctor.ts";
import { bootHost, type Host } from "../support/host.ts";
import { type Laptop, makeLaptop } from "../support/laptop.ts";
import { destinationOf } from "../support/up-and-down.ts";

interface Printed {
  readonly entrances: readonly {
    readonly addresses: readonly string[];
    readonly via: { readonly name: string; readonly detail: string } | null;
    readonly hop: string;
    readonly ways: readonly { readonly access: string }[];
  }[];
  readonly matrix: readonly {
    readonly openedBy: string;
    readonly tlsClaimed: boolean;
    readonly listeners: readonly { readonly plain: { works: boolean }; readonly tls: { works: boolean } }[];
  }[];
}

async function topology(laptop: Laptop, host: Host): Promise<Printed> {
  const { stdout, stderr, status } = await laptop.tetherdock(["topology", destinationOf(host), "--json"]);
  expect(stderr).toBe("");
  expect(status).toBe(0);
  return JSON.parse(stdout);
}

const open = ({ entrances }: Printed) =>
  entrances
    .filter(({ ways }) => ways.some(({ access }) => access === "open"))
    .map(({ addresses, via, hop }) => [addresses, via?.detail ?? "dockerd", hop]);

/** openedBy, claimed, plain, TLS of each real listener; IPv4 and IPv6 behave alike, so once. */
const table = ({ matrix }: Printed) => [
  ...new Set(
    matrix.flatMap(({ openedBy, tlsClaimed, listeners }) =>
      listeners.map(({ plain, tls }) => JSON.stringify([openedBy, tlsClaimed, plain.works, tls.works])),
    ),
  ),
];

test.for([
  ["pitfall-1", "[::]:2375", '["systemd",false,true,false]'],
  ["pitfall-2-2015", "[::]:2376", '["systemd",true,true,false]'],
] as const)("%s, drawn as open, and as closed after up", async ([state, address, row]) => {
  await using host = await bootHost({ name: "topology", state });
  await using laptop = await makeLaptop(host.sshConfig);
  const before = await topology(laptop, host);
  expect(open(before)).toEqual([[[address], "docker-tcp.socket", "fd://"]]);
  expect(table(before)).toEqual([row]);

  const up = await laptop.tetherdock(["up", destinationOf(host), "--yes"]);
  expect(up.status, up.stderr).toBe(0);
  const fingerprint = await host.fingerprint();
  const after = await topology(laptop, host);
  expect(open(after)).toEqual([]);
  expect(table(after)).toEqual(['["dockerd",true,false,true]']);
  expect(after.entrances.map(({ via }) => via?.name ?? "dockerd")).toEqual(["systemd", "dockerd", "sshd"]);
  expect(await host.fingerprint()).toBe(fingerprint);
});

test("the bug of 2015, from the pasted line alone: its meaning, the probe, and the fix", async () => {
  await using host = await bootHost({ name: "topology", state: "pitfall-2-2015" });
  await using laptop = await makeLaptop(host.sshConfig);
  const pasted = `Get https://${host.ip}:2376/v1.19/containers/json: tls: oversized record received with length 20527`;
  const told = await leavingNoTrace(host, () => laptop.tetherdock(["explain", "--probe"], { input: pasted }));
  expect(told.status).toBe(0);
  expect(told.stdout).toContain('20527 = 0x502F = "P/": bytes four and five of "HTTP/"');
  expect(told.stdout).toMatch(/dangerous {2}yes\. Docker answers in plain HTTP/);
  expect(told.stdout).toContain(`plain HTTP: Docker 20.10.24`);

  // The fix as it is printed, but for the user's name, which no message holds.
  const fix = new RegExp(`tetherdock up (?:\\S+@)?${host.ip.replaceAll(".", "\\.")}`);
  expect(told.stdout).toMatch(fix);
  const matrix = await laptop.tetherdock(["topology", destinationOf(host), "--matrix"]);
  expect(matrix.stdout).toMatch(/systemd +yes +\S+:2376 +works: NO TLS +fails/);
  expect(await laptop.tetherdock(["up", destinationOf(host), "--yes"])).toMatchObject({ status: 0 });
  const after = await laptop.tetherdock(["explain", "--probe"], { input: pasted });
  expect(after.stdout.replaceAll(/\s+/g, " ")).toContain(
    "Docker answers this line's certificate and refuses everything else that was tried.",
  );
});
