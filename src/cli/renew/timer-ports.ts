/** The ports of `renew --install`, made from the world of a command. */
import { rm } from "node:fs/promises";
import { dirname, isAbsolute, join } from "node:path";
import { formatSettings, type TimerPorts } from "../../app/renew/index.ts";
import { dockerHome, tetherdockHome } from "../../line/index.ts";
import { makeDirectory, writeAtomically } from "../../system/files/atomic-file.ts";
import { readIfThere, withFile } from "../../system/files/file-error.ts";
import {
  findTimerKind,
  launchdDomain,
  ownProgram,
  readCrontab,
  runQuietly,
  writeCrontab,
} from "../../system/renewing/timer.ts";
import type { Context } from "../context.ts";
import { readRenewSettings, settingsPath } from "../renewing/settings.ts";

const remove = (path: string) => withFile("remove", path, () => rm(path, { force: true }));

export function timerPorts(context: Context): TimerPorts {
  const { env, home, platform } = context;
  const xdg = env["XDG_CONFIG_HOME"];
  const config = xdg && isAbsolute(xdg) ? xdg : join(home, ".config");
  const path = settingsPath(context);
  const write = async (file: string, text: string, mode: number) => {
    await makeDirectory(dirname(file));
    await writeAtomically(file, text, mode);
  };
  return {
    kind: () => findTimerKind(platform),
    command: {
      program: ownProgram(),
      variables: {
        TETHERDOCK_HOME: tetherdockHome(context),
        ...(env["DOCKER_CONFIG"] && { DOCKER_CONFIG: dockerHome(context) }),
      },
    },
    folders: { systemd: join(config, "systemd/user"), launchd: join(home, "Library/LaunchAgents") },
    domain: platform === "darwin" ? launchdDomain() : "",
    settings: {
      read: () => readRenewSettings(context),
      write: (settings) => write(path, formatSettings(settings), 0o600),
      remove: () => remove(path),
    },
    read: (file) => readIfThere(file),
    write: (file, text) => write(file, text, 0o644),
    remove,
    crontab: readCrontab,
    setCrontab: writeCrontab,
    run: runQuietly,
  };
}
