/**
 * A host, a laptop whose `up` can be interrupted at an exact point, and the return to the initial state after each
 * interruption.
 */
import { expect } from "vitest";
import { cutAt, HELD, installCuttingSsh, stepsIn, watchUp } from "./cuts.ts";
import { bootHost, type Flavour, type Host, type Release } from "./host.ts";
import { type Laptop, makeLaptop } from "./laptop.ts";

/** For tests with many `up` and `down`, also on a busy machine. */
export const LONG_TIMEOUT = { timeout: 600_000 } as const;

export interface CutStageOptions {
  readonly flavour: Flavour;
  /** bookworm by default. */
  readonly release?: Release;
  readonly state?: string;
  /** More arguments for `up`. */
  readonly upFlags?: readonly string[];
  /** For a state that was open to everybody: `--reopen`. */
  readonly downFlags?: readonly string[];
}

/** Where `up` was interrupted, and its output. */
export interface CutShort {
  /** For messages. */
  readonly label: string;
  readonly stderr: string;
}

const PROOF = "prove it from here";
/** The shortest timeout worth testing; longer if an `up` takes longer, on a busy machine. */
const MIN_CONFIRM_MS = 4_000;
/**
 * The time in which a host must restore itself, including docker's restart, in addition to a multiple of `up`'s time.
 */
const UNDO_MS = 6_000;

/** `await using stage = await makeCutStage(…)`; the line is called web. */
export class CutStage implements AsyncDisposable {
  readonly host: Host;
  readonly laptop: Laptop;
  /** The host's initial fingerprint. */
  readonly before: string;
  readonly up: readonly string[];
  readonly down: readonly string[];
  /** The steps that `up` reports, in order; known after {@link measure}. */
  steps: readonly string[] = [];
  /** The number of the host's answers that `up` waits for: the points to cut at. */
  count = 0;
  /** The host's timeout after a cut. */
  confirmWithinMs = MIN_CONFIRM_MS;

  constructor(host: Host, laptop: Laptop, before: string, { upFlags = [], downFlags = [] }: CutStageOptions) {
    this.host = host;
    this.laptop = laptop;
    this.before = before;
    this.up = ["up", `${host.user}@${host.name}`, "--name", "web", "--yes", ...upFlags];
    this.down = ["down", "web", "--yes", ...downFlags];
  }

  /** A complete `up` and `down`, to count the steps and measure their time. */
  async measure(): Promise<void> {
    const { answers, stderr, tookMs } = await watchUp(this.laptop, this.up);
    this.count = answers;
    this.steps = stepsIn(stderr);
    this.confirmWithinMs = Math.max(MIN_CONFIRM_MS, Math.ceil((2 * tookMs) / 1000) * 1000);
    await this.expectDown("after the measuring run");
  }

  /** How long to wait for the host to restore itself. */
  get settledWithinMs(): number {
    return 2 * this.confirmWithinMs + UNDO_MS;
  }

  /** `--confirm-within` for the shell or an argument list. */
  get within(): string {
    return `--confirm-within=${this.confirmWithinMs / 1000}s`;
  }

  /** Runs `up` until the cut: runs CUT_DO of cutting-ssh.ts at the `at`-th answer. */
  async cutUp(at: number, act: string, flags: readonly string[] = [this.within]): Promise<CutShort> {
    const env = cutAt(at, act);
    const { status, stderr } = await this.laptop.tetherdock([...this.up, ...flags], { env });
    // The first answer is that of the inspection; the proof is not a script.
    const scripts = this.steps.filter((step) => step !== PROOF).slice(0, at - 1);
    const label = `after a cut at answer ${at}, in "${scripts.at(-1) ?? "the look"}"`;
    expect(status, `${label}\n${stderr}`).not.toBe(0);
    const isTold = (step: string) => ![PROOF, HELD, "put everything back"].includes(step);
    expect(stepsIn(stderr).filter(isTold), `${label}\n${stderr}`).toEqual(scripts.filter(isTold));
    return { label, stderr };
  }

  /** The next `up` succeeds and the docker CLI can connect. */
  async expectUp(label: string): Promise<string> {
    const { status, stderr } = await this.laptop.tetherdock(this.up);
    expect(status, `up ${label}\n${stderr}`).toBe(0);
    const ps = await this.laptop.tetherdock(["run", "--", "/usr/bin/docker", "ps"]);
    expect(ps.stdout, `docker ps ${label}\n${ps.stderr}`).toMatch(/^CONTAINER ID/);
    return stderr;
  }

  /** `down` restores the initial state, on the host byte for byte. */
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
  made.move(); // from here on the stage disposes of them
  return stage;
}
