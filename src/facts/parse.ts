/** Parses the facts script's output into {@link HostFacts}. */

import { SECOND_MS } from "../base/index.ts";
import { parseUserFiles } from "./daemon/user-files.ts";
import type {
  ContainerFact,
  GatewayFact,
  HostFacts,
  LocalSocketFact,
  ServiceFact,
  SocketFact,
} from "./host-facts.ts";
import { inetPort } from "./listen-address.ts";
import { parseListeners } from "./listeners/parse-listeners.ts";
import { FLEET_PATH, GATEWAY_SERVICE, GATEWAY_SOCKET } from "./paths.ts";
import { type PathSteps, parsePathSteps } from "./place/path-step.ts";
import { filesIn, findNamed, findSections, parseShow, type Section, splitSections } from "./sections.ts";
import { parseEnvironmentFile } from "./systemd/command-line.ts";
import type { UnitText } from "./systemd/unit-file.ts";
import { parseTransactions } from "./transactions.ts";

type Find = (...words: string[]) => Section[];

// Interfaces of container networks: clients never connect through them.
const CONTAINER_INTERFACE = /^(?:docker|br-[0-9a-f]{12}|veth|cni|flannel|virbr|podman|lxc|lxdbr|cali|tunl)/;

/** What systemd prints after an address: ` (Stream)`. */
const LISTEN_TYPE = / \([A-Za-z]+\)$/;
const MAX_ADDRESS_LENGTH = 45;
/** Far more than a host has; any more are ignored. */
const MAX_ADDRESSES = 512;
const MAX_NAME_LENGTH = 253;
const MAX_OS_NAME = 64;

// Privacy addresses (RFC 8981) change daily: if they were in the certificate, every `up` would issue a new one.
const SHORT_LIVED = /\s(?:temporary|deprecated|tentative|dadfailed)\b/;

function parseAddresses(text: string): string[] {
  const found = text.matchAll(/^\d+:\s+(\S+)\s+inet6?\s+([0-9a-f.:]+)(.*)$/gm);
  return [...found]
    .filter(([, name = "", , rest = ""]) => !CONTAINER_INTERFACE.test(name) && !SHORT_LIVED.test(rest))
    .map((match) => match[2] ?? "")
    .filter((address) => address.length <= MAX_ADDRESS_LENGTH)
    .slice(0, MAX_ADDRESSES);
}

function parseFree(text: string): number[] {
  return [...text.matchAll(/\s(\d+)\s+\d+%\s/g)].map((match) => Number(match[1]));
}

function unitsOf(sections: readonly Section[], unit: string): UnitText[] {
  return filesIn(sections, "unit", unit).map(({ path, text }) => ({ path, text }));
}

function parseService(find: Find, sections: readonly Section[]): ServiceFact {
  const show = parseShow(find("service")[0]?.text ?? "");
  return {
    loadState: show.get("LoadState")?.[0] ?? "not-found",
    active: show.get("ActiveState")?.[0] === "active",
    unitFileState: show.get("UnitFileState")?.[0] ?? "",
    units: unitsOf(sections, "docker.service"),
    environmentFiles: filesIn(sections, "environment"),
  };
}

function parseSockets(find: Find, sections: readonly Section[]): SocketFact[] {
  return findNamed(sections, "socket").map(({ words: [, unit = ""], text }) => {
    const show = parseShow(text);
    return {
      unit,
      active: show.get("ActiveState")?.[0] === "active",
      listens: (show.get("Listen") ?? []).map((value) => value.replace(LISTEN_TYPE, "")),
      units: unitsOf(sections, unit),
      links: find("link", unit).map((link) => link.text.trim()),
    };
  });
}

/** An address of the machine itself. */
const OWN_ADDRESS = /^(?:127(?:\.\d{1,3}){3}|::1)$/;

function parseGateway(find: Find): GatewayFact {
  const show = (unit: string) => parseShow(find("gateway", unit)[0]?.text ?? "");
  const unit = (shown: ReturnType<typeof show>) => ({
    state: shown.get("ActiveState")?.[0] ?? "inactive",
    needsReload: shown.get("NeedDaemonReload")?.[0] === "yes",
  });
  const socket = show(GATEWAY_SOCKET);
  const isActive = socket.get("ActiveState")?.[0] === "active";
  const listens = isActive ? (socket.get("Listen") ?? []) : [];
  const ports = listens.map((value) => inetPort(value.replace(LISTEN_TYPE, "")));
  return {
    service: unit(show(GATEWAY_SERVICE)),
    socket: { ...unit(socket), ports: ports.filter((port) => port !== null) },
    programs: new Map(find("program").map(({ words: [, sum = "", ...path] }) => [path.join(" "), sum])),
    links: new Set(find("gateway-link").map(({ words: [, ...path] }) => path.join(" "))),
    fleet: {
      usesStore: find("fleet-store").length > 0,
      path: unit(show(FLEET_PATH)),
      resolvers: (find("resolvers")[0]?.text ?? "").split("\n").filter((line) => OWN_ADDRESS.test(line)),
    },
  };
}

