/** Every state that `up` can handle, and its properties; for each flavour the states it can be in. */
import { expect } from "vitest";
import { getVersion } from "./exposure.ts";
import type { Flavour, Host } from "./host.ts";
import type { Laptop } from "./laptop.ts";
import { run } from "./run.ts";
import type { StateCase } from "./up-and-down.ts";

/** Pitfall 2: `ps` shows all TLS flags, and the docker CLI gets plain HTTP back. */
async function flagsButNoTls(host: Host, laptop: Laptop): Promise<void> {
  const shown = await host.root(
    `tr '\\0' ' ' </proc/$(systemctl show -p MainPID --value docker.service)/cmdline`,
  );
  expect(shown).toContain("--tlsverify");
  const ca = `${laptop.folder}/story-ca.pem`;
  await run(["tee", ca], await host.root("cat /etc/docker/tls/ca.pem"));
  const tls = await laptop.docker([
    "-H",
    `tcp://${host.ip}:2376`,
    "--tlsverify",
    "--tlscacert",
    ca,
    "version",
  ]);
  expect(tls.status).toBe(1);
  expect(tls.stderr).toMatch(/server gave HTTP response to HTTPS client|does not look like a TLS handshake/);
}

async function getAsForeignClient(host: Host, laptop: Laptop) {
  const file = async (name: string) => {
    const path = `${laptop.folder}/foreign-${name}`;
    await run(["tee", path], await host.root(`cat /root/foreign-client/${name}`));
    return path;
  };
  const credentials = ["--cert", await file("cert.pem"), "--key", await file("key.pem")];
  return getVersion(`https://${host.ip}:2376`, credentials);
}

async function foreignClientIsServed(host: Host, laptop: Laptop): Promise<void> {
  expect((await getAsForeignClient(host, laptop)).stdout).toContain('"ApiVersion"');
}

async function foreignClientIsLockedOut(host: Host, laptop: Laptop): Promise<void> {
  const { status, stdout } = await getAsForeignClient(host, laptop);
  expect(stdout).toBe("");
  expect(status, "after the handshake, by an alert or a cut connection").toBeOneOf([55, 56]);
}

async function keepsContainers(host: Host): Promise<void> {
  expect(await host.root("docker info -f '{{.LiveRestoreEnabled}}'")).toBe("true\n");
}

const open = (port: number) => `critical api-without-tls IP:${port}`;

const cases: readonly (Omit<StateCase, "flavour"> & { readonly only?: Flavour })[] = [
  { finds: [], reboot: true },
  { state: "pitfall-1", finds: [open(2375)], openPort: 2375, reboot: true },
  { state: "pitfall-2", finds: [open(2376)], openPort: 2376 },
  {
    state: "pitfall-2-2015",
    finds: [open(2376), "critical tls-flags-not-applied docker-tcp.socket"],
    openPort: 2376,
    before: flagsButNoTls,
  },
  { state: "daemon-json-hosts", finds: [open(2375)], openPort: 2375 },
  {
    state: "daemon-json-hosts-conflict",
    finds: ["medium settings-in-two-places /etc/docker/daemon.json"],
    failed: true,
  },
  {
    state: "foreign-tls",
    finds: ["low server-certificate-expires-soon IP:2376"],
    upFlags: ["--replace-tls"],
    before: foreignClientIsServed,
    meanwhile: foreignClientIsLockedOut,
  },
  { state: "docker-opts-plain", finds: [open(2375)], openPort: 2375, only: "debian" },
  { state: "docker-stopped", finds: ["medium docker-not-running docker.service"] },
  { state: "docker-on-demand", finds: [], reboot: true },
  { state: "live-restore", finds: [], before: keepsContainers, meanwhile: keepsContainers },
  { state: "socket-dropin-tcp", finds: [open(2375)], openPort: 2375, reboot: true },
];

/** @returns a title and a case each, for `test.for` */
export function stateCases(flavour: Flavour): [string, StateCase][] {
  return cases
    .filter(({ only }) => only === undefined || only === flavour)
    .map(({ only: _, ...given }) => [given.state ?? "pristine", { flavour, ...given }]);
}
