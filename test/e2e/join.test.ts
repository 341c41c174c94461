/** A second person joins a real host's line by invitation, without ssh; then works, and is shut out. */
import { mkdtemp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Issuer } from "../gateway/support/issuer.ts";
import { jobsIn } from "../support/ci-services.ts";
import { type GatewayLine, openGatewayLine } from "../support/gateway/line-on-host.ts";
import { type Laptop, makeLaptop } from "../support/laptop.ts";

let line: GatewayLine;
let desk: Laptop;

beforeAll(async () => {
  line = await openGatewayLine("join");
  // It knows no host by ssh.
  desk = await makeLaptop("/dev/null");
  await line.host.root("docker run -d --name box tiny sleep 100000");
});
afterAll(async () => {
  await desk?.[Symbol.asyncDispose]();
  await line?.[Symbol.asyncDispose]();
});

test("invite, join, docker ps; one more key does not get in by the same token; then the role, and the end", async () => {
  const invited = await line.laptop.tetherdock(["client", "invite", "bob@desk", "--role", "viewer"]);
  expect(invited, invited.stderr).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(/^tdj1\.\S+\n$/),
  });
  const start = performance.now();
  const joined = await desk.tetherdock(["join", "-"], { input: invited.stdout });
  expect(joined, joined.stderr).toMatchObject({ status: 0, stdout: `${line.host.name}\n` });
  const ps = ["run", "--", "docker", "ps", "--format", "{{.Names}}"];
  expect(await desk.tetherdock(ps)).toMatchObject({ status: 0, stdout: "box\n" });
  console.log(`join and docker ps: ${Math.round(performance.now() - start)} ms`);

  const thief = await desk.tetherdock(["join", "-", "--name", "other"], { input: invited.stdout });
  expect(thief).toMatchObject({ status: 3, stderr: expect.stringContaining("another machine has used") });
  expect(await desk.tree()).not.toContain("other");

  const context = await desk.tetherdock(["context", "create"]);
  expect(context, context.stderr).toMatchObject({ status: 0 });
  expect(await desk.docker(["--context", line.host.name, "ps", "-q"])).toMatchObject({ status: 0 });
  expect(await desk.tetherdock(["status"])).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(/ACCESS\n.* bob@desk, viewer\n/),
  });
  const doctor = await desk.tetherdock(["doctor", "--json"]);
  expect(doctor, doctor.stderr).toMatchObject({
    status: 0,
    stdout: expect.stringContaining('"findings": []'),
  });
  expect(doctor.stdout).toContain("this machine joined or imported the line");

  // Her next laptop gets the line in an archive, by the same key.
  const password = { input: "correct horse\n" };
  const archive = ["--format", "archive", "--out", "line.archive", "--password-file", "-"];
  const exported = await desk.tetherdock(["export", ...archive], password);
  expect(exported, exported.stderr).toMatchObject({ status: 0, stdout: "line.archive\n" });
  const next = { env: { TETHERDOCK_HOME: `${desk.folder}/next` } };
  const read = ["import", "line.archive", "--password-file", "-"];
  const imported = await desk.tetherdock(read, { ...password, ...next });
  expect(imported, imported.stderr).toMatchObject({ status: 0, stdout: `${line.host.name}\n` });
  expect(await desk.tetherdock(ps, next)).toMatchObject({ status: 0, stdout: "box\n" });
  expect(await desk.tetherdock(["down", line.host.name, "--yes"], next)).toMatchObject({ status: 0 });

  const denied = await desk.tetherdock(["run", "--", "docker", "rm", "-f", "box"]);
  expect(denied).toMatchObject({ status: 1, stderr: expect.stringContaining("the role viewer may not") });
  const up = await desk.tetherdock(["upgrade", "--all"]);
  expect(up).toMatchObject({ status: 3, stderr: expect.stringContaining("LINE_JOINED") });

  expect(await line.laptop.tetherdock(["up", `${line.host.user}@${line.host.name}`, "--yes"])).toMatchObject({
    status: 0,
    stderr: expect.stringMatching(/nothing to do\n$/),
  });
  expect(await line.laptop.tetherdock(["client", "revoke", "bob@desk"])).toMatchObject({ status: 0 });
  expect(await desk.tetherdock(ps)).toMatchObject({
    status: 1,
    stderr: expect.stringContaining("was revoked"),
  });
  const again = await desk.tetherdock(["join", "-", "--name", "again"], { input: invited.stdout });
  expect(again).toMatchObject({ status: 3, stderr: expect.stringContaining("JOIN_REFUSED") });
  expect(await desk.tetherdock(["down", line.host.name, "--yes"])).toMatchObject({ status: 0 });
  expect(await desk.tree()).not.toContain(".pem");

  const log = await line.laptop.tetherdock(["audit", "--client", "bob@desk"]);
  expect(log.stdout).toContain("client-joined");
});

