/**
 * What a long client list costs a gateway: 10,000 clients against 10, in rounds of both, in the same run. Start: from the
 * process to `ready`. Look-up: a new connection with its first answered request. Revocation: from the call to its answer, when
 * the list is on disk and the client's open connection is closed. Goal: each at most 1.2 times as long.
 *
 *     node bench/clients.ts [ROUNDS]
 */
import { randomBytes } from "node:crypto";
import { call } from "../test/gateway/support/call.ts";
import { answer, ask } from "../test/gateway/support/fake-docker.ts";
import { type RunningProcess, runProcess } from "../test/gateway/support/run-process.ts";
import { Stage } from "../test/gateway/support/stage.ts";
import { summarise } from "./median.ts";
import { goal, head, row } from "./report.ts";

const GOAL = 1.2;
const rounds = Number(process.argv[2] ?? 15);
const SIZES = [10, 10_000] as const;

const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const start = performance.now();
  await work();
  return performance.now() - start;
};

class Sample {
  readonly stage: Stage;
  readonly times = { start: [] as number[], lookup: [] as number[], revocation: [] as number[] };

  constructor(stage: Stage) {
    this.stage = stage;
  }

  static async make(count: number): Promise<Sample> {
    const stage = await Stage.make({ run: (file) => runProcess(file) });
    const more = Array.from({ length: count - stage.list.length }, (_, at) => ({
      ...{ name: `client-${at}@machine`, fingerprint: randomBytes(32).toString("hex") },
      ...({ role: "viewer", state: "active", expires: "2027-11-01T08:00:00.000Z" } as const),
    }));
    await stage.write("clients.json", JSON.stringify({ version: 1, clients: [...stage.list, ...more] }));
    return new Sample(stage);
  }

  async round(): Promise<void> {
    const { stage, times } = this;
    const running = stage.gateway as RunningProcess;
    running.child.kill("SIGTERM");
    await running.over;
    times.start.push(await timed(() => stage.start()));
    for (let count = 0; count < 5; count += 1) times.lookup.push(await timed(() => this.#ping()));
    const anna = await stage.connect();
    const vera = await stage.connect("vera");
    times.revocation.push(
      await timed(() => Promise.all([call(anna, "POST", "clients/vera/revoke"), vera.over])),
    );
    await call(anna, "POST", "clients/vera/restore");
    anna.destroy();
  }

  async #ping(): Promise<void> {
    const { client, docker } = await this.stage.asked(ask("/_ping"));
    docker.send(answer(200, "OK"));
    await client.sees("OK");
    client.destroy();
  }
}

const [few, many] = [await Sample.make(SIZES[0]), await Sample.make(SIZES[1])];
try {
  await few.round();
  await many.round();
  for (const { times } of [few, many]) for (const list of Object.values(times)) list.length = 0;
  for (let round = 0; round < rounds; round += 1) for (const one of [few, many]) await one.round();
  head(`a gateway with ${SIZES[1]} clients against ${SIZES[0]}, ${rounds} rounds`);
  for (const what of ["start", "lookup", "revocation"] as const) {
    const [short, long] = [summarise(few.times[what]), summarise(many.times[what])];
    row(`${what}, ${SIZES[0]} clients`, short);
    row(`${what}, ${SIZES[1]} clients`, long);
    const ratio = long.median / short.median;
    goal(`${what} ≤ ×${GOAL}, is ×${ratio.toFixed(2)}`, ratio <= GOAL);
  }
} finally {
  await few.stage.end();
  await many.stage.end();
}
