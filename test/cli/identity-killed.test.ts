/**
 * kill -9 at every change to a folder in invite, join and revoke, on both sides: strace kills the process as it makes the
 * call. Afterwards the same command, typed again, does its work, and no file is half written.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sampleBy } from "../support/sample.ts";
import { killing, ONE_THREAD, type Point, pointsIn, watching } from "../support/strace-points.ts";
import { isFinished, type MortalGateway, must, PING, startMortalGateway } from "./killing.ts";
import { type LaptopStage, makeLaptopStage, type Ran } from "./laptop-stage.ts";

let stage: LaptopStage;
let mortal: MortalGateway;

beforeAll(async () => {
  stage = makeLaptopStage();
  mortal = await startMortalGateway(stage);
}, 60_000);
afterAll(async () => {
  await mortal?.stop();
  stage?.remove();
}, 60_000);

const tetherdock = (...args: string[]) => stage.run("tetherdock", ...args);
const on = (home: string, ...args: string[]) =>
  stage.run("env", `TETHERDOCK_HOME=${join(stage.work, home)}`, ...args);
const joinOn = (home: string, token: string) =>
  on(home, "sh", "-c", `tetherdock join - <<'END'\n${token}\nEND`);

/** An ordinary day takes some, and others the next day. */
function sampled(what: string, points: readonly Point[]): readonly Point[] {
  const some = sampleBy(what, points, Math.ceil(points.length / 4));
  console.log(`${what}: killed at ${some.length} of ${points.length} calls`);
  return some;
}

/** What is killed, and what holds afterwards. */
interface Round {
  run(): Promise<Ran>;
  after(ran: Ran): Promise<void>;
}

/** @param round makes another one, for a client of this name */
async function gatewayAtEach(what: string, round: (name: string) => Promise<Round>): Promise<number> {
  const { run } = await round(what);
  let kills = 0;
  for (const point of sampled(what, await mortal.points(run))) {
    const { run: again, after } = await round(`${what}-${point.call}-${point.nth}`);
    const { ran, killed } = await mortal.killedAt(point, again);
    if (killed) {
      kills++;
      await listWorks();
    }
    await after(ran);
  }
  return kills;
}

/** @param round gets the words before `tetherdock` */
async function laptopAtEach(
  what: string,
  round: (name: string, traced: readonly string[]) => Promise<Round>,
): Promise<number> {
  const output = join(stage.work, "traced");
  const traced = (options: readonly string[]) => [ONE_THREAD, "strace", ...options, "-o", output];
  await (await round(what, traced(watching))).run();
  const points = sampled(what, pointsIn(readFileSync(output, "utf8")));
  for (const point of points) {
    const { run, after } = await round(`${what}-${point.call}-${point.nth}`, traced(killing(point)));
    const ran = await run();
    expect(ran.status, `${what}: ${point.call} ${point.nth}`).not.toBe(0);
    await after(ran);
  }
  return points.length;
}

test("join: the laptop", { timeout: 240_000 }, async () => {
  const kills = await laptopAtEach("laptop", async (name, traced) => {
    const token = must(await tetherdock("client", "invite", name));
    const file = join(stage.work, "token");
    writeFileSync(file, token, { mode: 0o600 });
    return {
      run: () => on(name, "sh", "-c", `exec env ${traced.join(" ")} tetherdock join - <${file}`),
      after: async () => {
        if (!existsSync(join(stage.work, name, "lines/guarded"))) must(await joinOn(name, token));
        await worksOn(name);
      },
    };
  });
  expect(kills).toBeGreaterThan(2);
});

test("invite, join and revoke: the gateway", { timeout: 480_000 }, async () => {
  const kills = [
    await gatewayAtEach("invited", async (name) => ({
      run: () => tetherdock("client", "invite", name),
      after: async ({ status }) => {
        if (status !== 0 && (await stateOf(name)) !== undefined) must(await tetherdock("client", "rm", name));
        if (status !== 0) must(await tetherdock("client", "invite", name));
        expect(await stateOf(name)).toBe("invited");
      },
    })),
    await gatewayAtEach("joined", async (name) => {
      const token = must(await tetherdock("client", "invite", name));
      return {
        run: () => joinOn(name, token),
        after: async ({ status }) => {
          if (status !== 0) must(await joinOn(name, token));
          await worksOn(name);
          expect(await stateOf(name)).toBe("active");
        },
      };
    }),
    await gatewayAtEach("revoked", async (name) => {
      must(await joinOn(name, must(await tetherdock("client", "invite", name))));
      return {
        run: () => tetherdock("client", "revoke", name),
        after: async ({ status }) => {
          if (status === 0) expect(await stateOf(name)).toBe("revoked");
          must(await tetherdock("client", "revoke", name));
          expect(await stateOf(name)).toBe("revoked");
          expect((await on(name, "tetherdock", "run", "--", "sh", "-c", PING)).stdout).not.toBe("OK");
        },
      };
    }),
  ];
  expect(kills.reduce((all, one) => all + one)).toBeGreaterThan(2);
  must(await tetherdock("audit", "verify"));
});

