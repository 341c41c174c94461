/** `tetherdock audit` through a real gateway over mutual TLS, and on its host. */
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import type { AuditEvent } from "../../src/audit/index.ts";
import { startFakeEngine } from "./fake-engine.ts";
import { type GatewayStage, startGateway } from "./gateway-stage.ts";
import { type LaptopStage, makeLaptopStage } from "./laptop-stage.ts";
import { makeCertificates, writeSampleLine } from "./sample-line.ts";

let stage: LaptopStage;
let gateway: GatewayStage;

beforeAll(async () => {
  stage = makeLaptopStage();
  gateway = await startGateway(stage);
});
afterAll(async () => {
  await gateway?.stop();
  stage.remove();
});

/** As --json prints it. */
type Printed = Omit<AuditEvent, "time"> & { readonly time: string };

const records = (stdout: string): Printed[] =>
  stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Printed);

test("prints the requested records, as text and as JSON", async () => {
  await gateway.ask("GET", "/v1.41/containers/json");
  await gateway.ask("POST", "/v1.41/containers/abc/stop");
  const shown = await stage.run("tetherdock", "audit", "guarded");
  expect(shown).toMatchObject({ stderr: "", status: 0 });
  expect(shown.stdout).toMatch(
    /^\d{4}-\d\d-\d\dT[\d:.]+Z {2}anna@laptop {7}200 {2}ContainerList GET \/v1.41\/containers\/json {2}\d+ ms, .* in, .* out$/m,
  );
  const raw = await stage.run("tetherdock", "audit", "guarded", "--json", "--client", "anna@laptop");
  const stop = records(raw.stdout).find(({ operation }) => operation === "ContainerStop");
  expect(stop).toMatchObject({ event: "start", client: "anna@laptop", decision: "allow", status: null });
  expect(stop?.fingerprint).toMatch(/^[0-9a-f]{64}$/);
  const nobody = await stage.run("tetherdock", "audit", "guarded", "--client", "ana@laptop");
  expect(nobody).toMatchObject({ stdout: "", status: 2 });
  expect(nobody.stderr).toContain("try: tetherdock audit guarded --client anna@laptop\n");
});

