/** What an engine answers when everything succeeds: as much as docker clients need to go on. */
import { json } from "../../base/index.ts";
import { findOperation } from "../../engine/index.ts";

export interface EngineAnswer {
  readonly status: number;
  /** Sent as JSON; undefined: nothing. */
  readonly value?: unknown;
}

export const RECORDED_ID = "0".repeat(64);

const container = {
  ...{
    Id: RECORDED_ID,
    Name: "/recorded",
    Image: `sha256:${RECORDED_ID}`,
    Created: "2026-01-01T00:00:00Z",
    Path: "",
    Args: [],
  },
  State: { Status: "running", Running: true, ExitCode: 0, Pid: 1 },
  Config: { Tty: false, Labels: {}, Env: [], Cmd: [], Image: "recorded" },
  ...{ HostConfig: { LogConfig: { Type: "json-file" } }, Mounts: [], NetworkSettings: { Networks: {} } },
};

const version = {
  ...{
    Version: "27.0.0",
    ApiVersion: "1.47",
    MinAPIVersion: "1.24",
    Os: "linux",
    Arch: "amd64",
    KernelVersion: "",
  },
  ...{ GitCommit: "", GoVersion: "", BuildTime: "", Platform: { Name: "" }, Components: [] },
};

/** By the operation's name. */
const ANSWERS: Readonly<Record<string, (body: Readonly<Record<string, unknown>>) => EngineAnswer>> = {
  SystemPing: () => ({ status: 200 }),
  SystemPingHead: () => ({ status: 200 }),
  SystemVersion: () => ({ status: 200, value: version }),
  SystemInfo: () => ({
    status: 200,
    value: { ID: "", ServerVersion: "27.0.0", OSType: "linux", Architecture: "x86_64" },
  }),
  ContainerCreate: () => ({ status: 201, value: { Id: RECORDED_ID, Warnings: [] } }),
  ContainerInspect: () => ({ status: 200, value: container }),
  ContainerWait: () => ({ status: 200, value: { StatusCode: 0 } }),
  ContainerUpdate: () => ({ status: 200, value: { Warnings: [] } }),
  ContainerLogs: () => ({ status: 200 }),
  ContainerExec: () => ({ status: 201, value: { Id: RECORDED_ID } }),
  ExecInspect: () => ({
    status: 200,
    value: { ID: RECORDED_ID, ExitCode: 0, Running: false, ContainerID: RECORDED_ID },
  }),
  ImageCreate: () => ({ status: 200, value: { status: "recorded" } }),
  ImageInspect: () => ({ status: 200, value: { Id: `sha256:${RECORDED_ID}`, RepoTags: [], Config: {} } }),
  ImagePush: () => ({ status: 200, value: { status: "recorded" } }),
  ImageBuild: () => ({ status: 200, value: { stream: "recorded" } }),
  VolumeCreate: ({ Name }) => ({
    status: 201,
    value: { Name, Driver: "local", Mountpoint: "/recorded", Scope: "local" },
  }),
  VolumeInspect: () => ({ status: 200, value: { Name: "recorded", Driver: "local" } }),
  VolumeList: () => ({ status: 200, value: { Volumes: [], Warnings: [] } }),
  NetworkCreate: () => ({ status: 201, value: { Id: RECORDED_ID, Warning: "" } }),
  NetworkInspect: () => ({ status: 200, value: { Name: "recorded", Id: RECORDED_ID, Driver: "bridge" } }),
};

function fieldsOf(body: Buffer): Readonly<Record<string, unknown>> {
  try {
    const value = json.parse(body.toString("utf8"));
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

export function answerTo(method: string, target: string, body: Buffer): EngineAnswer {
  const name = findOperation(method, target)?.operation.name ?? "";
  const known = ANSWERS[name];
  if (known) return known(fieldsOf(body));
  if (method === "GET" && name.endsWith("List")) return { status: 200, value: [] };
  return method === "GET" ? { status: 200, value: {} } : { status: 204 };
}