test("no file on either machine contains the token after it was used", async () => {
  const invited = await line.laptop.tetherdock(["client", "invite", "eve@desk"]);
  const token = invited.stdout.trim();
  const joined = await desk.tetherdock(["join", "-", "--name", "eve"], { input: token });
  expect(joined, joined.stderr).toMatchObject({ status: 0 });
  const secret = Buffer.from(token.slice(5), "base64url").subarray(0, 32);
  const forms = [token, secret.toString("base64url"), secret.toString("hex"), secret.toString("base64")];
  const pattern = forms.map((form) => `-e ${form}`).join(" ");
  const found = await line.host.root(
    `grep -rlF ${pattern} /var/lib/private/tetherdock-gateway /var/log/private/tetherdock-gateway /etc/tetherdock; journalctl -u tetherdock-gateway | grep -cF ${pattern}; true`,
  );
  expect(found.trim()).toBe("0");
  expect(await desk.bash(`grep -rlF ${pattern} .`)).toMatchObject({ status: 1, stdout: "" });
  expect(await line.laptop.bash(`grep -rlF ${pattern} .`)).toMatchObject({ status: 1, stdout: "" });
});

test("CI jobs get in by what is printed for each service, although the gateway has no network; revoke ends it", async () => {
  const issuer = await Issuer.make();
  const { laptop, host } = line;
  await writeFile(`${laptop.folder}/issuer.pem`, issuer.ca);
  const added = await laptop.tetherdock([
    ...["client", "add", "ci", "--oidc", issuer.url, "--issuer-ca", `${laptop.folder}/issuer.pem`],
    ...["--claim", "repository=org/app", "--audience", "tetherdock:test"],
  ]);
  expect(added, added.stderr).toMatchObject({ status: 0 });
  const folder = () => mkdtemp(join(desk.folder, "job-"));
  const jobs = await jobsIn(added.stdout, issuer, folder);
  expect([...jobs.keys()]).toHaveLength(4);
  for (const [service, { script, env }] of jobs) {
    const trusting = { ...env, NODE_EXTRA_CA_CERTS: join(laptop.folder, "issuer.pem") };
    const job = await desk.bash(script, { env: trusting });
    expect(job, `${service}: ${job.stderr}`).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^ci\n.* box\n$/s),
    });
  }
  const login = /printf .*/.exec(added.stdout)?.[0] ?? "";
  const env = { TOKEN: issuer.token() };
  expect(await desk.bash(login, { env })).toMatchObject({ status: 0, stdout: "ci\n" });
  const stolen = await desk.bash(login, { env });
  expect(stolen).toMatchObject({
    status: 3,
    stderr: expect.stringContaining("another key has used this token"),
  });
  expect(await laptop.tetherdock(["client", "revoke", "ci"])).toMatchObject({ status: 0 });
  const ended = await desk.tetherdock(["run", "--line", "ci", "--", "docker", "ps"]);
  expect(ended).toMatchObject({ status: 1, stderr: expect.stringContaining("was revoked") });
  expect(await host.root("cat /var/lib/private/tetherdock-gateway/oidc.json")).not.toContain(
    env.TOKEN.split(".")[2],
  );
  await issuer.close();
});
