/** What a role file with 500 rules costs per decision, compared with one of 5: `node bench/policy/role-file.ts`. */
import { json } from "../../src/base/index.ts";
import { findOperation, operations } from "../../src/engine/index.ts";
import { type Asking, decide, type OwnRole, readOwnRole } from "../../src/policy/index.ts";

const ROUNDS = 20;
const PER_ROUND = 2_000;

/** @param rules how many names of operations and repositories it has, of which the last allows the image */
function roleOf(rules: number): OwnRole {
  const names = operations
    .map(({ name }) => name)
    .filter((name) => name !== "ContainerCreate" && name.startsWith("Image"));
  const half = Math.floor(rules / 2);
  const deny = Array.from({ length: half }, (_, index) => names[index % names.length]);
  const allow = Array.from(
    { length: rules - half - 1 },
    (_, at) => `ghcr.io/team-${at}/${at % 2 === 0 ? "*" : "web"}`,
  );
  const source = { version: 1, name: "web-team", extends: "deployer", operations: { deny } };
  const read = json.read(
    JSON.stringify({ ...source, limits: { images: { allow: [...allow, "ghcr.io/last/*"] } } }),
    readOwnRole,
  );
  if ("problems" in read) throw new Error(read.problems.join("\n"));
  return read.value;
}

const call = findOperation("POST", "/v1.41/containers/create?name=web");
if (!call) throw new Error("ContainerCreate is not known");
const Env = Array.from({ length: 60 }, (_, index) => `SOME_VARIABLE_${index}=a value of the usual length`);
const body = Buffer.from(
  JSON.stringify({ Image: "ghcr.io/last/web:1", Env, HostConfig: { Memory: 1, Binds: null, Devices: [] } }),
);
const asking = {
  ...{
    owner: "a".repeat(64),
    contentType: ["application/json"],
    contentEncoding: [],
    upgrade: "",
    engine: {},
  },
} as unknown as Asking;

/** @returns microseconds of processor time for each decision, the median */
async function measure({ role }: OwnRole): Promise<number> {
  const once = async () => {
    const decision = decide(role, call);
    if (decision.allow !== null || !call) throw new Error("ContainerCreate is not judged");
    const verdict = await decision.judge(body, call, asking);
    if (!verdict.allow) throw new Error(verdict.reason);
  };
  for (let index = 0; index < 10_000; index++) await once();
  const rounds: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const start = process.cpuUsage();
    for (let index = 0; index < PER_ROUND; index++) await once();
    const { user, system } = process.cpuUsage(start);
    rounds.push((user + system) / PER_ROUND);
  }
  return rounds.toSorted((one, other) => one - other)[ROUNDS / 2] ?? 0;
}

const [few, many] = [await measure(roleOf(5)), await measure(roleOf(500))];
console.log(`5 rules: ${few.toFixed(1)} µs, 500 rules: ${many.toFixed(1)} µs, ×${(many / few).toFixed(2)}`);
