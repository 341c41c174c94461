/** One change as one step: a title for the user and a script for the host. */
import { shellQuote } from "../../base/index.ts";
import {
  DOCKER_SERVICE,
  FLEET_PATH,
  FLEET_SERVICE,
  GATEWAY_SERVICE,
  GATEWAY_SOCKET,
} from "../../facts/index.ts";
import { CLIENT_LIST } from "../journal/client-list-script.ts";
import { CHANGED_SINCE, hereDocument, LIST_LOCKED, transactionFolder } from "../journal/transaction.ts";
import type { Change, FleetAction, GatewayAction, Plan, ProgramFile } from "../plan/change.ts";
import { sha256 } from "./sha256.ts";

/** Identifies the step for decisions; titles are for people. */
export type StepId =
  | "open"
  | "send"
  | Change["kind"]
  | "restart-docker"
  | `${Exclude<GatewayAction, "none">}-gateway`
  | `${Exclude<FleetAction, "none">}-fleet`
  | "confirm";

/** The script for the host, and its title. */
export interface Step {
  readonly id: StepId;
  readonly title: string;
  readonly script: string;
}

/** A file to write. */
interface Written {
  readonly path: string;
  readonly text: string;
  /** For a new file. */
  readonly mode: string;
}

/**
 * Completely or not at all: a temporary file in the same folder, flushed, renamed. An existing file is copied first, so
 * that owner, mode, access control list, extended attributes and SELinux label stay; access is never wider than before.
 */
function writeScript({ path, text, mode }: Written): string {
  const target = shellQuote(path);
  const temporary = shellQuote(`${path}.tetherdock-new`);
  return `set -e; umask 022; mkdir -p "$(dirname ${target})"; rm -f ${temporary}
if [ -f ${target} ]; then cp -a ${target} ${temporary}; else (umask 077; : >${temporary}); chmod ${mode} ${temporary}; fi
cat >${temporary} ${hereDocument(text)}
sync ${temporary} 2>/dev/null || sync
mv -fT ${temporary} ${target}`;
}

/** A file that a service keeps changing. */
interface Shared extends Written {
  readonly owner: string;
  /** The version that the plan was made from: sha256, or null if there was none. */
  readonly expect: string | null;
  /** Of the transaction, which remembers what it wrote. */
  readonly number: number;
}

/**
 * The same in a directory that belongs to a service. An attacker in that service could put a link in place of a
 * temporary file there, so the file is made one directory above, where only root can write. If the service has changed
 * the file since the plan was made, its version stays.
 */
function handOverScript({ path, text, mode, owner, expect, number }: Shared): string {
  const target = shellQuote(path);
  const wrote = `${transactionFolder(number)}/wrote`;
  const [folder, name] = [path.slice(0, path.lastIndexOf("/")), path.slice(path.lastIndexOf("/") + 1)];
  const temporary = shellQuote(`${folder}/../${name}.tetherdock-new`);
  return `set -e; umask 077; mkdir -p ${shellQuote(folder)}; rm -f ${temporary}
${CLIENT_LIST}
lock ${target} || exit ${LIST_LOCKED}
trap unlock EXIT
[ "$(sum ${target})" = ${expect ?? "absent"} ] || { printf '%s\\n' ${target}; exit ${CHANGED_SINCE}; }
cat >${temporary} ${hereDocument(text)}
chmod ${mode} ${temporary}; chown ${owner} ${temporary}
sum ${temporary} >${wrote}; sync ${temporary} ${wrote} 2>/dev/null || sync
mv -fT ${temporary} ${target}`;
}

function linkScript(path: string, target: string): string {
  return `umask 022; mkdir -p "$(dirname ${shellQuote(path)})" && ln -s ${shellQuote(target)} ${shellQuote(path)}`;
}

/** Makes a P-256 key with the host's tools, 0600 from its creation, and prints its public half. */
function keyScript(path: string): string {
  const key = shellQuote(path);
  const fresh = shellQuote(`${path}.tetherdock-new`);
  return `set -e; umask 022; mkdir -p "$(dirname ${key})"; umask 077; rm -f ${fresh} ${fresh}.pub
if command -v openssl >/dev/null; then openssl ecparam -name prime256v1 -genkey -noout -out ${fresh}
else ssh-keygen -q -t ecdsa -b 256 -m PEM -N '' -C '' -f ${fresh} </dev/null; rm -f ${fresh}.pub; fi
sync ${fresh} 2>/dev/null || sync
mv -fT ${fresh} ${key}
openssl pkey -in ${key} -pubout 2>/dev/null || ssh-keygen -e -m PKCS8 -f ${key}`;
}

/** The place of a program between sending and installation. */
function stagedAt(staging: string, { sha256 }: ProgramFile): string {
  return `${staging}/${sha256}`;
}

/**
 * Receives a program on standard input, gzipped, and checks that it is the expected one.
 * @param isFirst makes the folder. It must be new: everybody may write to the folder above, and can read its name in the
 * arguments of mkdir before mkdir makes it
 */
export function receiveStep(file: ProgramFile, staging: string, isFirst: boolean): Step {
  const staged = shellQuote(stagedAt(staging, file));
  const make = isFirst ? `mkdir ${shellQuote(staging)} && ` : "";
  return {
    id: "send",
    title: `send ${file.path} (${Math.ceil(file.packedBytes / 1e6)} MB)`,
    script: `umask 077; ${make}gzip -dc >${staged} || exit
[ "$(sha256sum <${staged} | cut -d' ' -f1)" = ${file.sha256} ] || { echo "the file was damaged in transit" >&2; exit 1; }`,
  };
}

