/** The output of the facts script on a host with these facts: the reverse of `parseFacts`. */
import type {
  EntryFact,
  FileFact,
  HostFacts,
  PathStep,
  SocketFact,
  TransactionFact,
} from "../../../src/facts/index.ts";

type Section = readonly [heading: string, text: string];

const TYPE_BITS = { directory: 0o040000, file: 0o100000, link: 0o120000, special: 0o140000 };

const lines = (texts: Iterable<string>): string => [...texts].map((text) => `${text}\n`).join("");

const hex = (port: number): string => port.toString(16).toUpperCase().padStart(4, "0");

function file(heading: string, { path, mode, owner, text }: FileFact): Section {
  return [`file ${heading} ${mode} ${owner.replace(":", " ")} ${path}`, text];
}

function unit(name: string, { path, text }: { readonly path: string; readonly text: string }): Section {
  return file(`unit ${name}`, { path, text, mode: "644", owner: "0:0" });
}

const active = (is: boolean): string => `ActiveState=${is ? "active" : "inactive"}`;

function socket({ unit: name, active: is, listens, units, links }: SocketFact): Section[] {
  return [
    [`socket ${name}`, lines([active(is), ...listens.map((value) => `Listen=${value} (Stream)`)])],
    ...units.map((one) => unit(name, one)),
    ...links.map((path): Section => [`link ${name}`, `${path}\n`]),
  ];
}

function gateway({ service, socket: listens, programs, links, fleet }: HostFacts["gateway"]): Section[] {
  const state = (one: typeof service) =>
    lines([`ActiveState=${one.state}`, `NeedDaemonReload=${one.needsReload ? "yes" : "no"}`]);
  const ports = listens.ports.map((port) => `Listen=[::]:${port} (Stream)`);
  return [
    ["gateway tetherdock-gateway.service", state(service)],
    ["gateway tetherdock-gateway.socket", `${state(listens)}${lines(ports)}`],
    ["gateway tetherdock-fleet.path", state(fleet.path)],
    ...(fleet.usesStore ? [["fleet-store", ""] as const] : []),
    ["resolvers", lines(fleet.resolvers)],
    ...[...programs].map(([path, sum]): Section => [`program ${sum} ${path}`, ""]),
    ...[...links].map((path): Section => [`gateway-link ${path}`, ""]),
  ];
}

const entry = ({ before, now, after, path }: EntryFact): string => `${before} ${now} ${after} ${path}`;

function transaction({ number, state, ownerAlive, restarted, about, entries }: TransactionFact): Section[] {
  const name = String(number).padStart(4, "0");
  const words = [name, state, ownerAlive ? "alive" : "gone", restarted ? "restarted" : "no"];
  return [
    [`transaction ${words.join(" ")}`, about === null ? "" : JSON.stringify(about)],
    [`entries ${name}`, lines(entries.map(entry))],
  ];
}

function step({ path, type, mode, uid, gid, hardLinks, user, group }: PathStep): string {
  return [(TYPE_BITS[type] | mode).toString(16), uid, gid, hardLinks, user, group, path].join("\t");
}

function places({ steps, startPaths }: HostFacts): Section[] {
  const all = [...steps.values()];
  const paths = (holds: (one: PathStep) => boolean) => lines(all.filter(holds).map(({ path }) => path));
  const links = all.filter(({ target }) => target !== null).map(({ path, target }) => `${path}\t${target}`);
  return [
    ["start-paths", lines(startPaths)],
    ["steps", lines(all.map(step))],
    ["step-links", lines(links)],
    ["step-acl", paths(({ acl }) => acl)],
    ["step-locked", paths(({ locked }) => locked)],
    ["step-mounts", paths(({ mounted }) => mounted)],
  ];
}

function identity(facts: HostFacts): Section[] {
  const free = (kib: readonly number[]) => lines(kib.map((one) => `/dev/sda1 9 9 ${one} 5% /`));
  return [
    ["os", `ID=${facts.os.id}\nPRETTY_NAME="${facts.os.name}"\n`],
    ["machine", `${facts.machine}\n`],
    ["clock", `${facts.clockMs / 1000}\n`],
    ...["hostname", "fqdn"].map(
      (name, at): Section => [name, `${facts.names[at] ?? facts.names[0] ?? ""}\n`],
    ),
    [
      "addresses",
      lines(
        facts.addresses.map(
          (one) => `2: eth0 ${one.includes(":") ? "inet6" : "inet"} ${one}/24 scope global`,
        ),
      ),
    ],
    ["systemd", facts.hasSystemd ? `systemd\nsystemd ${facts.systemdVersion} (x)\n` : "init\n"],
    ["disk", free(facts.freeKiB)],
    ["program-disk", free(facts.programFreeKiB)],
    ["tools", lines(facts.tools)],
  ];
}

