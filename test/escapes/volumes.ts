/** By volumes: another client's by name, paths of the host through a driver's options, forged labels, wider filters. */
import { call, create, filters, hidden, sparing } from "./attempts.ts";
import { type Escape, HOST_VOLUME, VICTIM_SECRET } from "./escape.ts";

const TAKEN = "volumeName";
const GONE = "No such volume";
const VOLUME = "/volumes/create";
const OWNER = "io.tetherdock.owner";

const reads = (name: string, HostConfig: object, check = TAKEN): Escape =>
  create(name, { Image: "tiny", Cmd: ["cat", "/data/secret"], HostConfig }, check, { prints: VICTIM_SECRET });

const mount = { Type: "volume", Source: "{volume}", Target: "/data" };

const makes = (name: string, body: object | string, check: string, answers = ""): Escape =>
  call(`a new volume: ${name}`, `POST ${VOLUME}`, check, { body }, answers);

/** With options of the driver `local`, which the engine keeps and mounts by. */
const withOptions = (name: string, DriverOpts: object): Escape =>
  makes(name, { Name: `${name.replace(/\W/g, "")}{n}`, DriverOpts }, "volumeDriver", "Options");

export const volumes: readonly Escape[] = [
  reads("another's volume", { Binds: ["{volume}:/data"] }),
  reads("another's volume, read-only", { Binds: ["{volume}:/data:ro"] }),
  reads("another's volume as a mount", { Mounts: [mount] }),
  reads("another's volume as a mount with options", {
    Mounts: [{ ...mount, VolumeOptions: { NoCopy: true } }],
  }),
  reads("another's volume behind one's own", { Binds: ["own{n}:/own", "{volume}:/data"] }),
  reads("another's volume, names in other cases", { BINDS: ["{volume}:/data"] }),
  create(
    "a volume of another's label in a mount",
    {
      Image: "tiny",
      HostConfig: {
        Mounts: [{ ...mount, Source: "forged{n}", VolumeOptions: { Labels: { [OWNER]: "{owner}" } } }],
      },
    },
    "ownerLabel",
    {},
  ),
  create(
    "a volume over /proc",
    { Image: "tiny", HostConfig: { Binds: ["over{n}:/proc/x"] } },
    "hostPathVolumes",
    {},
  ),
  create(
    "more volumes than the gateway asks for",
    { Image: "tiny", HostConfig: { Binds: Array.from({ length: 40 }, (_, at) => `many${at}:/m${at}`) } },
    TAKEN,
    {},
  ),

  withOptions("of type none that binds", { type: "none", o: "bind", device: "/" }),
  withOptions("of type bind", { type: "bind", o: "bind", device: "/etc" }),
  withOptions("of a device", { type: "ext4", device: "/dev/sda1" }),
  withOptions("by nfs", { type: "nfs", o: "addr=127.0.0.1", device: ":/" }),
  withOptions("by cifs", { type: "cifs", o: "addr=127.0.0.1,username=x", device: "//127.0.0.1/x" }),
  withOptions("of an overlay", {
    type: "overlay",
    o: "lowerdir=/,upperdir=/tmp,workdir=/tmp",
    device: "overlay",
  }),
  makes(
    "options in another case",
    '{"name":"othercase{n}","driveropts":{"type":"none","o":"bind","device":"/"}}',
    "volumeDriver",
    "device",
  ),
  makes(
    "options twice",
    '{"Name":"twice{n}","DriverOpts":{},"driverOpts":{"type":"none","o":"bind","device":"/"}}',
    "twice",
    "device",
  ),
  makes("of another's name", { Name: "{volume}" }, TAKEN, "{owner}"),
  makes("of an admin's name", { Name: HOST_VOLUME }, TAKEN, "/root"),
  makes(
    "with another's label",
    { Name: "label{n}", Labels: { [OWNER]: "{owner}" } },
    "ownerLabel",
    "{owner}",
  ),
  makes(
    "with another's label, labels twice",
    `{"Name":"labels{n}","Labels":{},"labels":{"${OWNER}":"{owner}"}}`,
    "twice",
    "{owner}",
  ),
  makes("with a name like an id", { Name: "{otherId}" }, "name"),

  call("another's volume: inspect", "GET /volumes/{volume}", GONE, {}, "{owner}"),
  call("another's volume: remove", "DELETE /volumes/{spare}", GONE, { spoils: "spare" }),
  call("another's volume: remove by force", "DELETE /v1.41/volumes/{spare}?force=1", GONE, {
    spoils: "spare",
  }),
  hidden("volumes", "/volumes", "{volume}"),
  hidden("an admin's volume", "/volumes", HOST_VOLUME),
  hidden(
    "volumes by another's label",
    `/volumes?filters=${filters({ label: [`${OWNER}={owner}`] })}`,
    "{volume}",
  ),
  hidden("volumes by name", `/volumes?filters=${filters({ name: ["{volume}"] })}`, "{volume}"),
  hidden(
    "volumes by a label that is not required",
    `/volumes?filters=${filters({ label: { [`${OWNER}={owner}`]: false } })}`,
    "{volume}",
  ),
  ...["/v1.41/volumes/prune", `/v1.41/volumes/prune?filters=${filters({ label: [`${OWNER}={owner}`] })}`].map(
    (target) => sparing(target, "/volumes/{spare}"),
  ),
  sparing(`/v1.41/volumes/prune?filters=${filters({ "label!": ["none"] })}`, "/volumes/{spare}"),

  // somebody else's volume has taken the name between the look and the create: root makes such a container here
  call("a container whose volume is another's: start", "POST /containers/{raced}/start", "owner"),
  call("a container whose volume is another's: restart", "POST /containers/{raced}/restart?t=0", "owner"),
  create(
    "a bind of / behind a volume",
    { Image: "tiny", HostConfig: { Binds: ["own{n}:/own", "/:/host"] } },
    "hostPathVolumes",
    { shows: { HostConfig: { Binds: ["own{n}:/own", "/:/host"] } } },
  ),
];
