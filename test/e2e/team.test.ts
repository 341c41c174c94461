/**
 * A team on one real host, all at work at once: an admin's laptop, two machines that joined, a CI job and a browser. Roles
 * change, one is revoked, certificates are renewed and the CA is replaced, and nobody else loses a request.
 */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { JOIN_PROTOCOL } from "../../src/gateway/index.ts";
import { Issuer } from "../gateway/support/issuer.ts";
import { type GatewayLine, openGatewayLine } from "../support/gateway/line-on-host.ts";
import { joinedLaptop } from "../support/gateway/people.ts";
import { type Laptop, makeLaptop } from "../support/laptop.ts";
import type { Running } from "../support/running.ts";
import { COUNTS, SteadyClient } from "../support/steady-client.ts";
import { formsOf, scalarOf } from "../support/traced.ts";

/** Asks as a browser does: with the certificate and key of a PKCS#12 file, until there is a file `stop`. */
const browse = (url: string, ca: string) => `echo began; n=0
while [ ! -e stop ]; do
  if curl --fail --silent --show-error --cacert ${ca} --cert-type P12 --cert fay.p12:secret ${url} >page 2>failure
  then n=$((n + 1)); else echo "failed: $(cat failure)"; fi
done
echo "requests: $n"`;

let line: GatewayLine;
let issuer: Issuer;
let wire: Running;
const laptops = new Map<string, Laptop>();

async function joined(name: string, role: string): Promise<Laptop> {
  const laptop = await joinedLaptop(line, name, role);
  laptops.set(name, laptop);
  return laptop;
}

async function jobAtWork(): Promise<Laptop> {
  const laptop = await makeLaptop("/dev/null");
  laptops.set("ci", laptop);
  await writeFile(join(line.laptop.folder, "issuer.pem"), issuer.ca);
  const trusted = ["--issuer-ca", join(line.laptop.folder, "issuer.pem"), "--audience", "tetherdock:test"];
  const words = [
    "client",
    "add",
    "ci",
    "--oidc",
    issuer.url,
    "--role",
    "operator",
    "--claim",
    "repository=org/app",
    ...trusted,
  ];
  const added = await line.laptop.tetherdock(words);
  const login = /printf .*/.exec(added.stdout)?.[0] ?? added.stderr;
  const output = await laptop.bash(login, { env: { TOKEN: issuer.token() } });
  expect(output, output.stderr).toMatchObject({ status: 0 });
  return laptop;
}

const client = (...words: string[]) => line.laptop.tetherdock(["client", ...words]);
const up = (...words: string[]) =>
  line.laptop.tetherdock(["up", `${line.host.user}@${line.host.name}`, "--yes", ...words]);

beforeAll(async () => {
  line = await openGatewayLine("team");
  issuer = await Issuer.make();
  await line.host.root(`docker run -d --name box tiny sh -c '${COUNTS}'`);
  wire = line.laptop.startBash(`exec tcpdump -i any -U -Z root -w wire.pcap host ${line.host.ip}`);
  await wire.until(/listening on/);
});
afterAll(async () => {
  await wire?.[Symbol.asyncDispose]();
  await issuer?.close();
  for (const laptop of laptops.values()) await laptop[Symbol.asyncDispose]();
  await line?.[Symbol.asyncDispose]();
});

test("a role, a revocation, renewals and a new CA cost the others no request; no key is on the wire", async () => {
  const anna = line.laptop;
  const bob = await joined("bob@desk", "operator");
  const eva = await joined("eva@desk", "operator");
  const fay = await joined("fay@browser", "viewer");
  const ci = await jobAtWork();
  const p12 = ["export", "--format", "p12", "--out", "fay.p12", "--password-file", "-"];
  expect(await fay.tetherdock(p12, { input: "secret\n" })).toMatchObject({ status: 0 });
  const ca = join(fay.home, "lines", line.host.name, "docker/ca.pem");
  await using browser = fay.startBash(browse(`https://${line.host.ip}:2376/containers/json`, ca));
  await browser.until(/began/);
  const [job, hers, ...steady] = await Promise.all(
    [ci, eva, anna, bob].map((laptop) => SteadyClient.start(laptop, "box")),
  );

  const mount = ["run", "--", "docker", "run", "--rm", "-v", "/etc:/host", "tiny", "true"];
  expect(await eva.tetherdock(mount)).toMatchObject({ stderr: expect.stringContaining("the role operator") });
  // It closes her connections, and nobody else's.
  expect(await client("role", "eva@desk", "admin")).toMatchObject({ status: 0 });
  expect(await eva.tetherdock(mount)).toMatchObject({ status: 0 });

  expect(await client("revoke", "eva@desk")).toMatchObject({ status: 0 });
  await hers?.failed(/failed: .*was revoked/);
  expect(await hers?.stop()).toMatchObject({ isStreaming: false });

  for (const laptop of [anna, bob])
    expect(await laptop.tetherdock(["renew", "--force"])).toMatchObject({ status: 0 });
  // A job's certificate is for minutes; the new CA is for who stays.
  expect(await job?.stop()).toMatchObject({ failures: [], isStreaming: true });

  expect(await up("--new-ca")).toMatchObject({ status: 0 });
  for (const laptop of [bob, fay])
    expect(await laptop.tetherdock(["renew", "--force"])).toMatchObject({ status: 0 });
  expect(await up("--finish-new-ca", "--leave-behind")).toMatchObject({ status: 0 });

  for (const one of steady) {
    const { requests, ...rest } = await one.stop();
    expect(rest).toEqual({ failures: [], isStreaming: true });
    expect(requests).toBeGreaterThan(5);
  }
  await writeFile(join(fay.folder, "stop"), "");
  const pages = (await browser.ended).text;
  expect(pages).not.toContain("failed");
  expect(Number(/requests: (\d+)/.exec(pages)?.[1])).toBeGreaterThan(5);
  expect(await readFile(join(fay.folder, "page"), "utf8")).toContain('"/box"');

  wire.kill("SIGINT");
  await wire.ended;
  const captured = await readFile(join(anna.folder, "wire.pcap"), "latin1");
  // What is sent in the clear is there.
  expect(captured.includes(JOIN_PROTOCOL)).toBe(true);
  for (const [name, laptop] of [["anna", anna] as const, ...laptops]) {
    const key = join(laptop.home, "lines", name === "ci" ? "ci" : line.host.name, "docker/key.pem");
    const forms = formsOf(scalarOf(await readFile(key, "utf8")));
    expect(
      forms.filter((form) => captured.includes(form)),
      name,
    ).toEqual([]);
  }
});
