/** The names whose values a viewer sees, written by hand: a new name has to be added here too, after some thought. */
import { describe, expect, test } from "vitest";
import type { Mark } from "./mark.ts";
import { event, systemInfo } from "./system.ts";
import { labels, networkOptions, securityOptions } from "./texts.ts";

const LABELS = `
  com.docker.compose.config-hash com.docker.compose.container-number com.docker.compose.depends_on
  com.docker.compose.image com.docker.compose.image.builder com.docker.compose.network com.docker.compose.oneoff
  com.docker.compose.project com.docker.compose.project.config_files com.docker.compose.project.environment_file
  com.docker.compose.project.working_dir com.docker.compose.replace com.docker.compose.service
  com.docker.compose.slug com.docker.compose.version com.docker.compose.volume
  com.docker.stack.namespace com.docker.stack.image
  com.docker.swarm.node.id com.docker.swarm.service.id com.docker.swarm.service.name com.docker.swarm.task
  com.docker.swarm.task.id com.docker.swarm.task.name
  org.opencontainers.image.created org.opencontainers.image.licenses org.opencontainers.image.ref.name
  org.opencontainers.image.revision org.opencontainers.image.title org.opencontainers.image.vendor
  org.opencontainers.image.version`;

const NETWORK_OPTIONS = `
  com.docker.network.bridge.name com.docker.network.bridge.enable_icc
  com.docker.network.bridge.enable_ip_masquerade com.docker.network.bridge.host_binding_ipv4
  com.docker.network.bridge.default_bridge com.docker.network.bridge.gateway_mode_ipv4
  com.docker.network.bridge.gateway_mode_ipv6 com.docker.network.bridge.inhibit_ipv4
  com.docker.network.bridge.trusted_host_interfaces
  com.docker.network.driver.mtu com.docker.network.container_iface_prefix com.docker.network.host_ipv4
  com.docker.network.host_ipv6 com.docker.network.enable_ipv4 com.docker.network.enable_ipv6
  com.docker.network.internal com.docker.network.endpoint.sysctls com.docker.network.endpoint.ifname
  com.docker.network.driver.overlay.vxlanid_list
  parent macvlan_mode ipvlan_mode ipvlan_flag encrypted`;

const ATTRIBUTES = `
  name image imageID exitCode signal execID execDuration container type driver destination propagation oldName
  read/write replicas.old replicas.new updatestate.old updatestate.new image.old image.new state.old state.new
  availability.old availability.new role.old role.new leader.old leader.new reachability.old reachability.new
  size reclaimed desired.old desired.new`;

const words = (text: string): string[] => text.trim().split(/\s+/);
/** Names that a user may have chosen. */
const STRANGE = [
  "",
  "password",
  "com.docker",
  "com.docker.compose",
  "com.docker.compose.",
  "org.example.name",
];

const through =
  (mark: Mark) =>
  (names: readonly string[]): string[] => {
    const shown = mark.show(Object.fromEntries(names.map((name) => [name, "value"])));
    return Object.entries(shown as object).flatMap(([name, value]) => (value === "value" ? [name] : []));
  };
const attributes: Mark = {
  ...event,
  show: (value) =>
    (event.show({ Actor: { Attributes: value } }) as { Actor: { Attributes: object } }).Actor.Attributes,
};

test.each([
  ["labels", labels, words(LABELS)],
  ["options of networks", networkOptions, words(NETWORK_OPTIONS)],
  ["attributes of events", attributes, [...words(ATTRIBUTES), ...words(LABELS)]],
] as const)("%s: only the values of these names are shown", (_what, mark, names) => {
  expect(through(mark)([...names, ...STRANGE])).toEqual(names);
});

test("a storage driver's status: only values that Docker's own drivers report are shown", () => {
  const known = [
    ...["Backing Filesystem", "Supports d_type", "Using metacopy", "Native Overlay Diff", "userxattr"],
    ...["driver-type", "Dirs", "Dirperm1 Supported", "Root Dir", "Pool Name", "Library Version"],
  ];
  const status = [...known, "token"].map((name) => [name, "value"]);
  const odd = [["one"], ["a", "b", "c"], [7, "x"], "text"];
  const typed = [
    ["Dirs", { a: "secret" }],
    ["Dirs", 7],
  ];
  expect(systemInfo.show({ DriverStatus: [...status, ...odd, ...typed] })).toEqual({
    DriverStatus: [...known.map((name) => [name, "value"]), ["token", "***"], ["Dirs", {}], ["Dirs", 0]],
  });
});

test("a firewall's and NRI's status: only the time of the last reload is shown", () => {
  const pairs = [
    ["ReloadedAt", "value"],
    ["token", "value"],
  ];
  const shown = systemInfo.show({
    FirewallBackend: { Info: pairs },
    NRI: { Info: pairs },
    SystemStatus: pairs,
  });
  const blank = pairs.map(([name]) => [name, "***"]);
  expect(shown).toEqual({
    FirewallBackend: {
      Info: [
        ["ReloadedAt", "value"],
        ["token", "***"],
      ],
    },
    NRI: { Info: blank },
    SystemStatus: blank,
  });
});

describe("security options", () => {
  test.each([
    ...["no-new-privileges", "no-new-privileges=true", "no-new-privileges:false"],
    ...["label=type:container_t", "label:disable", "apparmor=docker-default", "apparmor:unconfined"],
    ...["seccomp=unconfined", "seccomp:builtin", "systempaths=unconfined"],
    ...["writable-cgroups=true", "writable-cgroups:false"],
  ])("%s is shown", (option) => {
    expect(securityOptions.show([option])).toEqual([option]);
  });

  test.each([
    ["no-new-privileges=truely", "no-new-privileges=***"],
    ["no-new-privileges=", "no-new-privileges=***"],
    ["x-no-new-privileges=true", "x-no-new-privileges=***"],
    ["label=", "label=***"],
    ["label=a b", "label=***"],
    ["xlabel=a", "xlabel=***"],
    ["apparmor={}", "apparmor=***"],
    ["seccomp=unconfined2", "seccomp=***"],
    ["seccomp=other", "seccomp=***"],
    ["xseccomp=builtin", "xseccomp=***"],
    ["systempaths=other", "systempaths=***"],
    ["writable-cgroups=maybe", "writable-cgroups=***"],
    ["credentialspec:file://x", "credentialspec=***"],
  ])("%s is shown as %s", (option, shown) => {
    expect(securityOptions.show([option])).toEqual([shown]);
  });
});
