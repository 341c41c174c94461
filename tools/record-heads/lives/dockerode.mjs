/** Typical use of dockerode. */
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { Readable } from "node:stream";

const Docker = createRequire(import.meta.url)("dockerode");
const docker = new Docker();
const drain = async (stream, ms = 1500) => {
  stream.resume();
  await Promise.race([
    new Promise((ended) => stream.once("end", ended)),
    new Promise((over) => setTimeout(over, ms)),
  ]);
  stream.destroy?.();
};
const web = () => docker.getContainer("rode");
const calls = [
  () => docker.ping(),
  () => docker.version(),
  () => docker.info(),
  () => docker.df(),
  () => docker.listImages({ filters: { dangling: ["false"] } }),
  () => docker.listContainers({ all: true, filters: { label: ["a=b", "ü ;+&"] } }),
  () => docker.run("tiny", ["echo", "hello"], process.stdout, { HostConfig: { AutoRemove: true } }),
  () => docker.createContainer({ name: "rode", Image: "tiny", Cmd: ["sleep", "600"], OpenStdin: true }),
  () => web().start(),
  () => web().inspect({ size: true }),
  async () => drain(await web().logs({ follow: true, stdout: true, stderr: true, tail: 5 })),
  () => web().logs({ stdout: true, since: 1764166000 }),
  async () => drain(await web().stats({ stream: true })),
  async () => drain(await web().attach({ stream: true, stdin: true, stdout: true, hijack: true })),
  async () => drain(await web().attach({ stream: true, stdout: true })),
  async () =>
    drain(
      await (await web().exec({ Cmd: ["cat"], AttachStdin: true, AttachStdout: true })).start({
        hijack: true,
        stdin: true,
      }),
    ),
  async () =>
    drain(await (await web().exec({ Cmd: ["true"], AttachStdout: true, Tty: true })).start({ Tty: true })),
  async () => (await web().exec({ Cmd: ["true"], AttachStdout: true })).inspect(),
  () => web().top({ ps_args: "aux" }),
  () => web().changes(),
  () => web().resize({ h: 20, w: 80 }),
  () => web().update({ Memory: 64 << 20 }),
  async () => drain(await web().getArchive({ path: "/etc" })),
  () => web().infoArchive({ path: "/etc" }),
  () => web().putArchive(Readable.from([Buffer.alloc(1024)]), { path: "/tmp" }),
  () => web().putArchive(Buffer.alloc(1024), { path: "/tmp" }),
  async () => drain(await web().export()),
  () => web().commit({ repo: "rode", tag: "one" }),
  () => web().pause(),
  () => web().unpause(),
  () => web().rename({ name: "rode2" }),
  () => docker.getContainer("rode2").kill({ signal: "KILL" }),
  () => docker.getContainer("rode2").wait(),
  () => docker.getContainer("rode2").restart({ t: 0 }),
  () => docker.getContainer("rode2").stop({ t: 0 }),
  async () =>
    drain(
      await docker.buildImage(
        { context: ".", src: ["Rodefile"] },
        { t: "rodebuilt", dockerfile: "Rodefile", buildargs: { A: "b c" } },
      ),
    ),
  async () =>
    drain(await docker.pull("localhost:5000/none:one", { authconfig: { username: "a", password: "b" } })),
  async () => drain(await docker.getImage("rode:one").push({ authconfig: { username: "a" } })),
  () => docker.getImage("rode:one").tag({ repo: "localhost:5000/rode", tag: "x" }),
  () => docker.getImage("rode:one").history(),
  () => docker.getImage("localhost:5000/rode:x").inspect(),
  async () => {
    const parts = [];
    for await (const part of await docker.getImage("tiny").get()) parts.push(part);
    writeFileSync("rode.tar", Buffer.concat(parts));
  },
  async () => drain(await docker.loadImage("rode.tar")),
  async () => drain(await docker.loadImage(Readable.from([readFileSync("rode.tar")]))),
  async () => drain(await docker.importImage(Readable.from([Buffer.alloc(10240)]), { repo: "rodeimported" })),
  () => docker.searchImages({ term: "x" }),
  () => docker.checkAuth({ username: "a", password: "b", serveraddress: "localhost:5000" }),
  async () => drain(await docker.getEvents({ since: 1764166000, filters: { type: ["container"] } })),
  () => docker.createNetwork({ Name: "rodenet" }),
  () => docker.listNetworks({ filters: { name: ["rodenet"] } }),
  () => docker.getNetwork("rodenet").connect({ Container: "rode2" }),
  () => docker.getNetwork("rodenet").disconnect({ Container: "rode2", Force: true }),
  () => docker.getNetwork("rodenet").remove(),
  () => docker.createVolume({ Name: "rodevol" }),
  () => docker.listVolumes(),
  () => docker.getVolume("rodevol").inspect(),
  () => docker.getVolume("rodevol").remove({ force: true }),
  () => docker.listPlugins(),
  () => docker.listServices(),
  () => docker.listNodes(),
  () => docker.listTasks(),
  () => docker.listSecrets(),
  () => docker.listConfigs(),
  () => docker.swarmInspect(),
  () => docker.getContainer("rode2").remove({ force: true, v: true }),
  () => docker.getImage("rode:one").remove({ force: true }),
  () => docker.pruneContainers({ filters: { until: ["1h"] } }),
  () => docker.pruneImages(),
  () => docker.pruneNetworks(),
  () => docker.pruneVolumes(),
  () => docker.pruneBuilder(),
];
writeFileSync("Rodefile", "FROM tiny\nARG A\n");
for (const [number, call] of calls.entries())
  await call().catch((error) => console.error(`call ${number}: ${error.message}`)); // only the requests matter here
process.exit();
