/**
 * Where keys and tokens go, by strace of the laptop's commands and of the gateway: into files that only their owner can
 * read, and nowhere else. Each byte that a process sends is in its trace, so a trace of both ends has all of the wire.
 */
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parseToken } from "../../src/identity/index.ts";
import { Issuer } from "../gateway/support/issuer.ts";
import { type Call, formsOf, modesOf, readTrace, scalarOf, tracing } from "../support/traced.ts";
import { type GatewayStage, startGateway } from "./gateway-stage.ts";
import { type LaptopStage, makeLaptopStage, type Ran } from "./laptop-stage.ts";

let stage: LaptopStage;
let gateway: GatewayStage;
let issuer: Issuer;
/** By name: all forms of it. */
const secrets = new Map<string, readonly string[]>();
const traces: string[] = [];

const at = (...names: string[]) => join(stage.work, ...names);
const trace = (name: string) => at(`${name}.strace`);

/** Runs a command on the laptop `home`, traced. */
async function traced(name: string, home: string, command: string): Promise<Ran> {
  const output = trace(name);
  traces.push(output);
  const script = `export TETHERDOCK_HOME=${at(home)}; ${command}`;
  const ran = await stage.run(
    "bash",
    "-c",
    script.replace("TETHERDOCK ", `${tracing(output).join(" ")} tetherdock `),
  );
  expect(ran.status, `${name}: ${ran.stderr}`).toBe(0);
  return ran;
}

function keepKey(name: string, path: string): void {
  const pem = readFileSync(path, "utf8");
  const line = pem.split("\n")[1] ?? "";
  // As PEM in another base64, too: in an environment file, or a Kubernetes secret.
  secrets.set(name, [...formsOf(scalarOf(pem)), ...formsOf(Buffer.from(line.slice(8, 56)))]);
}

/** Files of the stage that have one of the secrets. */
function filesWithSecrets(): { readonly path: string; readonly name: string; readonly mode: number }[] {
  const entries = readdirSync(stage.work, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && !entry.name.endsWith(".strace"))
    .flatMap((entry) => {
      const path = join(entry.parentPath, entry.name);
      const text = readFileSync(path, "latin1").replaceAll(/[\r\n]/g, "");
      return [...secrets]
        .filter(([, forms]) => forms.some((form) => text.includes(form)))
        .map(([name]) => ({ path, name, mode: statSync(path).mode & 0o777 }));
    });
}

const hits = (calls: readonly Call[], name: string): readonly Call[] =>
  calls.filter(({ text }) => (secrets.get(name) ?? []).some((form) => text.includes(form)));
const shown = ({ name, to, fd }: Call): string => `${name} to ${fd === 1 ? "stdout" : to || "a program"}`;

beforeAll(async () => {
  stage = makeLaptopStage();
  issuer = await Issuer.make();
  const spawn = (command: string, args: readonly string[]) => {
    const [strace = "", ...options] = [...tracing(trace("gateway"), true), command, ...args];
    return stage.spawn(strace, options);
  };
  gateway = await startGateway({ ...stage, spawn });
}, 60_000);
afterAll(async () => {
  await gateway?.stop();
  await issuer?.close();
  stage?.remove();
});

test("keys and tokens are in files of mode 0600, and in no argument, environment, log or message", async () => {
  const invited = await traced("invite", "tetherdock", "TETHERDOCK client invite bob@desk --role admin");
  const token = invited.stdout.trim();
  secrets.set("token", formsOf(parseToken(token).secret));
  writeFileSync(at("token.txt"), token, { mode: 0o600 });
  await traced("join", "bob", `TETHERDOCK join - <${at("token.txt")}`);
  keepKey("bob's key", at("bob/lines/guarded/docker/key.pem"));
  keepKey("anna's key", at("tetherdock/lines/guarded/docker/key.pem"));
  await traced("renew", "bob", "TETHERDOCK renew --force");
  await traced("context", "bob", "TETHERDOCK context create");
  for (const format of ["env", "kubernetes", "ansible", "terraform", "secret"])
    await traced(`export-${format}`, "bob", `TETHERDOCK export --format ${format}`);
  await traced(
    "protect",
    "carol",
    `cp -r ${at("bob")} ${at("carol")}; DOCKER_CONFIG=/none TETHERDOCK_KEY_PASSPHRASE=horse TETHERDOCK agent protect`,
  );
  await logInAsJob();
  await useAgent();
  await gateway.stop();
  const end = () => readFileSync(trace("gateway"), "latin1").includes("+++ exited");
  await expect.poll(end, { timeout: 10_000 }).toBe(true);
  judge();
}, 120_000);

