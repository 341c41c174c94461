/** What both benchmarks of this folder decide, and how they measure it. */
import { findOperation } from "../../src/engine/index.ts";
import { type Asking, decide, type Role } from "../../src/policy/index.ts";
import { emptyEngine, ME } from "../../test/support/policy/engine.ts";

const ROUNDS = 20;
const PER_ROUND = 2_000;
const WARM_UP = 20_000;

/** Of a create that names no networks and volumes: the engine is asked nothing. */
const asking: Asking = {
  ...{ owner: ME, contentType: ["application/json"], contentEncoding: [], upgrade: "" },
  engine: emptyEngine,
  holds: () => {},
  mayKeep: () => true,
  ifLeft: () => {},
  chance: () => false,
  inTurn: (work) => work(),
};

/** @returns microseconds of processor time that a role takes to decide on a create with this body, one value for each round */
export async function measureCreate(role: Role, body: Buffer): Promise<number[]> {
  const call = findOperation("POST", "/v1.41/containers/create?name=web");
  const decision = decide(role, call);
  if (!call || decision.allow !== null) throw new Error("ContainerCreate is not judged");
  const once = async (): Promise<void> => {
    const verdict = await decision.judge(body, call, asking);
    if (!verdict.allow) throw new Error(verdict.reason);
  };
  for (let index = 0; index < WARM_UP; index++) await once();
  const rounds: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const start = process.cpuUsage();
    for (let index = 0; index < PER_ROUND; index++) await once();
    const { user, system } = process.cpuUsage(start);
    rounds.push((user + system) / PER_ROUND);
  }
  return rounds;
}
