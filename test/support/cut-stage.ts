/** A host, a laptop whose `up` can be cut at an exact point, and the way back to the beginning after each cut. */
import { expect } from "vitest";
import { cutAt, HELD, installCuttingSsh, stepsIn, watchUp } from "./cuts.ts";
import { bootHost, type Flavour, type Host, type Release } from "./host.ts";
import { type Laptop, makeLaptop } from "./laptop.ts";

/** For tests that go through many `up` and `down`, on a busy machine as well. */
export const PATIENT = { timeout: 600_000 } as const;

export interface CutStageOptions {
  readonly flavour: Flavour;
  /** bookworm unless told. */
  readonly release?: Release;
  readonly state?: string;
  /** More for `up`. */
  readonly upFlags?: readonly string[];
  /** For a state that was open to everybody: `--reopen`. */
  readonly downFlags?: readonly string[];
}

/** Where `up` was cut, and what it said. */
export interface CutShort {
  /** For messages. */
  readonly label: string;
  readonly stderr: string;
}

const PROOF = "prove it from here";
/** The shortest patience worth a test; more where an `up` takes longer, on a busy machine. */
const MIN_CONFIRM_MS = 4_000;
/** What a host may need to put itself back, docker's restart included, beside a multiple of what `up` takes. */
const UNDO_MS = 6_000;

/** `await using stage = await makeCutStage(…)`; the line is called web. */
export class CutStage implements AsyncDisposable {
  readonly host: Host;
  readonly laptop: Laptop;
  /** The host's fingerprint before anything. */
  readonly before: string;
  readonly up: readonly string[];
  readonly down: readonly string[];
  /** What an `up` tells that it does, in order; known after {@link measure}. */
  steps: readonly string[] = [];
  /** How many answers of the host an `up` has to wait for: the points to cut at. */
  count = 0;
  /** The host's own patience after a cut. */
  confirmWithinMs = MIN_CONFIRM_MS;

  constructor(host: Host, laptop: Laptop, before: string, { upFlags = [], downFlags = [] }: CutStageOptions) {
    this.host = host;
    this.laptop = laptop;
    this.before = before;
    this.up = ["up", `${host.user}@${host.name}`, "--name", "web", "--yes", ...upFlags];
    this.down = ["down", "web", "--yes", ...downFlags];
  }

  /** An uncut `up` and `down`, to see how many steps there are and how long they take here. */
  async measure(): Promise<void> {
    const { answers, stderr, tookMs } = await watchUp(this.laptop, this.up);
    this.count = answers;
    this.steps = stepsIn(stderr);
    this.confirmWithinMs = Math.max(MIN_CONFIRM_MS, Math.ceil((2 * tookMs) / 1000) * 1000);
    await this.expectDown("after the measuring run");
  }

  /** How long to wait for the host to put itself back without help. */
  get settledWithinMs(): number {
    return 2 * this.confirmWithinMs + UNDO_MS;
  }

  /** `--confirm-within` for the shell or an argument list. */
  get within(): string {
    return `--confirm-within=${this.confirmWithinMs / 1000}s`;
  }

  /** Runs `up` into a cut: what CUT_DO of cutting-ssh.ts does at the `at`-th answer. */
  async cutUp(at: number, act: string, flags: readonly string[] = [this.within]): Promise<CutShort> {
    const env = cutAt(at, act);
    const { status, stderr } = await this.laptop.tetherdock([...this.up, ...flags], { env });
    // The first answer is the look's; the proof is no script.
    const scripts = this.steps.filter((step) => step !== PROOF).slice(0, at - 1);
    const label = `after a cut at answer ${at}, in "${scripts.at(-1) ?? "the look"}"`;
    expect(status, `${label}\n${stderr}`).not.toBe(0);
    const isTold = (step: string) => ![PROOF, HELD, "put everything back"].includes(step);
    expect(stepsIn(stderr).filter(isTold), `${label}\n${stderr}`).toEqual(scripts.filter(isTold));
    return { label, stderr };
  }

  /** A next `up` succeeds and the docker CLI gets through. @returns what it said */
  async expectUp(label: string): Promise<string> {
    const { status, stderr } = await this.laptop.tetherdock(this.up);
    expect(status, `up ${label}\n${stderr}`).toBe(0);
    const ps = await this.laptop.tetherdock(["run", "--", "/usr/bin/docker", "ps"]);
    expect(ps.stdout, `docker ps ${label}\n${ps.stderr}`).toMatch(/^CONTAINER ID/);
    return stderr;
  }

  /** `down` brings back the beginning, on the host to the byte. */
  async expectDown(label: string): Promise<void> {
    const { status, stderr } = await this.laptop.tetherdock(this.down);
    expect(status, `down ${label}\n${stderr}`).toBe(0);
    expect(await this.host.fingerprint(), `the host after down ${label}`).toBe(this.before);
    expect((await this.laptop.tetherdock(["ls", "--json"])).stdout).not.toContain("web");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.laptop[Symbol.asyncDispose]();
    await this.host[Symbol.asyncDispose]();
  }
}

/** Boots a host and makes a laptop for it. */
export async function makeCutStage(options: CutStageOptions): Promise<CutStage> {
  const { flavour, release = "bookworm", state } = options;
  await using made = new AsyncDisposableStack();
  const host = made.use(
    await bootHost({ name: "cut", flavour, release, ...(state !== undefined && { state }) }),
  );
  const laptop = made.use(await makeLaptop(host.sshConfig));
  await installCuttingSsh(laptop);
  const stage = new CutStage(host, laptop, await host.fingerprint(), options);
  made.move(); // from here on they are the stage's to dispose of
  return stage;
}
