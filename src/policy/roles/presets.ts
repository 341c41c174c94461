/** Tools that usually get Docker's socket, and the role that each needs, according to its sources and documentation. */
import type { RoleName } from "./catalogue.ts";

export interface PresetFacts {
  readonly name: string;
  readonly title: string;
  readonly role: RoleName;
  /** The operations that the tool needs for what it is used for. */
  readonly calls: string;
  /** What the person who adds the client must know. */
  readonly note: string;
}

export const PRESETS = [
  {
    name: "portainer",
    title: "Portainer",
    role: "operator",
    calls:
      "SystemPing SystemInfo SystemVersion SystemEvents ContainerList ContainerInspect ContainerLogs ContainerStats " +
      "ContainerTop ContainerStart ContainerStop ContainerRestart ContainerKill ContainerPause ContainerDelete ContainerExec " +
      "ExecStart ExecResize ImageList ImageInspect ImageCreate ImageDelete VolumeList NetworkList SystemDataUsage",
    note: "it cannot create what a deployer may not, such as stacks with paths of the host or fixed addresses; for these it needs the role admin, which is root on the host",
  },
  {
    name: "traefik",
    title: "Traefik",
    role: "discovery",
    calls: "SystemVersion ContainerList ContainerInspect SystemEvents ServiceList TaskList NetworkList",
    note: "it sees the values of labels of all containers; a password hash in a label is one of them",
  },
  {
    name: "watchtower",
    title: "Watchtower",
    role: "admin",
    calls:
      "ContainerList ContainerInspect ImageInspect ImageCreate ContainerKill ContainerDelete ContainerCreate ContainerStart " +
      "ContainerRename NetworkConnect NetworkDisconnect ImageDelete",
    note: "the role admin is root on the host. Watchtower removes each container and creates it again with all its settings; with less it could remove a container and then not create it",
  },
  {
    name: "uptime-kuma",
    title: "Uptime Kuma",
    role: "viewer",
    calls: "ContainerList ContainerInspect",
    note: "",
  },
  {
    name: "dozzle",
    title: "Dozzle",
    role: "viewer",
    calls: "SystemPing SystemInfo ContainerList ContainerInspect ContainerStats SystemEvents",
    note: "to show logs it needs a role of your own, with --role: a role file that extends viewer and has operations: {allow: [ContainerLogs]}",
  },
  {
    name: "prometheus",
    title: "Prometheus",
    role: "discovery",
    calls: "SystemPing SystemPingHead ContainerList NetworkList NetworkInspect",
    note: "",
  },
  {
    name: "gitlab-runner",
    title: "GitLab Runner with the docker executor",
    role: "deployer",
    calls:
      "SystemPing SystemInfo SystemVersion ImageInspect ImageCreate ContainerCreate ContainerAttach ContainerStart " +
      "ContainerWait ContainerLogs ContainerInspect ContainerDelete VolumeCreate VolumeInspect",
    note: "jobs run without privileged = true and without paths of the host in volumes",
  },
  {
    name: "github-runner",
    title: "GitHub Actions runner",
    role: "deployer",
    calls:
      "SystemPing SystemVersion ImageCreate ContainerCreate ContainerStart ContainerWait ContainerLogs ContainerExec ExecStart " +
      "ContainerDelete",
    note: "steps can use docker run and pull. Jobs with container: or services: mount paths of the runner's own host, and work only with an engine there",
  },
  {
    name: "vscode",
    title: "Visual Studio Code with Container Tools",
    role: "deployer",
    calls:
      "SystemPing SystemInfo SystemVersion ContainerList ContainerInspect ContainerLogs ContainerStart ContainerStop " +
      "ContainerRestart ContainerDelete ContainerExec ExecStart ImageList ImageInspect ImageCreate VolumeList",
    note: 'it shows the client\'s own containers and volumes; a dev container needs "workspaceMount": "" in devcontainer.json, since paths of the host are refused',
  },
  {
    name: "ci",
    title: "A CI job with the docker CLI",
    role: "deployer",
    calls:
      "SystemPing SystemVersion ImageCreate ContainerCreate ContainerAttach ContainerStart ContainerWait ContainerLogs " +
      "ContainerInspect ContainerExec ExecStart ContainerDelete",
    note: "",
  },
] as const satisfies readonly PresetFacts[];

export type PresetName = (typeof PRESETS)[number]["name"];

export const PRESET_NAMES = PRESETS.map(({ name }) => name);

export function presetOf(name: PresetName): PresetFacts {
  const found = PRESETS.find((preset) => preset.name === name);
  if (found === undefined) throw new Error(`there is no preset ${name}`);
  return found;
}
