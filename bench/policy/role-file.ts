/** What a role file with 500 rules costs per decision, compared with one of 5: `node bench/policy/role-file.ts`. */
import { json } from "../../src/base/index.ts";
import { operations } from "../../src/engine/index.ts";
import { type OwnRole, readOwnRole } from "../../src/policy/index.ts";
import { summarise } from "../median.ts";
import { measureCreate } from "./measure.ts";

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

const Env = Array.from({ length: 60 }, (_, index) => `SOME_VARIABLE_${index}=a value of the usual length`);
const body = Buffer.from(
  JSON.stringify({ Image: "ghcr.io/last/web:1", Env, HostConfig: { Memory: 1, Binds: null, Devices: [] } }),
);
/** @returns microseconds of processor time for each decision, the median */
async function measure({ role }: OwnRole): Promise<number> {
  return summarise(await measureCreate(role, body)).median;
}

const [few, many] = [await measure(roleOf(5)), await measure(roleOf(500))];
console.log(`5 rules: ${few.toFixed(1)} µs, 500 rules: ${many.toFixed(1)} µs, ×${(many / few).toFixed(2)}`);
