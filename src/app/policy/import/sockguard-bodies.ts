/** sockguard's checks of bodies: those that a role's limits make too, and what is shut because of those that they do not. */
import { quoteForeign } from "../../../base/index.ts";
import type { Note } from "../made/role-text.ts";
import { isSection, type Section } from "./section.ts";

interface Bodies {
  readonly limits: Readonly<Record<string, unknown>>;
  /** Operations that the role must not have. */
  readonly shut: readonly string[];
  readonly notes: readonly Note[];
}

/** What a file accepts without a check, outside of `request_body`. */
export interface Acknowledged {
  /** `insecure_allow_body_blind_writes` */
  readonly blindWrites: boolean;
  /** `insecure_accept_opaque_buildkit_tunnels` */
  readonly tunnels: boolean;
}

/** Which operations a section's checks are for. */
const SECTIONS: ReadonlyMap<string, readonly string[]> = new Map([
  ["container_create", ["ContainerCreate"]],
  ["exec", ["ContainerExec", "ExecStart"]],
  ["image_pull", ["ImageCreate"]],
  ["build", ["ImageBuild"]],
  ["buildkit", ["Session", "Grpc"]],
  ["container_update", ["ContainerUpdate"]],
  ["container_archive", ["PutContainerArchive"]],
  ["container_remove", ["ContainerDelete"]],
  ["image_load", ["ImageLoad"]],
  ["volume", ["VolumeCreate"]],
  ["network", ["NetworkCreate", "NetworkConnect", "NetworkDisconnect"]],
  ["service", ["ServiceCreate", "ServiceUpdate"]],
  ["swarm", ["SwarmInit", "SwarmJoin", "SwarmUpdate"]],
  ["node", ["NodeUpdate"]],
  ["secret", ["SecretCreate", "SecretUpdate"]],
  ["config", ["ConfigCreate", "ConfigUpdate"]],
  ["plugin", ["PluginPull", "PluginUpgrade", "PluginCreate", "PluginSet"]],
]);

/** A role refuses these of itself, as whoever creates containers with one is judged as a deployer. */
const ALREADY: ReadonlySet<string> = new Set([
  ...["deny_unconfined_seccomp", "deny_unconfined_apparmor", "deny_selinux_disable"],
  ...["deny_selinux_label_override", "deny_unconfined_system_paths", "deny_namespace_path_mode"],
  ...["restrict_namespace_sharing", "allowed_namespace_sharing_containers"],
]);

/** Lists whose names sound like permissions, and that refuse whatever is not in them. */
const NARROWING: ReadonlySet<string> = new Set([
  ...[
    "allowed_seccomp_profiles",
    "allowed_apparmor_profiles",
    "allowed_commands",
    "allowed_env_vars",
    "allowed_env_values",
  ],
]);

/** `{mode: off}` is how a check with settings of its own is off. */
const isSet = (value: unknown): boolean =>
  !(value === undefined || value === null || value === false || value === "" || value === 0) &&
  !(Array.isArray(value) && value.length === 0) &&
  (value as { readonly mode?: unknown }).mode !== "off";

const textsIn = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((one): one is string => typeof one === "string") : [];

const sectionAt = (all: Section, key: string): Section => {
  const found = all[key];
  return isSection(found) ? found : {};
};

const LABEL = /^[A-Za-z0-9][A-Za-z0-9._/-]{0,127}$/;
const REGISTRY = /^[A-Za-z0-9.-]+(?::\d{1,5})?$/;

class Reading {
  readonly limits: Record<string, unknown> = {};
  readonly shut = new Set<string>();
  readonly notes: Note[] = [];

  note(about: string, text: string): void {
    this.notes.push({ about, text });
  }

  close(about: string, names: readonly string[], text: string): void {
    for (const name of names) this.shut.add(name);
    this.note(about, `${text}; ${names.join(", ")} left out`);
  }

  /** @returns the keys that are dealt with */
  creating(create: Section): ReadonlySet<string> {
    const done = new Set(["require_drop_all_capabilities", "allowed_capabilities", "require_non_root_user"]);
    const capabilities = textsIn(create["allowed_capabilities"]).map((name) =>
      name.toUpperCase().replace(/^CAP_/, ""),
    );
    const allow = capabilities.filter((name) => /^[A-Z_]{2,30}$/.test(name)).slice(0, 50);
    if (create["require_drop_all_capabilities"] === true) this.limits["capabilities"] = { allow };
    else if (capabilities.length > 0)
      this.note(
        "request_body.container_create.allowed_capabilities",
        "the role permits those that Docker gives anyway",
      );
    if (create["require_non_root_user"] === true) {
      this.limits["users"] = { min: 1 };
      this.note(
        "request_body.container_create.require_non_root_user",
        "users must be numbers: a name could be root in the image",
      );
    }
    const labels = textsIn(create["required_labels"]);
    if (labels.length === 0) return done;
    // Whether a value is empty is not checked by a glob.
    this.close(
      "request_body.container_create.required_labels",
      ["ContainerCreate"],
      "a role cannot require that a label is not empty",
    );
    this.note(
      "request_body.container_create.required_labels",
      `to require a value: limits.labels, for ${labels
        .filter((name) => LABEL.test(name))
        .slice(0, 10)
        .join(", ")}`,
    );
    return done.add("required_labels");
  }