/** A CI job, with the token of an issuer. */
async function logInAsJob(): Promise<void> {
  writeFileSync(at("issuer-ca.pem"), issuer.ca);
  const add = await stage.run(
    "sh",
    "-c",
    `tetherdock client add ci --oidc ${issuer.url} --claim repository=org/app --issuer-ca ${at("issuer-ca.pem")}`,
  );
  const pin = /sha256:[0-9a-f]{64}/.exec(add.stdout)?.[0];
  expect(pin, add.stderr).toBeDefined();
  const token = issuer.token({ aud: `tetherdock:127.0.0.1:${gateway.port}` });
  secrets.set("the job's token", formsOf(Buffer.from(token.split(".")[2] ?? "", "base64url")));
  writeFileSync(at("job-token.txt"), token, { mode: 0o600 });
  const login = `TETHERDOCK ci-login 127.0.0.1:${gateway.port} --client ci --pin ${pin} --token-file -`;
  await traced("ci-login", "job", `${login} <${at("job-token.txt")}`);
  keepKey("the job's key", at("job/lines/ci/docker/key.pem"));
}

/** An agent passes a request. */
async function useAgent(): Promise<void> {
  traces.push(trace("agent"));
  const command = [...tracing(trace("agent"), true), "tetherdock", "agent", "run"].join(" ");
  const socket = at("bob/agent/guarded.sock");
  await stage.run(
    "bash",
    "-c",
    `export TETHERDOCK_HOME=${at("bob")}; ${command} 2>${at("agent.log")} & until grep -q ready ${at("agent.log")}; do sleep 0.05; done
     curl --silent --unix-socket ${socket} http://docker/networks >/dev/null; kill $!; wait $!; until grep -q '+++ exited' ${trace("agent")}; do sleep 0.05; done`,
  );
}

function judge(): void {
  const laptop = traces.map((path) => [path, readTrace(path)] as const);
  const host = readTrace(trace("gateway"));
  expect([...secrets.keys()]).toHaveLength(5);
  // Both traces have what they should: the audit log, and the bytes on the wire.
  expect(
    host.filter(({ to, text }) => to.startsWith(at("host/log/")) && text.includes("bob@desk")),
  ).not.toEqual([]);
  for (const calls of [host, ...laptop.map(([, of]) => of)].slice(0, 2))
    expect(calls.filter(({ to }) => /^(?:TCP|socket)/.test(to)).length).toBeGreaterThan(3);
  for (const name of secrets.keys())
    expect(hits(host, name).map(shown), `${name}, at the gateway`).toEqual([]);

  const seen = new Map<string, number>();
  for (const [path, calls] of laptop) {
    const modes = modesOf(calls);
    for (const name of secrets.keys())
      for (const call of hits(calls, name)) {
        seen.set(name, (seen.get(name) ?? 0) + 1);
        if (name === "token") expect([path, shown(call)]).toEqual([trace("invite"), "write to stdout"]);
        else
          expect([call.to, modes.get(call.to)], `${name}: ${shown(call)} of ${path}`).toEqual([
            call.to,
            0o600,
          ]);
      }
  }
  // Else the search finds nothing, and proves nothing.
  expect([...seen.keys()].toSorted()).toEqual(["anna's key", "bob's key", "the job's key", "token"]);
  const found = filesWithSecrets();
  expect(found.length).toBeGreaterThan(8);
  expect(found.filter(({ mode }) => (mode & 0o077) !== 0)).toEqual([]);
  const own = [at("token.txt"), at("job-token.txt")];
  expect(found.filter(({ name, path }) => name.includes("token") && !own.includes(path))).toEqual([]);
}