/** As /proc/net/tcp has it: an IPv4 address, or `[::]`. */
function kernelAddress(address: string, port: number): string {
  const words = address.startsWith("[::]:")
    ? "0".repeat(32)
    : address
        .replace(/:\d+$/, "")
        .split(".")
        .toReversed()
        .map((byte) => Number(byte).toString(16).toUpperCase().padStart(2, "0"))
        .join("");
  return `${words}:${hex(port)}`;
}

function listeners({ listeners: all }: HostFacts): Section[] {
  const numbered = all.map((listener, at) => ({ ...listener, inode: at + 1 }));
  const held = numbered.flatMap(({ holders, inode }) => holders.map(({ pid }) => `${pid} ${inode}`));
  const processes = new Map(all.flatMap(({ holders }) => holders.map((holder) => [holder.pid, holder])));
  return [
    [
      "tcp",
      lines(
        numbered.flatMap(({ address, port, inode }) =>
          port === null ? [] : [`${kernelAddress(address, port)} ${inode}`],
        ),
      ),
    ],
    [
      "unix",
      lines(numbered.flatMap(({ address, port, inode }) => (port === null ? [`${inode} ${address}`] : []))),
    ],
    ["held", lines(held)],
    ...[...processes.values()].map(
      ({ pid, command, unit: name }): Section => [`process ${pid}`, `${command}\n0::/${name ?? ""}\n`],
    ),
  ];
}

function docker({
  service,
  sockets,
  localSockets,
  commandLine,
  daemonJson,
  engine,
  ...rest
}: HostFacts): Section[] {
  const { loadState, active: is, unitFileState } = service;
  return [
    ["service", lines([`LoadState=${loadState}`, active(is), `UnitFileState=${unitFileState}`])],
    ...service.units.map((one) => unit("docker.service", one)),
    ...service.environmentFiles.map((one) => file("environment", one)),
    ...sockets.flatMap(socket),
    ...localSockets.map(({ path, group, mode }): Section => [`local-socket ${mode} ${group} ${path}`, ""]),
    ["command", lines(commandLine)],
    ...(daemonJson.file ? [file("daemon-json", daemonJson.file)] : []),
    ["validate", daemonJson.validated ?? ""],
    ...rest.foreignDaemons.map(({ pid, user }): Section => [`foreign-daemon ${pid}`, `${user}\n`]),
    ["engine", engine ? `${engine.version} ${engine.liveRestore}\n` : ""],
    [
      "user-files",
      lines(rest.userFiles.map(({ folder, name, type, bytes }) => `${bytes} ${type}:${folder}/${name}`)),
    ],
    ["containers", lines(rest.containers.map(({ name, restart }) => `/${name} ${restart}`))],
  ];
}

/** @param marker of the sections, as the script received it */
export function printFacts(facts: HostFacts, marker: string): string {
  const { ours, transactions, isSteady, undoArmed } = facts;
  const sections: Section[] = [
    ["journal-first", "/var/lib/tetherdock 7 2026-01-31 08:00:00.000000000 +0000\n"],
    ...identity(facts),
    ...listeners(facts),
    ...docker(facts),
    ...gateway(facts.gateway),
    ...places(facts),
    ...[...ours.files.values()].map((one) => file("ours", one)),
    ...(ours.publicKey === null ? [] : ([["ours-public-key", ours.publicKey]] as const)),
    ...transactions.flatMap(transaction),
    ["journal-last", `/var/lib/tetherdock 7 2026-01-31 08:00:0${isSteady ? 0 : 1}.000000000 +0000\n`],
    ["undo", undoArmed ? "active\n" : "inactive\n"],
    ["end", ""],
  ];
  return sections.map(([heading, text]) => `\n${marker} ${heading}\n${text}`).join("");
}
