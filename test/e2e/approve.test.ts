/** A real host without a CA: people ask to join, and the operator's laptop signs; then root on the host lies. */
import { readFile, writeFile } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { keyFingerprint, makeKeyPair } from "../../src/pki/index.ts";
import { type GatewayLine, openGatewayLine } from "../support/gateway/line-on-host.ts";
import { type Laptop, makeLaptop } from "../support/laptop.ts";

const CONFIG = "/etc/tetherdock/gateway.json";
const STATE = "/var/lib/private/tetherdock-gateway";

let line: GatewayLine;
let desk: Laptop;

beforeAll(async () => {
  line = await openGatewayLine("approve");
  desk = await makeLaptop("/dev/null");
  await line.host.root("docker run -d --name box tiny sleep 100000");
  await line.host.root(`sed -i '0,/{/s/{/{ "issuingCa": false,/' ${CONFIG}`);
});
afterAll(async () => {
  await desk?.[Symbol.asyncDispose]();
  await line?.[Symbol.asyncDispose]();
});

const ps = ["run", "--", "docker", "ps", "--format", "{{.Names}}"];

/** @returns the token */
async function invited(name: string): Promise<string> {
  const made = await line.laptop.tetherdock(["client", "invite", name, "--role", "viewer", "--approve"]);
  expect(made, made.stderr).toMatchObject({ status: 0, stdout: expect.stringMatching(/^tdj2\.\S+\n$/) });
  return made.stdout;
}

test("ask, Ctrl-C, ask again with the same key, approve from the other laptop, docker ps; no CA on the host", async () => {
  await expect
    .poll(() => line.host.root("journalctl -u tetherdock-gateway"), { timeout: 10_000 })
    .toContain("in force: no CA of the gateway's own");
  const plain = await line.laptop.tetherdock(["client", "invite", "bob@desk"]);
  expect(plain).toMatchObject({ status: 1, stderr: expect.stringContaining("client invite --approve") });
  const token = await invited("bob@desk");
  await writeFile(`${desk.folder}/token`, token, { mode: 0o600 });
  const traced = "strace -D -f -s 2000 -e trace=rt_sigaction,write,writev -o trace";
  const first = desk.startBash(`exec ${traced} tetherdock join - <token`);
  await first.until(/waiting, until/);
  const [fingerprint = ""] = /[0-9a-f]{64}/.exec(first.text) ?? [];
  first.kill("SIGINT");
  expect(await first.ended).toMatchObject({ status: 130 });
  const trace = () => readFile(`${desk.folder}/trace`, "utf8");
  await expect.poll(trace, { timeout: 10_000 }).toMatch(/\+\+\+ exited with 130 \+\+\+\n$/);
  const [before, after] = (await trace()).split("waiting, until");
  expect(before, "Ctrl-C is taken over").toContain("rt_sigaction(SIGINT, {sa_handler=0x");
  expect(after, "before the text that says what it does").not.toContain(
    "rt_sigaction(SIGINT, {sa_handler=0x",
  );
  expect(await desk.tetherdock(["ls", "-q"])).toMatchObject({ stdout: "" });

  await using second = desk.startBash("exec tetherdock join - <token");
  await second.until(/waiting, until/);
  expect(second.text).toContain(fingerprint);
  const listed = await line.laptop.tetherdock(["client", "ls"]);
  expect(listed.stdout).toMatch(new RegExp(`bob@desk +viewer +waiting .*${fingerprint.slice(0, 16)}`));
  const approveHint = `tetherdock client approve bob@desk --line ${line.host.name}`;
  expect(listed.stderr).toContain(approveHint);
  const status = await line.laptop.tetherdock(["status"]);
  expect(status, status.stderr).toMatchObject({ status: 0, stderr: expect.stringContaining(approveHint) });
  const visit = await line.laptop.tetherdock(["doctor", "--no-ssh"]);
  expect(visit.stdout).toContain("bob@desk asks to join");
  expect(visit.stdout).toContain(approveHint);

  const thief = await desk.tetherdock(["join", "-", "--name", "other"], { input: token });
  expect(thief).toMatchObject({ status: 3, stderr: expect.stringContaining("another machine has used") });

  const start = performance.now();
  const approved = await line.laptop.tetherdock([
    ...["client", "approve", "bob@desk", "--fingerprint", fingerprint],
  ]);
  expect(approved, approved.stderr).toMatchObject({ status: 0, stdout: "bob@desk\n" });
  expect(await second.ended, second.text).toMatchObject({ status: 0 });
  console.log(`approve, until join has a line: ${Math.round(performance.now() - start)} ms`);
  expect(await desk.tetherdock(ps)).toMatchObject({ status: 0, stdout: "box\n" });
  const denied = await desk.tetherdock(["run", "--", "docker", "rm", "-f", "box"]);
  expect(denied).toMatchObject({ status: 1, stderr: expect.stringContaining("the role viewer may not") });
  expect(await desk.tetherdock(["status"])).toMatchObject({ status: 0 });
  const doctor = await desk.tetherdock(["doctor", "--json"]);
  expect(doctor, doctor.stderr).toMatchObject({
    ...{ status: 0, stdout: expect.stringContaining('"findings": []') },
  });

  const renewed = await desk.tetherdock(["renew", "--force"]);
  expect(renewed).toMatchObject({
    ...{ status: 3, stderr: expect.stringContaining("tetherdock client approve bob@desk") },
  });
  const again = await line.laptop.tetherdock(["client", "approve", "bob@desk", "--fingerprint", fingerprint]);
  expect(again, again.stderr).toMatchObject({ status: 0, stderr: expect.stringContaining("signed again") });
  const fetched = await desk.tetherdock(["renew", "--force"]);
  expect(fetched, fetched.stderr).toMatchObject({
    status: 0,
    stderr: expect.stringContaining("generation 1"),
  });
  expect(await desk.tetherdock(ps)).toMatchObject({ status: 0, stdout: "box\n" });
  expect(await line.host.root(`ls ${STATE}; grep -rl 'PRIVATE KEY' ${STATE}; true`)).not.toMatch(
    /issuing-ca|^\//m,
  );
  expect(await line.laptop.tetherdock(["up", `${line.host.user}@${line.host.name}`, "--yes"])).toMatchObject({
    status: 0,
    stderr: expect.stringMatching(/nothing to do\n$/),
  });
});

