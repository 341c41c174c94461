/**
 * The context of a `docker build` on its way up through the gateway: a deployer's session, which the gateway reads, and an admin's,
 * which it does not; rounds interleaved. What BuildKit says of `transferring context` counts. Goal: at least 0.9 of the admin's
 * throughput.
 *
 *     node bench/build-context.ts [ROUNDS]      root; boots a host of trixie (Engine 26.1); needs npm run build:executable
 */
import { randomBytes } from "node:crypto";
import { mkdir, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { openGatewayLine } from "../test/support/gateway/line-on-host.ts";
import { dockerOf } from "../test/support/host.ts";
import { summarise } from "./median.ts";
import { goal, head, row } from "./report.ts";

const MEGABYTES = 300;
const RELEASE = "trixie";
const WARM_UP = 1;
const rounds = Number(process.argv[2] ?? 9);

await using line = await openGatewayLine("bench", { release: RELEASE });
const { laptop } = line;
const docker = await dockerOf(RELEASE);
const folder = async (name: string) => {
  const path = join(laptop.folder, name);
  await mkdir(path);
  return path;
};

const dora = await folder("dora");
const added =
  await laptop.bash(`cd ${dora} && openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out key.pem &&
openssl pkey -in key.pem -pubout -out pub.pem &&
tetherdock client add dora@desk --role deployer --public-key pub.pem --out .`);
if (added.status !== 0) throw new Error(added.stderr);

const context = await folder("context");
await writeFile(join(context, "data"), randomBytes(MEGABYTES * 1_000_000));
// The file is sent, and not copied into an image.
await writeFile(join(context, "Dockerfile"), "FROM tiny\nRUN --mount=target=/context true\n");

const WAYS = { admin: line.certPath, deployer: dora } as const;
type Way = keyof typeof WAYS;

/** @returns ms */
async function measure(way: Way): Promise<number> {
  // What has not changed since this client's last build is not sent.
  const now = new Date();
  await utimes(join(context, "data"), now, now);
  const env = { ...line.env, DOCKER_CERT_PATH: WAYS[way] };
  const { status, stderr } = await laptop.bash(`${docker} build --progress plain ${context}`, { env });
  const [, megabytes, seconds] = /transferring context: ([\d.]+)MB ([\d.]+)s done/.exec(stderr) ?? [];
  if (status !== 0 || Number(megabytes) < MEGABYTES) throw new Error(stderr);
  return 1000 * Number(seconds);
}

const took: Record<Way, number[]> = { admin: [], deployer: [] };
for (let round = -WARM_UP; round < rounds; round += 1)
  for (const way of Object.keys(WAYS) as Way[]) {
    const ms = await measure(way);
    if (round >= 0) took[way].push(ms);
  }
const [admin, deployer] = [summarise(took.admin), summarise(took.deployer)];
const ratio = admin.median / deployer.median;
head(`a build context of ${MEGABYTES} MB up through the gateway, ${rounds} rounds, interleaved`);
row("an admin's", admin);
row("a deployer's", deployer, `×${ratio.toFixed(2)} of the throughput`);
goal("at least 0.9 of the admin's throughput", ratio >= 0.9);
