/** What an engine answers when everything succeeds: as much as docker clients need to go on. */
import { json } from "../../base/index.ts";
import { findOperation } from "../../engine/index.ts";

type Body = Readonly<Record<string, unknown>>;

export interface EngineAnswer {
  readonly status: number;
  /** Sent as JSON; undefined: nothing. */
  readonly value?: unknown;
}

const RECORDED_ID = "0".repeat(64);

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
const ANSWERS: Readonly<Record<string, (body: Body) => EngineAnswer>> = {
  SystemPing: () => ({ status: 200 }),
  SystemPingHead: () => ({ status: 200 }),
  SystemVersion: () => ({ status: 200, value: version }),
  SystemInfo: () => ({
    status: 200,
    value: { ID: "", ServerVersion: "27.0.0", OSType: "linux", Architecture: "x86_64" },
  }),
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

function fieldsOf(body: Buffer): Body {
  try {
    const value = json.parse(body.toString("utf8"));
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function answerTo(method: string, name: string, body: Body): EngineAnswer {
  const known = ANSWERS[name];
  if (known) return known(body);
  if (method === "GET" && name.endsWith("List")) return { status: 200, value: [] };
  return method === "GET" ? { status: 200, value: {} } : { status: 204 };
}

interface Created {
  readonly id: string;
  readonly name: string;
  readonly image: unknown;
  readonly labels: unknown;
  state: "created" | "running";
}

/** More are answered as if they were one. */
const MOST_CREATED = 100;

/** The answers to one command. compose looks for what it has just created before it goes on. */
export class EngineAnswers {
  readonly #containers: Created[] = [];
  readonly #volumes = new Set<string>();

  /** @param userAgent compose creates no volume that it finds; for the docker CLI, everything exists */
  answerTo(method: string, target: string, bytes: Buffer, userAgent: string): EngineAnswer {
    const call = findOperation(method, target);
    const name = call?.operation.name ?? "";
    const body = fieldsOf(bytes);
    const asked = call?.params["id"] ?? call?.params["name"] ?? "";
    if (name === "ContainerCreate") return this.#create(call?.query ?? "", body);
    if (name === "ContainerList") return { status: 200, value: this.#containers.map(listed) };
    if (name === "VolumeCreate" && this.#volumes.size < MOST_CREATED) this.#volumes.add(String(body["Name"]));
    if (name === "VolumeInspect" && /compose\//.test(userAgent) && !this.#volumes.has(asked))
      return { status: 404, value: { message: `no such volume: ${asked}` } };
    const created = this.#containers.find((one) => one.id === asked || one.name === asked);
    if (created === undefined) return answerTo(method, name, body);
    if (name === "ContainerStart") created.state = "running";
    if (name === "ContainerInspect") return { status: 200, value: inspected(created) };
    return answerTo(method, name, body);
  }

  #create(query: string, { Image, Labels }: Body): EngineAnswer {
    const number = this.#containers.length + 1;
    if (number > MOST_CREATED) return { status: 201, value: { Id: RECORDED_ID, Warnings: [] } };
    const id = number.toString(16).padStart(64, "0");
    const name = new URLSearchParams(query).get("name") ?? `recorded_${number}`;
    this.#containers.push({ id, name, image: Image, labels: Labels ?? {}, state: "created" });
    return { status: 201, value: { Id: id, Warnings: [] } };
  }
}

const listed = ({ id, name, image, labels, state }: Created) => ({
  ...{ Id: id, Names: [`/${name}`], Image: image, ImageID: container.Image, Labels: labels, State: state },
  ...{ Status: state, Created: 0, Command: "", Ports: [], Mounts: [], NetworkSettings: { Networks: {} } },
});

const inspected = ({ id, name, image, labels, state }: Created) => ({
  ...{ ...container, Id: id, Name: `/${name}` },
  State: { ...container.State, Status: state, Running: state === "running" },
  Config: { ...container.Config, Labels: labels, Image: image },
});
