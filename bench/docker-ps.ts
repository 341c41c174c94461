/**
 * `docker ps` over a line, against docker's own `ssh://` to the same host: the same client, the same engine, the same
 * ssh configuration. Rounds are interleaved. Goal: the line is at least 8 times as fast. `ssh://` is measured with
 * default settings, and also with ControlMaster, which a user may have set up; that has no goal.
 *
 *     node bench/docker-ps.ts [ROUNDS]      root; boots a host
 */
import { bootHost } from "../test/support/host.ts";
import { type Laptop, makeLaptop } from "../test/support/laptop.ts";
import { summarise } from "./median.ts";
import { goal, head, row } from "./report.ts";

const GOAL = 8;
const WARM_UP = 2;
const rounds = Number(process.argv[2] ?? 21);

await using host = await bootHost({ name: "bench" });
await using laptop = await makeLaptop(host.sshConfig);
await using sharing = await makeLaptop(host.sshConfig);
await sharing.configureSsh(
  `ControlMaster auto\nControlPath ${sharing.folder}/%C\nControlPersist ${rounds * 5}`,
);

async function measure(where: Laptop, args: readonly string[]): Promise<number> {
  const start = performance.now();
  const { status, stderr } = await where.docker([...args, "ps"]);
  if (status !== 0) throw new Error(`docker ${args.join(" ")} ps: ${stderr}`);
  return performance.now() - start;
}

const up = await laptop.tetherdock(["up", host.name, "--yes", "--name", "bench"]);
if (up.status !== 0) throw new Error(up.stderr);
const keys = `${laptop.home}/lines/bench/docker`;
const tls = ["ca", "cert", "key"].map(
  (name) => `--tls${name === "ca" ? "cacert" : name}=${keys}/${name}.pem`,
);
const line = ["-H", `tcp://${host.ip}:2376`, "--tlsverify", ...tls];
const ssh = ["-H", `ssh://${host.name}`];

const times = { line: [] as number[], ssh: [] as number[], shared: [] as number[] };
for (let round = -WARM_UP; round < rounds; round++) {
  const took = {
    line: await measure(laptop, line),
    ssh: await measure(laptop, ssh),
    shared: await measure(sharing, ssh),
  };
  if (round < 0) continue;
  times.line.push(took.line);
  times.ssh.push(took.ssh);
  times.shared.push(took.shared);
}
// the master that ControlPersist left in the background
await sharing.run(["ssh", "-O", "exit", host.name]);

const [byLine, bySsh, byShared] = [times.line, times.ssh, times.shared].map(summarise) as [
  ReturnType<typeof summarise>,
  ReturnType<typeof summarise>,
  ReturnType<typeof summarise>,
];
head(`docker ps, ${rounds} rounds, interleaved; a host on this machine, so the network costs nothing`);
row("over the line", byLine);
row("over ssh://", bySsh, `×${(bySsh.median / byLine.median).toFixed(1)}`);
row("over ssh:// with ControlMaster", byShared, `×${(byShared.median / byLine.median).toFixed(1)}`);
goal(`×${GOAL} against ssh://`, bySsh.median / byLine.median >= GOAL);