const ask = (home: string, token: string) =>
  on(home, "sh", "-c", `tetherdock join - --no-wait <<'END'\n${token}\nEND`);
/** @returns the exit status */
const askOn = async (home: string, token: string) => (await ask(home, token)).status;
const approveAll = ["client", "approve", "--yes"] as const;
const inviteToApprove = async (name: string) => must(await tetherdock("client", "invite", name, "--approve"));

test("invite --approve and approve: the operator's laptop", { timeout: 480_000 }, async () => {
  const kills = [
    await laptopAtEach("inviting", async (name, traced) => ({
      run: () => stage.run("env", ...traced, "tetherdock", "client", "invite", name, "--approve"),
      after: async () => {
        // What was killed may have invited; whoever invites again has the token that counts.
        const token = await inviteToApprove(name);
        expect(await askOn(name, token)).toBe(1);
        must(await tetherdock(...approveAll, name));
        must(await joinOn(name, token));
        await worksOn(name);
      },
    })),
    await laptopAtEach("approving", async (name, traced) => {
      const token = await inviteToApprove(name);
      expect(await askOn(name, token)).toBe(1);
      return {
        run: () => stage.run("env", ...traced, "tetherdock", ...approveAll, name),
        after: async () => {
          if ((await stateOf(name)) === "waiting") must(await tetherdock(...approveAll, name));
          must(await joinOn(name, token));
          await worksOn(name);
        },
      };
    }),
  ];
  expect(kills.reduce((all, one) => all + one)).toBeGreaterThan(1);
});

test("ask, approve and fetch: the gateway", { timeout: 480_000 }, async () => {
  const finish = async (name: string, token: string) => {
    must(await joinOn(name, token));
    await worksOn(name);
    expect(await stateOf(name)).toBe("active");
  };
  const kills = [
    await gatewayAtEach("asking", async (name) => {
      const token = await inviteToApprove(name);
      return {
        run: () => ask(name, token),
        after: async () => {
          expect(await askOn(name, token)).toBe(1);
          must(await tetherdock(...approveAll, name));
          await finish(name, token);
        },
      };
    }),
    await gatewayAtEach("approved", async (name) => {
      const token = await inviteToApprove(name);
      expect(await askOn(name, token)).toBe(1);
      return {
        run: () => tetherdock(...approveAll, name),
        after: async ({ status }) => {
          if (status !== 0) must(await tetherdock(...approveAll, name));
          await finish(name, token);
        },
      };
    }),
    await gatewayAtEach("fetching", async (name) => {
      const token = await inviteToApprove(name);
      expect(await askOn(name, token)).toBe(1);
      must(await tetherdock(...approveAll, name));
      return {
        run: () => joinOn(name, token),
        after: async ({ status }) => (status === 0 ? worksOn(name) : finish(name, token)),
      };
    }),
  ];
  expect(kills.reduce((all, one) => all + one)).toBeGreaterThan(2);
});

async function worksOn(home: string): Promise<void> {
  const { stdout, stderr } = await on(home, "tetherdock", "run", "--", "sh", "-c", PING);
  expect(stdout, `${home}: ${stderr}`).toBe("OK");
  const folder = join(stage.work, home, "lines");
  const names = readdirSync(folder).filter(isFinished);
  expect(names).toEqual(["guarded"]);
  expect(readdirSync(join(folder, "guarded/docker")).toSorted()).toEqual(["ca.pem", "cert.pem", "key.pem"]);
}

async function stateOf(name: string): Promise<string | undefined> {
  const clients = JSON.parse(must(await tetherdock("client", "ls", "--json"))) as {
    name: string;
    state: string;
  }[];
  return clients.find((one) => one.name === name)?.state;
}

async function listWorks(): Promise<void> {
  must(await tetherdock("client", "ls"));
  expect(await mortal.gateway.ask("GET", "/_ping")).toBe(200);
}