// SELinux (Fedora CoreOS): systemd may not run a file from /var/tmp before it has the label of its new place.
function installScript(file: ProgramFile, staging: string): string {
  const target = shellQuote(file.path);
  const fresh = shellQuote(`${file.path}.tetherdock-new`);
  return `set -e; umask 022; mkdir -p "$(dirname ${target})"
mv -fT ${shellQuote(stagedAt(staging, file))} ${fresh}
chmod 755 ${fresh}; chown 0:0 ${fresh}
sync ${fresh} 2>/dev/null || sync
mv -fT ${fresh} ${target}
rmdir ${shellQuote(staging)} 2>/dev/null || true
if command -v restorecon >/dev/null; then restorecon ${target}; fi`;
}

/** The parameters of steps besides their change. */
export interface StepParts {
  /** The signed certificate, for a `certificate` change. */
  readonly certificate: string;
  /** Folder on the host with the sent files. */
  readonly staging: string;
  /** Of the transaction. */
  readonly number: number;
}

/** The step that carries out one change. */
export function stepFor(change: Change, { certificate, staging, number }: StepParts): Step {
  const { path, kind: id } = change;
  switch (change.kind) {
    case "key":
      return { id, title: `make the key ${path}`, script: keyScript(path) };
    case "certificate":
      return {
        id,
        title: `write the certificate ${path}`,
        script: writeScript({ path, text: certificate, mode: "644" }),
      };
    case "remove":
      return { id, title: `remove ${path}`, script: `rm -f ${shellQuote(path)}` };
    case "link":
      return {
        id,
        title: `link ${path} to ${change.target}`,
        script: linkScript(path, change.target),
      };
    case "program":
      return { id, title: `install ${path}`, script: installScript(change.file, staging) };
    case "write": {
      const { before, after: text, mode } = change;
      const kept = { mode: before?.mode ?? mode, owner: before?.owner ?? "0:0" };
      const expect = before && sha256(before.text);
      const script = change.shared
        ? handOverScript({ path, text, ...kept, expect, number })
        : writeScript({ path, text, mode });
      return { id, title: `${before ? "change" : "write"} ${path}`, script };
    }
  }
}

/**
 * systemd can know that a service died before journald has read its last messages: `--sync` waits for them, but not for
 * a journald that hangs.
 */
function restartOrSayWhy(service: string): string {
  const words = `timeout 10 journalctl -q --sync; journalctl -q -n 40 --no-pager -o cat -u ${service}`;
  return `systemctl restart ${service} || { status=$?; { ${words}; } >&2; exit $status; }`;
}

/** Restarts docker with the new files; prints the uptime before and after, for the figures. */
export function restartStep(plan: Plan, number: number): Step {
  const stop = [...plan.stopSockets, ...plan.restartSockets].map(shellQuote).join(" ");
  const again = plan.restartSockets.map(shellQuote).join(" ");
  return {
    id: "restart-docker",
    title: "restart docker",
    script: `: >${transactionFolder(number)}/restarting; sync ${transactionFolder(number)} 2>/dev/null || sync
systemctl daemon-reload || exit
systemctl reset-failed ${DOCKER_SERVICE} 2>/dev/null
cut -d' ' -f1 /proc/uptime
${stop === "" ? "" : `systemctl stop ${DOCKER_SERVICE} ${stop} || exit`}
${again === "" ? "" : `systemctl start ${again} || exit`}
${restartOrSayWhy(DOCKER_SERVICE)}
cut -d' ' -f1 /proc/uptime`,
  };
}

const GATEWAY_UNITS = `${GATEWAY_SERVICE} ${GATEWAY_SOCKET}`;

const GATEWAY_SCRIPTS: Record<Exclude<GatewayAction, "none">, string> = {
  stop: `systemctl stop ${GATEWAY_UNITS} || exit
systemctl daemon-reload
systemctl reset-failed ${GATEWAY_UNITS} 2>/dev/null; true`,
  start: `systemctl daemon-reload && systemctl stop ${GATEWAY_SERVICE} && systemctl restart ${GATEWAY_SOCKET} || exit
systemctl reset-failed ${GATEWAY_SERVICE} 2>/dev/null
serve`,
  reload: `systemctl reload ${GATEWAY_SERVICE}`,
  restart: `systemctl daemon-reload || exit
systemctl reset-failed ${GATEWAY_SERVICE} 2>/dev/null
serve`,
};

/** Stops the gateway, reloads it, or starts it and waits until it reports that it serves. */
export function gatewayStep(action: Exclude<GatewayAction, "none">, number: number): Step {
  return {
    id: `${action}-gateway`,
    title: `${action} the gateway`,
    script: `: >${transactionFolder(number)}/serving; sync ${transactionFolder(number)} 2>/dev/null || sync
serve() { ${restartOrSayWhy(GATEWAY_SERVICE)}; }
${GATEWAY_SCRIPTS[action]}`,
  };
}

const FLEET_UNITS = `${FLEET_PATH} ${FLEET_SERVICE}`;

/** A process that cannot reach its store is no reason to undo anything: it tries until it can. */
const FLEET_SCRIPTS: Record<Exclude<FleetAction, "none">, string> = {
  start: `systemctl daemon-reload && systemctl restart ${FLEET_UNITS}`,
  stop: `systemctl stop ${FLEET_UNITS} 2>/dev/null
systemctl daemon-reload
systemctl reset-failed ${FLEET_UNITS} 2>/dev/null; true`,
};

export function fleetStep(action: Exclude<FleetAction, "none">, number: number): Step {
  return {
    id: `${action}-fleet`,
    title: `${action} the fleet process`,
    script: `: >${transactionFolder(number)}/serving; sync ${transactionFolder(number)} 2>/dev/null || sync
${FLEET_SCRIPTS[action]}`,
  };
}
