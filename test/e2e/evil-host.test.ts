/** A host that says it is another line's: what it says of itself decides nothing. */
import { X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { overLine } from "../support/expect-proven.ts";
import { bootHost, type Host, type Release } from "../support/host.ts";
import { type Laptop, makeLaptop } from "../support/laptop.ts";
import { destinationOf } from "../support/up-and-down.ts";

interface Kept {
  readonly id: string;
  readonly target: string;
}

async function keptLine(laptop: Laptop, name: string): Promise<Kept> {
  return JSON.parse(await readFile(join(laptop.home, "lines", name, "line.json"), "utf8"));
}

async function up(laptop: Laptop, host: Host, ...flags: string[]) {
  const done = await laptop.tetherdock(["up", destinationOf(host), "--yes", ...flags]);
  expect(done, done.stderr).toMatchObject({ status: 0 });
}

/** Every file that tetherdock keeps on the host but the server's own key. */
async function certificatesOn(host: Host): Promise<string> {
  return host.root("cat /etc/tetherdock/server-cert.pem /etc/tetherdock/ca.pem 2>/dev/null; true");
}

/** Puts prod's public id, name, CA and certificate where tetherdock looks for them on the evil host. */
async function poseAs(evil: Host, prod: Host, { id }: Kept): Promise<void> {
  const certificates = await prod.root(
    "cat /etc/tetherdock/ca.pem; echo =====; cat /etc/tetherdock/server-cert.pem",
  );
  const [ca = "", certificate = ""] = certificates.split("=====\n");
  const about = {
    ...{ lineId: id, lineName: prod.name, port: 2376, exposedPorts: [] },
    ...{ by: "you@laptop", at: "2026-01-01T00:00:00.000Z", version: "0.1.0" },
  };
  await evil.root(`mkdir -p /var/lib/tetherdock/0001/before /etc/tetherdock
cd /var/lib/tetherdock/0001; : >confirmed; : >entries; : >after; echo 'exit 0' >undo.sh
cat >about.json <<'END'\n${JSON.stringify(about)}\nEND
cat >/etc/tetherdock/ca.pem <<'END'\n${ca}END
cat >/etc/tetherdock/server-cert.pem <<'END'\n${certificate}END
openssl ecparam -name prime256v1 -genkey -noout -out /etc/tetherdock/server-key.pem
ip addr add ${prod.ip}/32 dev lo`);
}

test.each<Release>(["bookworm", "trixie"])(
  "%s: up and down refuse a host that claims another line; the line, its keys and its host do not change",
  async (release) => {
    await using prod = await bootHost({ name: "prod", release });
    await using evil = await bootHost({ name: "evil", release });
    await using laptop = await makeLaptop(prod.sshConfig);
    await up(laptop, prod);
    const line = await keptLine(laptop, prod.name);
    await poseAs(evil, prod, line);
    const state = async () => [await laptop.tree(), await prod.fingerprint(), await evil.fingerprint()];
    const before = await state();

    for (const flags of [[], ["--name", "evil"], ["--name", prod.name], ["--gateway"], ["--replace-tls"]]) {
      const refused = await laptop.tetherdock(["up", destinationOf(evil), "--yes", "--json", ...flags]);
      expect(refused.status, `${flags} ${refused.stderr}`).toBe(3);
      const { error } = JSON.parse(refused.stdout);
      expect(error, flags.join(" ")).toMatchObject({ code: "HOST_NOT_PROVEN" });
      expect(error.message).toContain(prod.name);
      expect(error.why.join("\n"), "both sides are named").toMatch(
        new RegExp(`${destinationOf(prod)}[\\s\\S]*${destinationOf(evil)}`),
      );
      expect(error.hints.join("\n"), "no hint leads into the trap").not.toContain("tetherdock up");
      expect(await state(), flags.join(" ")).toEqual(before);
    }
    const own = new X509Certificate(await readFile(join(laptop.home, "lines", prod.name, "docker/ca.pem")));
    const shown = new X509Certificate(await evil.root("cat /etc/tetherdock/server-cert.pem"));
    const evilKey = await evil.root("openssl pkey -in /etc/tetherdock/server-key.pem -pubout");
    expect(shown.checkIssued(own), "only the copy of prod's own certificate").toBe(true);
    expect(shown.publicKey.export({ type: "spki", format: "pem" })).not.toBe(evilKey);

    const down = await laptop.tetherdock(["down", destinationOf(evil), "--yes"]);
    expect(down.stderr).toContain(`the line ${prod.name} is kept`);
    expect(await laptop.tree(), "down of the evil host takes nothing of prod's").toBe(before[0]);
    expect(await prod.fingerprint()).toBe(before[1]);
    expect(await overLine(laptop, prod.name, ["ps", "-q"])).toMatchObject({ status: 0 });
    await up(laptop, prod);
    expect(await keptLine(laptop, prod.name)).toMatchObject({ target: destinationOf(prod) });
  },
);

test("a host that presents another line's public key gets nothing signed", async () => {
  await using prod = await bootHost({ name: "prod" });
  await using evil = await bootHost({ name: "evil" });
  await using laptop = await makeLaptop(prod.sshConfig);
  await up(laptop, prod);
  const publicKey = await prod.root("openssl pkey -in /etc/tetherdock/server-key.pem -pubout");
  await evil.root(`mkdir -p /usr/local/bin; cat >/usr/local/bin/openssl <<'END'
#!/bin/sh
case "$*" in *-pubout*) cat <<'KEY'\n${publicKey}KEY
exit;; esac; exec /usr/bin/openssl "$@"
END
chmod 755 /usr/local/bin/openssl`);
  const before = [await laptop.tree(), await evil.fingerprint()];
  const refused = await laptop.tetherdock(["up", destinationOf(evil), "--yes", "--json"]);
  expect(JSON.parse(refused.stdout)).toMatchObject({ error: { code: "HOST_KEY_NOT_HELD" } });
  expect(refused.status).toBe(4);
  expect([await laptop.tree(), await evil.fingerprint()]).toEqual(before);
  expect(await certificatesOn(evil)).toBe("");
});

test("301 claimed addresses: the laptop dials a few of them, and signs for none", async () => {
  await using host = await bootHost({ name: "many" });
  await using laptop = await makeLaptop(host.sshConfig);
  await host.root(`i=0; while [ $i -lt 300 ]; do i=$((i+1))
ip addr add 10.99.$((i / 200)).$((i % 200 + 1))/32 dev host0; done`);
  // Every address that the laptop's own process connects to.
  const log = join(laptop.folder, "dialled");
  const hook = `import { Socket } from "node:net"; import { appendFileSync } from "node:fs";
const connect = Socket.prototype.connect;
Socket.prototype.connect = function (...args) {
  const [options] = Array.isArray(args[0]) ? args[0] : args;
  appendFileSync(${JSON.stringify(log)}, \`\${options.host} \${options.port}\\n\`);
  return connect.apply(this, args);
};`;
  const env = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(hook)}` };
  const done = await laptop.tetherdock(["up", destinationOf(host), "--yes", "--json"], { env });
  expect(done.status, done.stderr).toBe(0);
  const connections = (await readFile(log, "utf8")).trim().split("\n");
  const dialled = new Set(
    connections.map((line) => line.split(" ")[0]).filter((ip) => ip?.startsWith("10.99.")),
  );
  expect(connections.length).toBeLessThan(200);
  expect(dialled.size).toBeLessThanOrEqual(16);
  expect(
    connections.some((line) => line.startsWith(`${host.ip} `)),
    "the hook sees what is dialled",
  ).toBe(true);
  const names = await host.root(
    "openssl x509 -noout -ext subjectAltName -in /etc/tetherdock/server-cert.pem",
  );
  expect(names).not.toContain("10.99.");
});
