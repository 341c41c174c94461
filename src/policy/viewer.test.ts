/** Who may call each operation, written by hand: a new operation has to be added here too, after some thought. */
import { describe, expect, test } from "vitest";
import { operations } from "../engine/index.ts";
import { compileRole, type Decision, decide, type Role } from "./index.ts";

type Verdict = "shown" | "part" | "logs" | "hidden" | "writes";

const EXPECTED: Record<Verdict, string> = {
  shown: "SystemPing SystemPingHead",
  part: `
    SystemVersion SystemEvents ContainerList ContainerStats ExecInspect ImageList NodeList NodeInspect
    SystemInfo SystemDataUsage ContainerInspect ImageInspect VolumeList VolumeInspect NetworkList NetworkInspect
    ServiceList ServiceInspect TaskList TaskInspect`,
  logs: "ContainerLogs ServiceLogs TaskLogs",
  hidden: `
    ContainerExport ContainerArchive ContainerArchiveInfo ContainerChanges ContainerTop ContainerWait CheckpointList
    ImageGet ImageGetAll ImageHistory ImageAttestations ImageSearch DistributionInspect
    GetPluginPrivileges PluginList PluginInspect
    SwarmInspect SwarmUnlockkey SecretList SecretInspect ConfigList ConfigInspect`,
  writes: `
    ContainerCreate ContainerResize ContainerStart ContainerStop ContainerRestart ContainerKill ContainerUpdate
    ContainerRename ContainerPause ContainerUnpause ContainerAttach ContainerAttachWebsocket ContainerDelete
    PutContainerArchive ContainerPrune ContainerExec ExecStart ExecResize CheckpointCreate CheckpointDelete
    ImageCreate ImagePush ImageTag ImageDelete ImagePrune ImageLoad ImageBuild BuildPrune BuildCancel ImageCommit
    VolumeCreate VolumeUpdate VolumeDelete VolumePrune
    NetworkDelete NetworkCreate NetworkConnect NetworkDisconnect NetworkPrune
    SystemAuth Session Grpc
    PluginPull PluginDelete PluginEnable PluginDisable PluginUpgrade PluginCreate PluginPush PluginSet
    SwarmInit SwarmJoin SwarmLeave SwarmUpdate SwarmUnlock NodeDelete NodeUpdate
    ServiceCreate ServiceDelete ServiceUpdate SecretCreate SecretDelete SecretUpdate
    ConfigCreate ConfigDelete ConfigUpdate`,
};

const expected = new Map(
  Object.entries(EXPECTED).flatMap(([verdict, names]) =>
    names
      .trim()
      .split(/\s+/)
      .map((name) => [name, verdict as Verdict] as const),
  ),
);

/** What each verdict means for each role: the rule, and whether only a part of the answer is shown; or the rule of the refusal. */
const MEANING: Record<Verdict, Record<"viewer" | "reader", string>> = {
  shown: { viewer: "viewer-read", reader: "viewer-read" },
  part: { viewer: "viewer-read, in part", reader: "viewer-read, in part" },
  logs: { viewer: "no: viewer-no-logs", reader: "viewer-logs" },
  hidden: { viewer: "no: viewer-hidden", reader: "no: viewer-hidden" },
  writes: { viewer: "no: viewer-no-write", reader: "no: viewer-no-write" },
};

const admin = compileRole({ name: "admin", options: {} });
const viewer = compileRole({ name: "viewer", options: { logs: false } });
const reader = compileRole({ name: "viewer", options: { logs: true } });

function inWords(decision: Decision): string {
  if (decision.allow === null) return "by its body";
  if (!decision.allow) return `no: ${decision.rule}`;
  return decision.answer ? `${decision.rule}, in part` : decision.rule;
}

describe("decide(), operation by operation", () => {
  test("has a verdict for each operation, and for no other", () => {
    expect([...expected.keys()].toSorted()).toEqual(operations.map(({ name }) => name).toSorted());
  });

  test.for(operations.map((operation) => [operation.name, operation] as const))("%s", ([name, operation]) => {
    const says = (role: Role) => inWords(decide(role, { operation, version: null, params: {}, query: "" }));
    const verdict = expected.get(name);
    expect(says(admin)).toBe("admin");
    expect(verdict && { viewer: says(viewer), reader: says(reader) }).toEqual(verdict && MEANING[verdict]);
  });
});
