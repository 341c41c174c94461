/** Settings of docker's units that a plan must not override silently. Found before anything is changed. */
import { shellJoin, TetherdockError, visible } from "../../../base/index.ts";
import {
  DOCKER_SERVICE,
  DROP_IN_NAME,
  type HostFacts,
  mergedList,
  SERVICE_DROP_IN,
} from "../../../facts/index.ts";
import type { Plan } from "../change.ts";

/**
 * Started neither at boot nor on demand, and not running: somebody disabled it on purpose.
 * @throws DOCKER_DISABLED
 */
export function checkDisabled({ service, sockets }: HostFacts): void {
  const onDemand = sockets.some(({ active, links }) => active || links.length > 0);
  if (service.active || service.unitFileState !== "disabled" || onDemand) return;
  throw new TetherdockError("DOCKER_DISABLED", "docker is disabled on the host", {
    why: [
      `${DOCKER_SERVICE} and its sockets are disabled, and it is not running`,
      "up would have to start it and enable it at boot; you decide that",
    ],
    hints: [`systemctl enable --now ${DOCKER_SERVICE}   # on the host, to run it`, "then run this again"],
  });
}

const nameOf = (path: string) => path.slice(path.lastIndexOf("/") + 1);

/** systemd reads drop-ins by name, whatever folder they are in. */
function laterDropIns({ service }: HostFacts) {
  return service.units.slice(1).filter(({ path }) => path !== SERVICE_DROP_IN && nameOf(path) > DROP_IN_NAME);
}

/**
 * A drop-in that is read after ours overrides it.
 * @throws DROP_IN_OVERRULED
 */
export function checkDropIns(facts: HostFacts, { changes }: Plan): void {
  const ours = changes.find(({ path, kind }) => kind === "write" && path === SERVICE_DROP_IN);
  const text = ours?.kind === "write" ? ours.after : facts.ours.files.get(SERVICE_DROP_IN)?.text;
  if (text === undefined) return;
  const key = /^ExecStart=/m.test(text) ? "ExecStart" : "Environment";
  const unit = (one: { path: string; text: string }) =>
    mergedList([{ ...one, text: one.text.replace(/^([ \t]*\w+[ \t]*=)[ \t]*$/gm, "$1-") }], "Service", key);
  const matters = ({ value }: { readonly value: string }) =>
    key === "ExecStart" || /^-$|DOCKER_OPTS/.test(value);
  const later = laterDropIns(facts).find((one) => unit(one).some(matters));
  if (!later) return;
  const path = visible(later.path);
  const earlier = `${path.slice(0, path.lastIndexOf("/"))}/50-${nameOf(path).replace(/^z+-?/, "")}`;
  throw new TetherdockError("DROP_IN_OVERRULED", `${path} on the host would override what up sets`, {
    why: [
      `it sets ${key}, and systemd reads it after ${DROP_IN_NAME}: drop-ins are read in order of their names`,
    ],
    hints: [`${shellJoin(["mv", path, earlier])}   # on the host`, "then run this again"],
  });
}

/** Rootless daemons: a line leads to root's daemon, and a user who means the rootless one should know. */
export function rootlessWarnings({ foreignDaemons }: HostFacts): string[] {
  const users = [...new Set(foreignDaemons.map(({ user }) => visible(user)))];
  return users.length === 0
    ? []
    : [`${users.join(", ")} runs a rootless dockerd; the line connects to root's dockerd, not to that one`];
}
