/** A root shell on the host that a command is about. */
import type { OpenHost } from "../../app/host/index.ts";
import { Foreign, TetherdockError } from "../../base/index.ts";
import { classifySshFailure, sshArguments, withoutRemoteCommand } from "../../host/index.ts";
import { ProcessHostShell } from "../../system/ssh/host-shell.ts";
import { sshSettings } from "../../system/ssh/ssh-settings.ts";
import type { Context } from "../context.ts";
import { during } from "../output/activity.ts";
import { tellingShell } from "./telling-shell.ts";

function asking({ terminal, prompts, signal }: Context, target: string) {
  const askPassword = (again: boolean) =>
    prompts.secret(again ? `wrong password; sudo password on ${target}` : `sudo password on ${target}`);
  return { signal, askPassword: terminal.stdin && terminal.stderr ? askPassword : null };
}

/** On a terminal, ssh or sudo may be asking there: nothing is written over what it says. */
function connecting<T>(context: Context, target: string, opening: Promise<T>): Promise<T> {
  if (!context.terminal.stderr) return during(context, `connecting to ${target}`, () => opening);
  context.stderr.line(`connecting to ${target}`);
  return opening;
}

async function openLocal(context: Context): Promise<OpenHost> {
  const shell = await ProcessHostShell.open({
    command: () => ["/bin/sh", "-c"],
    destination: "this machine",
    ...asking(context, "this machine"),
    connectFailure: (status, stderr) =>
      new TetherdockError("HOST_CONNECTION_LOST", "cannot start a shell", {
        why: [`status ${status}`, ...new Foreign(stderr).lastLines(3)],
      }),
  });
  return { shell: tellingShell(context, shell, "this machine"), hostname: null, place: null };
}

/**
 * @param target the ssh destination, or null for this machine
 * @param mayAsk whether ssh may ask on the terminal: not where several would ask at the same time
 * @throws SSH_…, HOST_NO_ROOT, SUDO_PASSWORD_NEEDED, SUDO_DENIED, INTERRUPTED
 */
export async function openHost(
  context: Context,
  target: string | null,
  { mayAsk } = { mayAsk: true },
): Promise<OpenHost> {
  if (target === null) return openLocal(context);
  const { hostname, options, place, hasRemoteCommand } = await sshSettings(target);
  const opening = ProcessHostShell.open({
    command: (arrival) => [
      ...["ssh", "-T", ...options, "-o", `LocalCommand=${arrival}`],
      ...(mayAsk ? [] : ["-o", "BatchMode=yes"]),
      ...sshArguments(target),
    ],
    destination: target,
    ...asking(context, target),
    connectFailure: (status, stderr, stdout) =>
      classifySshFailure({ status, stderr, stdout, destination: target }),
  });
  const shell = await connecting(context, target, opening).catch((error: unknown) => {
    throw hasRemoteCommand && error instanceof TetherdockError ? withoutRemoteCommand(error) : error;
  });
  return { shell: tellingShell(context, shell, target), hostname, place };
}
