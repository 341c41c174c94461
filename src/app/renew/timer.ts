/** `renew --install` and `--uninstall`: writes what runs `renew --all`, remembers it, and removes exactly that. */
import { shellJoin, TetherdockError } from "../../base/index.ts";
import {
  AGENT_LABEL,
  cronLines,
  launchAgent,
  serviceUnit,
  TIMER_UNIT,
  UNIT_NAME,
  withCron,
  withoutCron,
} from "./timer-files.ts";
import type { RenewSettings, TimerKind, TimerPorts, WrittenFile } from "./timer-ports.ts";

const TIMER = `${UNIT_NAME}.timer`;

function failed(message: string, why: readonly string[], hints: readonly string[]): TetherdockError {
  return new TetherdockError("RENEW_TIMER_FAILED", message, { why, hints });
}

function filesFor(kind: TimerKind, { command, folders }: TimerPorts): readonly WrittenFile[] {
  if (kind === "systemd")
    return [
      { path: `${folders.systemd}/${UNIT_NAME}.service`, text: serviceUnit(command) },
      { path: `${folders.systemd}/${TIMER}`, text: TIMER_UNIT },
    ];
  if (kind === "launchd")
    return [{ path: `${folders.launchd}/${AGENT_LABEL}.plist`, text: launchAgent(command) }];
  return [];
}

async function requireOurs(ports: TimerPorts, files: readonly WrittenFile[], old: RenewSettings | null) {
  for (const { path, text } of files) {
    const found = await ports.read(path);
    const isOurs = old?.files.some((one) => one.path === path && one.text === found);
    if (found !== undefined && found !== text && !isOurs)
      throw failed(
        `${path} is there already`,
        ["tetherdock did not write it, or it was changed"],
        [shellJoin(["mv", path, `${path}.old`])],
      );
  }
}

/** @throws RENEW_TIMER_FAILED with what the program said */
async function require(ports: TimerPorts, words: readonly string[]): Promise<void> {
  const said = await ports.run(words);
  if (said !== null)
    throw failed(`${words.join(" ")} failed`, said === "" ? [] : [said], ["tetherdock renew --uninstall"]);
}

async function start(kind: TimerKind, ports: TimerPorts, files: readonly WrittenFile[]): Promise<void> {
  if (kind === "systemd") {
    await require(ports, ["systemctl", "--user", "daemon-reload"]);
    await require(ports, ["systemctl", "--user", "enable", "--now", TIMER]);
  } else if (kind === "launchd") {
    const [agent] = files;
    await ports.run(["launchctl", "bootout", `${ports.domain}/${AGENT_LABEL}`]);
    await require(ports, ["launchctl", "bootstrap", ports.domain, agent?.path ?? ""]);
  } else await ports.setCrontab(withCron(await ports.crontab(), cronLines(ports.command)));
}

export interface Installed {
  readonly kind: TimerKind;
  readonly files: readonly WrittenFile[];
}

/**
 * A second run writes the same again, or what has changed.
 * @param lifeMs how long a gateway's certificates are to be valid from now on
 * @throws RENEW_TIMER_FAILED, FILE_FAILED
 */
export async function installTimer(ports: TimerPorts, lifeMs: number): Promise<Installed> {
  const kind = await ports.kind();
  if (kind === null)
    throw failed(
      "this machine cannot run tetherdock on a schedule",
      ["there is no systemd for users, launchd or crontab"],
      ["run this every few hours: tetherdock renew --all"],
    );
  const old = await ports.settings.read();
  const files = filesFor(kind, ports);
  await requireOurs(ports, files, old);
  if (old !== null && old.kind !== kind) await uninstallTimer(ports);
  // Written first, so that uninstall finds all files of an interrupted install.
  await ports.settings.write({ kind, lifeMs, files });
  for (const { path, text } of files) await ports.write(path, text);
  await start(kind, ports, files);
  const shown = kind === "cron" ? [{ path: "crontab", text: cronLines(ports.command) }] : files;
  return { kind, files: shown };
}

export interface Uninstalled {
  readonly removed: readonly string[];
  /** Changed by somebody since, and therefore left. */
  readonly left: readonly string[];
}

/** @returns null: nothing is installed @throws RENEW_TIMER_FAILED, FILE_FAILED */
export async function uninstallTimer(ports: TimerPorts): Promise<Uninstalled | null> {
  const old = await ports.settings.read();
  if (old === null) return null;
  const [removed, left]: [string[], string[]] = [[], []];
  // It may be stopped already, or its manager may be gone.
  if (old.kind === "systemd") await ports.run(["systemctl", "--user", "disable", "--now", TIMER]);
  if (old.kind === "launchd") await ports.run(["launchctl", "bootout", `${ports.domain}/${AGENT_LABEL}`]);
  for (const { path, text } of old.files) {
    const found = await ports.read(path);
    if (found === undefined) continue;
    if (found === text) await ports.remove(path);
    (found === text ? removed : left).push(path);
  }
  if (old.kind === "systemd") await ports.run(["systemctl", "--user", "daemon-reload"]);
  if (old.kind === "cron") {
    await ports.setCrontab(withoutCron(await ports.crontab()));
    removed.push("crontab");
  }
  await ports.settings.remove();
  return { removed, left };
}
