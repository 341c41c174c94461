/**
 * The cost of filtering an answer for a viewer: processor time for an answer, compared with reading and writing the
 * same JSON unchanged. `node bench/viewer.ts`.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { rewriteJson } from "../src/gateway/rewrite/rewrite-json.ts";
import { answers } from "../src/policy/answers/index.ts";
import { summarise } from "./median.ts";
import { head } from "./report.ts";

const ROUNDS = 7;
const BYTES_A_ROUND = 4_000_000;

const golden = join(import.meta.dirname, "../test/golden/policy/answers.json");
const real = JSON.parse(readFileSync(golden, "utf8"));
const { Id, Image, Mounts, NetworkSettings } = real.container;
const summary = {
  ...{ Id, Names: ["/web"], Image: "cap:1", ImageID: Image, Command: "sleep 1000", Created: 1_732_400_000 },
  Ports: [{ IP: "0.0.0.0", PrivatePort: 80, PublicPort: 8080, Type: "tcp" }],
  Labels: { "com.docker.compose.project": "shop", "com.docker.compose.service": "web", team: "platform" },
  ...{ State: "running", Status: "Up 2 hours", HostConfig: { NetworkMode: "shop" }, Mounts },
  NetworkSettings: { Networks: NetworkSettings.Networks },
};

const CASES: readonly (readonly [string, string, unknown])[] = [
  ["inspect of a container", "ContainerInspect", real.container],
  ["list of 10 containers", "ContainerList", Array(10).fill(summary)],
  ["list of 300 containers", "ContainerList", Array(300).fill(summary)],
  ["list of services", "ServiceList", real.services],
  ["list of 50 tasks", "TaskList", Array(25).fill(real.tasks).flat()],
];

/** Microseconds of processor time. */
function cost(work: () => unknown, count: number): number {
  const before = process.cpuUsage();
  for (let left = count; left > 0; left--) work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / count;
}

head(`what a viewer is shown, ${ROUNDS} rounds`);
for (const [name, operation, value] of CASES) {
  const text = JSON.stringify(value);
  const show = answers.get(operation)?.mark.show ?? ((whole: unknown) => whole);
  const count = Math.ceil(BYTES_A_ROUND / text.length);
  const [whole, part]: [number[], number[]] = [[], []];
  for (let round = 0; round <= ROUNDS; round++) {
    whole.push(cost(() => rewriteJson(text, (same) => same), count));
    part.push(cost(() => rewriteJson(text, show), count));
  }
  // the first round is still being compiled
  const [plain, shown] = [whole, part].map((values) => summarise(values.slice(1)).median);
  console.log(
    `${name.padEnd(24)}${String(text.length).padStart(8)} bytes ${shown?.toFixed(1).padStart(8)} µs, read and written alone ${plain?.toFixed(1)} µs`,
  );
}
