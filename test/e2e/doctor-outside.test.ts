/** `tetherdock doctor` from outside and inside on real hosts: nothing to find on a line that up made, and what is open. */
import { expect, test } from "vitest";
import { bootHost, type Host } from "../support/host.ts";
import { type Laptop, makeLaptop } from "../support/laptop.ts";
import { destinationOf } from "../support/up-and-down.ts";

interface Finding {
  readonly check: string;
  readonly severity: string;
  readonly where: string;
}

interface Document {
  readonly reports: readonly {
    readonly name: string;
    readonly inside: { readonly looked: boolean };
    readonly endpoints: readonly {
      readonly address: string;
      readonly knocks: readonly { readonly kind: string }[];
    }[];
    readonly findings: readonly Finding[];
    readonly skipped: readonly { readonly check: string; readonly why: string }[];
  }[];
}

async function doctor(laptop: Laptop, ...args: string[]) {
  const { status, stdout, stderr } = await laptop.tetherdock(["doctor", ...args, "--json"]);
  expect(stderr, "no progress without a terminal").toBe("");
  return { status, reports: (JSON.parse(stdout) as Document).reports };
}

const addressesOf = ({ ip, ip6 }: Host) =>
  [ip, `[${ip6}]`].flatMap((address) => [2375, 2376].map((port) => `${address}:${port}`));

test.for(["debian", "upstream", "coreos"] as const)("%s: after up, zero findings", async (flavour) => {
  await using host = await bootHost({ name: "dr2", flavour });
  await using laptop = await makeLaptop(host.sshConfig);
  expect(await laptop.tetherdock(["up", destinationOf(host), "--yes"])).toMatchObject({ status: 0 });
  const before = [await host.fingerprint(), await laptop.tree()];

  // By the only line, by name, by ssh destination, by address: the same engine.
  for (const words of [[], [host.name], [destinationOf(host)]]) {
    const { status, reports } = await doctor(laptop, ...words);
    expect({ status, findings: reports[0]?.findings }, words.join()).toEqual({ status: 0, findings: [] });
    expect(reports[0]?.inside.looked).toBe(true);
    expect(reports[0]?.skipped).toEqual([]);
    expect(reports[0]?.endpoints.map(({ address }) => address)).toEqual(
      expect.arrayContaining(addressesOf(host)),
    );
  }
  const alone = await doctor(laptop, `${host.ip}:2376`, "--no-ssh");
  expect(alone).toMatchObject({ status: 0, reports: [{ inside: { looked: false }, findings: [] }] });
  expect(alone.reports[0]?.endpoints).toHaveLength(1);
  expect([await host.fingerprint(), await laptop.tree()], "changed nothing").toEqual(before);
});

test("a CA key with a passphrase: what cannot be tried is skipped and said, nothing is asked", async () => {
  await using host = await bootHost({ name: "dr2" });
  await using laptop = await makeLaptop(host.sshConfig);
  const env = { TETHERDOCK_CA_PASSPHRASE: "correct horse" };
  const up = ["up", destinationOf(host), "--yes", "--encrypt-ca-key"];
  expect(await laptop.tetherdock(up, { env })).toMatchObject({ status: 0 });
  const { status, reports } = await doctor(laptop, "--no-ssh");
  expect({ status, findings: reports[0]?.findings }).toEqual({ status: 0, findings: [] });
  const why = "the line's CA key is locked with a passphrase";
  expect(reports[0]?.skipped).toEqual(
    expect.arrayContaining([
      { check: "expired-admitted", why },
      { check: "server-usage-admitted", why },
    ]),
  );
});

test("pitfall 1: critical; --fix shows its plan and asks; after up nothing is left to find", async () => {
  await using host = await bootHost({ name: "dr2", state: "pitfall-1" });
  await using laptop = await makeLaptop(host.sshConfig);
  const open = await doctor(laptop, destinationOf(host));
  expect(open.status).toBe(13);
  expect(open.reports[0]?.findings).toEqual([
    expect.objectContaining({ check: "api-without-tls", severity: "critical", where: `${host.ip}:2375` }),
  ]);
  const both = await doctor(laptop, `${host.ip}:2375`, `[${host.ip6}]:2375`);
  expect(both.reports.map(({ findings }) => findings.map(({ check }) => check))).toEqual([
    ["api-without-tls"],
    ["api-without-tls"],
  ]);

  // Nobody is here to agree to the plan: shown, and nothing done.
  const before = await host.fingerprint();
  const asked = await laptop.tetherdock(["doctor", destinationOf(host), "--fix"]);
  expect(asked).toMatchObject({ status: 3, stderr: expect.stringContaining("nobody is here to answer") });
  expect(asked.stderr).toContain("restart docker.service");
  expect(await host.fingerprint()).toBe(before);

  expect(await laptop.tetherdock(["up", destinationOf(host), "--yes"])).toMatchObject({ status: 0 });
  expect(await doctor(laptop)).toMatchObject({ status: 0, reports: [{ findings: [] }] });
});

test("no way in: the look from outside still tells; --ssh makes it an error", async () => {
  await using host = await bootHost({ name: "dr2", state: "pitfall-2" });
  await using laptop = await makeLaptop(host.sshConfig);
  await laptop.configureSsh(`Host ${host.name}\n  Port 9`);
  const { status, reports } = await doctor(laptop, `root@${host.name}`);
  expect(status).toBe(13);
  expect(reports[0]).toMatchObject({
    inside: { looked: false },
    findings: [{ check: "api-without-tls", where: `${host.ip}:2376` }],
  });
  const strict = await laptop.tetherdock(["doctor", `root@${host.name}`, "--ssh", "--json"]);
  expect(strict.status).toBe(3);
  expect(JSON.parse(strict.stdout)).toMatchObject({ error: { code: "SSH_REFUSED" } });
});