test("--since leaves out older records, from the gateway and from a folder", async () => {
  await gateway.ask("GET", "/v1.41/images/json");
  const all = records((await stage.run("tetherdock", "audit", "guarded", "--json")).stdout);
  const { time } = all.findLast(({ operation }) => operation === "ImageList") ?? { time: "" };
  expect(time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  for (const place of [["guarded"], ["--directory", gateway.directory]]) {
    const { stdout } = await stage.run("tetherdock", "audit", ...place, "--json", "--since", time);
    const later = records(stdout);
    expect(later[0]).toMatchObject({ time, operation: "ImageList" });
    expect(later.every((record) => record.time >= time)).toBe(true);
  }
});

test("-f prints new records, and ends when nobody reads", async () => {
  const child = stage.spawn("tetherdock", ["audit", "guarded", "-f", "--since", "1h", "--json"]);
  if (!child.stdout) throw new Error("no stdout");
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const untilOperation = async (wanted: string): Promise<void> => {
    for (;;) {
      const { value, done } = await lines.next();
      if (done) throw new Error("it ended");
      if ((JSON.parse(value) as AuditEvent).operation === wanted) return;
    }
  };
  const seen = untilOperation("VolumeList");
  await gateway.ask("GET", "/v1.41/volumes");
  await seen;
  const ended = once(child, "exit");
  child.stdout.destroy();
  await gateway.ask("GET", "/v1.41/networks");
  expect(await ended).toEqual([0, null]);
});

test("verify: through the gateway, on its host, and with a saved seal", async () => {
  const good = await stage.run("tetherdock", "audit", "verify", "guarded");
  expect(good).toMatchObject({ stderr: "", status: 0 });
  const [, seal] =
    /^verified \d+ records in 2 files\n {2}actions .*, complete\n {2}reads .*\nlast seal ([0-9a-f]{64})\n$/.exec(
      good.stdout,
    ) ?? [];
  expect(seal).toBeDefined();
  for (const place of [["guarded"], ["--directory", gateway.directory]]) {
    const kept = await stage.run(
      "tetherdock",
      "audit",
      "verify",
      ...place,
      "--expect-seal",
      seal ?? "",
      "--json",
    );
    expect(JSON.parse(kept.stdout)).toMatchObject({ ok: true, complete: true, files: 2, problems: [] });
    const other = await stage.run("tetherdock", "audit", "verify", ...place, "--expect-seal", "0".repeat(64));
    expect(other.status).toBe(1);
    expect(other.stderr).toContain("the expected seal 000000000000… is in no file");
  }
});

test("a changed log is reported with file and line", async () => {
  const folder = join(stage.work, "copy");
  const name = "audit-00000001.jsonl";
  const text = readFileSync(join(gateway.directory, name), "utf8");
  await stage.run("mkdir", folder);
  writeFileSync(join(folder, name), text.replace('"client":"anna@laptop"', '"client":"bob@laptop"'));
  const { stdout, stderr, status } = await stage.run("tetherdock", "audit", "verify", "--directory", folder);
  expect({ stdout, status }).toEqual({ stdout: "", status: 1 });
  expect(stderr).toMatch(/error: audit log verification failed\n {2}why: audit-00000001.jsonl, line \d+: /);
  const json = await stage.run("tetherdock", "audit", "verify", "--directory", folder, "--json");
  expect(json.status).toBe(1);
  expect(JSON.parse(json.stdout)).toMatchObject({ ok: false, problems: [{ file: name }] });
});

test("a line without a gateway has no log", async () => {
  const certificates = makeCertificates(100);
  const engine = await startFakeEngine(certificates);
  onTestFinished(() => engine.close());
  writeSampleLine(stage.home, "native", certificates, { address: "127.0.0.1", port: engine.port });
  for (const words of [["audit"], ["audit", "verify"]]) {
    const { stdout, stderr, status } = await stage.run("tetherdock", ...words, "native");
    expect({ stdout, status }).toEqual({ stdout: "", status: 1 });
    expect(stderr).toContain("no gateway answers for the line native");
    expect(stderr).toContain(
      "try: tetherdock up me@native.example.net --gateway   # puts one in front of docker",
    );
    expect(stderr).toContain("tetherdock help GATEWAY_REFUSED");
  }
});

test.each([
  [["audit", "--since", "soon"], 2, "USAGE"],
  [["audit", "guarded", "--directory", "/tmp"], 2, "USAGE"],
  [["audit", "verify", "--expect-seal", "abc"], 2, "USAGE"],
  [["audit", "verify", "--directory", "/proc/self"], 3, "AUDIT_NONE"],
  [["audit", "--directory", "/no/such/folder"], 3, "FILE_FAILED"],
  [["audit", "nobody"], 2, "LINE_UNKNOWN"],
])("tetherdock %j: exit status %d, %s", async (words, status, code) => {
  const ran = await stage.run("tetherdock", ...words, "--json");
  expect(ran.status).toBe(status);
  expect(JSON.parse(ran.stdout)).toMatchObject({ error: { code } });
});

test("on a host without a line, the command reads the host's own log", async () => {
  const host = makeLaptopStage();
  onTestFinished(() => host.remove());
  const { stderr, status } = await host.run("tetherdock", "audit", "verify");
  expect(status).toBe(3);
  expect(stderr).toContain("/var/log/tetherdock-gateway");
});

test("fetch copies the log over the line, adds what is new, and tells when the host cuts it", async () => {
  const fetch = (...more: string[]) =>
    stage.run("tetherdock", "audit", "fetch", "guarded", "--directory", "fetched", ...more);
  await gateway.ask("GET", "/v1.41/images/json");
  const first = await fetch();
  expect(first, first.stderr).toMatchObject({ status: 0, stderr: "" });
  expect(first.stdout).toMatch(/^added to fetched: \d files?, [\d.]+ KiB\n$/);
  expect(await stage.run("tetherdock", "audit", "verify", "--directory", "fetched")).toMatchObject({
    status: 0,
  });
  await gateway.ask("POST", "/v1.41/containers/abc/stop");
  const added = JSON.parse((await fetch("--json")).stdout);
  expect(added).toMatchObject({ directory: "fetched", more: false, problems: [] });
  expect(added.bytes).toBeGreaterThan(0);
  const { stdout } = await stage.run("tetherdock", "audit", "--directory", "fetched", "--json");
  expect(records(stdout).some(({ operation }) => operation === "ContainerStop")).toBe(true);

  const [path, name] = [join(gateway.directory, "audit-00000001.jsonl"), "audit-00000001.jsonl"];
  const whole = readFileSync(path);
  writeFileSync(path, whole.subarray(0, 100));
  onTestFinished(() => writeFileSync(path, whole));
  const cut = await fetch();
  expect(cut).toMatchObject({ status: 1, stderr: expect.stringContaining(`why: ${name}: "has 100 bytes`) });
});