  /** Registries are limited for pulls; a role limits what runs too, and then nothing may give an image another name. */
  pulling(pull: Section, permitted: ReadonlySet<string>): ReadonlySet<string> {
    const done = new Set(["allow_all_registries", "allow_official", "allowed_registries", "allow_imports"]);
    const at = "request_body.image_pull";
    if (isSet(pull["allow_imports"])) this.note(`${at}.allow_imports`, "the role pulls, and imports nothing");
    if (pull["allow_all_registries"] === true || !permitted.has("ImageCreate")) return done;
    const registries = textsIn(pull["allowed_registries"]).filter((name) => REGISTRY.test(name));
    const allow = [
      ...(pull["allow_official"] === false ? [] : ["docker.io/library/*"]),
      ...registries.slice(0, 900).map((name) => `${name}/**`),
    ];
    if (!permitted.has("ContainerCreate")) {
      this.close(at, ["ImageCreate"], "a role limits images only where it creates containers");
      return done;
    }
    this.limits["images"] = { allow };
    this.note(at, "the same registries also limit which images may run");
    const evading = ["ImageTag", "ImageBuild", "ImageLoad", "ImageCommit", "Session", "Grpc"];
    const open = evading.filter((name) => permitted.has(name));
    if (open.length > 0) this.close(at, open, "they would bring in images from elsewhere");
    return done;
  }

  /** Checks that are on unless they are turned off. @param ack what the file accepts without a check */
  always(bodies: Section, permitted: ReadonlySet<string>, ack: Acknowledged): void {
    const open = (...names: string[]) => names.filter((name) => permitted.has(name) && !this.shut.has(name));
    const unequal = open("ContainerUpdate", "PutContainerArchive");
    if (unequal.length > 0)
      this.close(unequal.join(", "), unequal, "sockguard and a role check different things of their bodies");
    this.#entering(sectionAt(bodies, "exec"), open("ContainerExec", "ExecStart"), ack);
    const builds = open("ImageBuild");
    if (builds.length > 0 && sectionAt(bodies, "build")["allow_run_instructions"] !== true)
      this.close("request_body.build.allow_run_instructions", builds, "a role cannot refuse RUN");
    if (open("ContainerCreate", "NetworkConnect").length > 0)
      this.note(
        "request_body.container_create, network",
        "the role also permits what gives nothing of the host, such as more groups, names of hosts, safe sysctls, capabilities that Docker gives anyway, and MAC addresses in own networks",
      );
    const tunnels = open("Session", "Grpc");
    if (tunnels.length > 0 && !ack.tunnels)
      this.close("request_body.buildkit", tunnels, "a role checks other things of BuildKit's calls");
  }

  /** Without a list of commands, sockguard refuses them all. */
  #entering(exec: Section, open: readonly string[], { blindWrites }: Acknowledged): void {
    if (open.length === 0) return;
    if (exec["allow_root_user"] !== true)
      this.close(
        "request_body.exec.allow_root_user",
        open,
        "a role cannot refuse root in a container that exists",
      );
    else if (!blindWrites)
      this.close("request_body.exec.allowed_commands", open, "a role cannot limit commands");
  }
}

/** Settings that widen are left out, since the role refuses what they permit; those that narrow shut what they are for. */
function rest(
  reading: Reading,
  name: string,
  section: Section,
  done: ReadonlySet<string>,
  open: readonly string[],
): void {
  for (const [key, value] of Object.entries(section).slice(0, 100)) {
    if (done.has(key) || ALREADY.has(key) || !isSet(value)) continue;
    const about = `request_body.${name}.${quoteForeign(key)}`;
    const widens = /^allow(?:ed)?_/.test(key) && !NARROWING.has(key);
    if (widens) reading.note(about, "the role does not permit it; left out");
    else if (open.length > 0) reading.close(about, open, "the role cannot require it");
  }
}

export function limitsOf(bodies: Section, permitted: ReadonlySet<string>, ack: Acknowledged): Bodies {
  const reading = new Reading();
  const create = sectionAt(bodies, "container_create");
  const done: Readonly<Record<string, ReadonlySet<string>>> = {
    container_create: permitted.has("ContainerCreate")
      ? reading.creating(create)
      : new Set(Object.keys(create)),
    image_pull: reading.pulling(sectionAt(bodies, "image_pull"), permitted),
  };
  for (const name of Object.keys(bodies).slice(0, 100)) {
    const names = SECTIONS.get(name);
    const open = names?.filter((one) => permitted.has(one)) ?? [];
    if (names === undefined) {
      if (!name.startsWith("libpod_"))
        reading.note(`request_body.${quoteForeign(name)}`, "not a section that is known here");
    } else rest(reading, name, sectionAt(bodies, name), done[name] ?? new Set(), open);
  }
  reading.always(bodies, permitted, ack);
  // A limit of containers is refused in a role that creates none.
  const limits = reading.shut.has("ContainerCreate") ? {} : reading.limits;
  if (reading.shut.has("ContainerCreate") && reading.limits["images"] !== undefined)
    reading.shut.add("ImageCreate");
  return { limits, shut: [...reading.shut], notes: reading.notes };
}