function parseLocalSockets(find: Find): LocalSocketFact[] {
  const all = find("local-socket").map(({ words: [, mode = "", group = "", ...path] }) => ({
    path: path.join(" "),
    group,
    mode,
  }));
  return [...new Map(all.map((one) => [one.path, one])).values()];
}

function parseContainers(text: string): ContainerFact[] {
  const found = text.matchAll(/^\/?(\S+) ?(\S*)$/gm);
  return [...found].map((match) => ({ name: match[1] ?? "", restart: match[2] ?? "" }));
}

function parseNames(find: Find): string[] {
  const names = ["hostname", "fqdn"].map((name) => find(name)[0]?.text.trim() ?? "");
  return [...new Set(names)].filter(
    (name) => name !== "" && name.length <= MAX_NAME_LENGTH && !/^localhost(?:\.|$)/.test(name),
  );
}

/** @returns NaN for a time beyond the range of `Date` */
function parseClock(text: string): number {
  return new Date(Number(text.trim()) * SECOND_MS).getTime();
}

/** We print it within a sentence, where a run of blanks could push the following text to the start of the next line. */
function oneShortLine(text: string): string {
  return text.trim().replace(/\s+/g, " ").slice(0, MAX_OS_NAME);
}

function parseEngine(text: string | undefined): HostFacts["engine"] {
  const match = /^(\S+) (true|false)$/m.exec(text ?? "");
  return match ? { version: match[1] ?? "", liveRestore: match[2] === "true" } : null;
}

function parseValidated(text: string): string | null {
  const said = text.trim();
  return said === "" || /unknown flag: --validate/.test(said) ? null : said;
}

function parseSteps(text: (name: string) => string): PathSteps {
  return parsePathSteps({
    steps: text("steps"),
    links: text("step-links"),
    acl: text("step-acl"),
    locked: text("step-locked"),
    mounted: text("step-mounts"),
  });
}

/**
 * @param output what the script printed
 * @throws FACTS_INCOMPLETE when the output is not complete
 */
export function parseFacts(output: string, marker: string): HostFacts {
  const sections = splitSections(output, marker);
  const find: Find = (...words) => findSections(sections, ...words);
  const text = (name: string) => find(name)[0]?.text ?? "";
  const os = parseEnvironmentFile(text("os"));
  const daemonJson = filesIn(sections, "daemon-json")[0] ?? null;
  return {
    os: { id: os.get("ID") ?? "unknown", name: oneShortLine(os.get("PRETTY_NAME") ?? "unknown") },
    machine: text("machine").trim(),
    clockMs: parseClock(text("clock")),
    names: parseNames(find),
    addresses: parseAddresses(text("addresses")),
    hasSystemd: text("systemd").startsWith("systemd\n"),
    systemdVersion: Number(/^systemd (\d+)/m.exec(text("systemd").replace("systemd\n", ""))?.[1] ?? 0),
    freeKiB: parseFree(text("disk")),
    programFreeKiB: parseFree(text("program-disk")),
    tools: new Set(text("tools").split("\n").filter(Boolean)),
    listeners: parseListeners(sections),
    service: parseService(find, sections),
    sockets: parseSockets(find, sections),
    localSockets: parseLocalSockets(find),
    gateway: parseGateway(find),
    commandLine: text("command").split("\n").filter(Boolean),
    daemonJson: {
      path: daemonJson?.path ?? "/etc/docker/daemon.json",
      file: daemonJson,
      validated: parseValidated(text("validate")),
    },
    foreignDaemons: find("foreign-daemon").map(({ words: [, pid], text: user }) => ({
      pid: Number(pid),
      user: user.trim(),
    })),
    engine: parseEngine(find("engine")[0]?.text),
    containers: parseContainers(text("containers")),
    userFiles: parseUserFiles(text("user-files")),
    ours: {
      files: new Map(filesIn(sections, "ours").map((file) => [file.path, file])),
      publicKey: text("ours-public-key").trim() || null,
    },
    steps: parseSteps(text),
    startPaths: text("start-paths").split("\n").filter(Boolean),
    transactions: parseTransactions(sections),
    isSteady: text("journal-first") === text("journal-last"),
    undoArmed: /^(?:active|activating)$/m.test(text("undo")),
  };
}
