/** `tetherdock doctor` from outside and inside on real hosts: nothing to find on a line that up made, and what is open. */
import { expect, test } from "vitest";
import { doctor, expectFindings, leavingNoTrace } from "../support/doctor.ts";
import { bootHost, type Host } from "../support/host.ts";
import { makeLaptop } from "../support/laptop.ts";
import { destinationOf } from "../support/up-and-down.ts";

const addressesOf = ({ ip, ip6 }: Host) =>
  [ip, `[${ip6}]`].flatMap((address) => [2375, 2376].map((port) => `${address}:${port}`));

test.for(["debian", "upstream", "coreos"] as const)("%s: after up, no findings", async (flavour) => {
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

test("a CA key with a passphrase: probes that need it are skipped and reported, and nothing is asked", async () => {
  await using host = await bootHost({ name: "dr2" });
  await using laptop = await makeLaptop(host.sshConfig);
  const env = { TETHERDOCK_CA_PASSPHRASE: "correct horse" };
  const up = ["up", destinationOf(host), "--yes", "--encrypt-ca-key"];
  expect(await laptop.tetherdock(up, { env })).toMatchObject({ status: 0 });
  const { status, reports } = await doctor(laptop, "--no-ssh");
  expect({ status, findings: reports[0]?.findings }).toEqual({ status: 0, findings: [] });
  const why = "the line's CA key is encrypted with a passphrase";
  expect(reports[0]?.skipped).toEqual(
    expect.arrayContaining([
      { check: "expired-admitted", why },
      { check: "server-usage-admitted", why },
    ]),
  );
});

test("pitfall 1: critical; --fix shows its plan, asks, and fixes only what up can", async () => {
  await using host = await bootHost({ name: "dr2", state: "pitfall-1" });
  await using laptop = await makeLaptop(host.sshConfig);
  const both = await doctor(laptop, `${host.ip}:2375`, `[${host.ip6}]:2375`);
  expect(both.reports.map(({ findings }) => findings.map(({ check }) => check))).toEqual([
    ["api-without-tls"],
    ["api-without-tls"],
  ]);
  await host.root("gpasswd -a plain docker");
  const byHand = "low docker-group-members group docker";
  const words = [destinationOf(host)];
  await expectFindings(laptop, host, { words, findings: ["critical api-without-tls IP:2375", byHand] });

  // Nobody is here to agree to the plan, and somebody is and does not: shown, and nothing done.
  const command = `doctor ${destinationOf(host)} --fix`;
  await leavingNoTrace(host, async () => {
    const asked = await laptop.tetherdock(command.split(" "));
    expect(asked).toMatchObject({
      status: 3,
      stderr: expect.stringContaining("cannot ask without a terminal"),
    });
    expect(asked.stderr).toContain("restart docker.service");
    await using declined = laptop.pty(`tetherdock ${command}`);
    await declined.until(/Carry this out\?/);
    declined.type("n");
    expect((await declined.ended).status).not.toBe(0);
  });

  await using agreed = laptop.pty(`tetherdock ${command}`);
  await agreed.until(/Carry this out\?/);
  agreed.type("y");
  const { status, text } = await agreed.ended;
  expect(text).toContain("1 finding to fix by hand, as shown above");
  expect(text).toMatch(/line \S+ is up/);
  expect(status, "what was found, not what is left").toBe(13);
  await expectFindings(laptop, host, { words: [], findings: [byHand] });

  // What is left is nothing for up: no plan, no question.
  const again = await leavingNoTrace(host, () => laptop.tetherdock(["doctor", "--fix"]));
  expect(again).toMatchObject({ status: 10, stderr: expect.stringContaining("1 finding to fix by hand") });
  expect(again.stderr).not.toContain("up ");
});

test("no ssh access: the inspection from outside still works; --ssh makes it an error", async () => {
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
