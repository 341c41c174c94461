/** A second machine gets a certificate of a real native engine, without ssh and without a gateway. */
import { writeFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { bootHost } from "../support/host.ts";
import { makeLaptop } from "../support/laptop.ts";
import { destinationOf } from "../support/up-and-down.ts";

const ps = ["run", "--", "docker", "ps", "--format", "{{.Names}}"];

test("invite, request, approve, docker ps; another host and another key get nothing", async () => {
  await using host = await bootHost({ flavour: "coreos" });
  await using other = await bootHost({ name: "other" });
  await using laptop = await makeLaptop(host.sshConfig);
  await using desk = await makeLaptop("/dev/null");
  for (const one of [host, other])
    expect(await laptop.tetherdock(["up", destinationOf(one), "--yes"])).toMatchObject({ status: 0 });
  await host.root("mk-tiny && docker run -d --name box tiny sleep 100000");
  const onHost = await host.fingerprint();

  const invite = (name: string) => laptop.tetherdock(["client", "invite", "bob@desk", "--line", name]);
  const [invited, elsewhere] = [await invite(host.name), await invite(other.name)];
  expect(invited, invited.stderr).toMatchObject({ status: 0, stdout: expect.stringMatching(/^tdj3\./) });
  const token = invited.stdout.trim();
  const asked = await desk.tetherdock(["join", token]);
  expect(asked, asked.stderr).toMatchObject({ status: 0 });
  const [fingerprint = ""] = /[0-9a-f]{64}/.exec(asked.stderr) ?? [];
  await writeFile(`${laptop.folder}/request`, asked.stdout);
  const approve = (line: string, ...how: string[]) =>
    laptop.tetherdock(["client", "approve", "bob@desk", "--request", "request", "--line", line, ...how]);
  const approved = await approve(host.name, "--fingerprint", fingerprint);
  expect(approved, approved.stderr).toMatchObject({ status: 0 });

  // The other host's CA signs too, but its certificate does not fit the token.
  await writeFile(`${desk.folder}/wrong`, (await approve(other.name, "--yes")).stdout);
  const wrong = await desk.tetherdock(["join", token, "--certificate", "wrong"]);
  expect(wrong).toMatchObject({ status: 3, stderr: expect.stringContaining("of another host") });
  // Nor does a request for another host's token.
  const stranger = await desk.tetherdock(["join", elsewhere.stdout.trim(), "--name", "elsewhere"]);
  await writeFile(`${laptop.folder}/request`, stranger.stdout);
  expect(await approve(host.name, "--fingerprint", fingerprint)).toMatchObject({
    ...{ status: 3, stdout: "", stderr: expect.stringContaining("for another key") },
  });

  const joined = await desk.tetherdock(["join", token, "--certificate", "-"], { input: approved.stdout });
  expect(joined, joined.stderr).toMatchObject({ status: 0, stdout: `${host.name}\n` });
  expect(await desk.tetherdock(ps)).toMatchObject({ status: 0, stdout: "box\n" });
  expect(await desk.tetherdock(["status"])).toMatchObject({ status: 0 });
  expect(await desk.tetherdock(["context", "create"])).toMatchObject({ status: 0 });
  expect(await desk.docker(["--context", host.name, "ps", "-q"])).toMatchObject({ status: 0 });
  const doctor = await desk.tetherdock(["doctor", host.name, "--json"]);
  expect(doctor, doctor.stderr).toMatchObject({ stdout: expect.stringContaining('"findings": []') });
  const renew = await desk.tetherdock(["renew", "--force"]);
  expect(renew).toMatchObject({ status: 3, stderr: expect.stringContaining("LINE_JOINED") });

  // Nothing was changed on the host for it, and no private key has left the machine.
  expect(await host.fingerprint()).toBe(onHost);
  const key = await desk.bash(`sed -n 2p "$TETHERDOCK_HOME/lines/${host.name}/docker/key.pem"`);
  expect(await laptop.bash(`grep -rlF '${key.stdout.trim()}' .`)).toMatchObject({ status: 1 });
  expect(await laptop.tetherdock(["client", "restore", "bob@desk", "--line", host.name])).toMatchObject({
    stderr: expect.stringContaining("in native mode"),
  });
});