test("neither the host nor a log has the token's secret, and the laptop that approved has nothing left of it", async () => {
  const token = await invited("eve@desk");
  const asked = await desk.tetherdock(["join", "-", "--name", "eve", "--no-wait"], { input: token });
  expect(asked).toMatchObject({ status: 1, stderr: expect.stringContaining("JOIN_WAITING") });
  expect(await line.laptop.tetherdock(["client", "approve", "eve@desk", "--yes"])).toMatchObject({
    status: 0,
  });
  const joined = await desk.tetherdock(["join", "-", "--name", "eve"], { input: token });
  expect(joined, joined.stderr).toMatchObject({ status: 0, stdout: "eve\n" });
  const secret = Buffer.from(token.trim().slice(5), "base64url").subarray(0, 32);
  const forms = [token.trim(), ...(["base64url", "hex", "base64"] as const).map((to) => secret.toString(to))];
  const pattern = forms.map((form) => `-e ${form}`).join(" ");
  const found = await line.host.root(
    `grep -rlF ${pattern} ${STATE} /var/log/private/tetherdock-gateway /etc/tetherdock; journalctl -u tetherdock-gateway | grep -cF ${pattern}; true`,
  );
  expect(found.trim()).toBe("0");
  expect(await desk.bash(`rm -f token; grep -rlF ${pattern} .`)).toMatchObject({ status: 1, stdout: "" });
  expect(await line.laptop.bash(`grep -rlF ${pattern} .`)).toMatchObject({ status: 1, stdout: "" });
  expect(await line.laptop.bash("find . -path '*/invited/*'")).toMatchObject({ stdout: "" });
});

test("root on the host puts another key in place of the one that waits: nothing is signed", async () => {
  const token = await invited("mia@desk");
  await desk.tetherdock(["join", "-", "--name", "mia", "--no-wait"], { input: token });
  const evil = makeKeyPair();
  const kept = JSON.parse(await line.host.root(`cat ${STATE}/invitations.json`)) as {
    invitations: { name: string; usedBy: string; role: string; approval: { request: object } }[];
  };
  const invitations = kept.invitations.map((one) =>
    one.name === "mia@desk"
      ? {
          ...{ ...one, usedBy: keyFingerprint(evil.publicKey), role: "admin" },
          approval: { ...one.approval, request: { ...one.approval.request, publicKey: evil.publicKey } },
        }
      : one,
  );
  const text = Buffer.from(JSON.stringify({ ...kept, invitations })).toString("base64");
  await line.host.root(
    `echo ${text} | base64 -d >${STATE}/invitations.json && systemctl restart tetherdock-gateway`,
  );
  const approve = await line.laptop.tetherdock(["client", "approve", "mia@desk", "--yes"]);
  expect(approve).toMatchObject({
    ...{ status: 3, stdout: "", stderr: expect.stringContaining("was not made with the invitation's token") },
  });
  expect(await line.laptop.tetherdock(["client", "rm", "mia@desk"])).toMatchObject({ status: 0 });
  const over = await desk.tetherdock(["join", "-", "--name", "mia"], { input: token });
  expect(over).toMatchObject({ status: 3, stderr: expect.stringContaining("JOIN_REFUSED") });
  expect(await desk.tetherdock(["ls", "-q"])).toMatchObject({ stdout: expect.not.stringContaining("mia") });
});
