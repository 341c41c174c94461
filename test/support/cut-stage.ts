/** A host, a laptop whose `up` can be cut at an exact point, and the way back to the beginning after each cut. */
import { expect } from "vitest";
import { type Cut, countAnswers, cutAt, installCuttingSsh, lastStep } from "./cuts.ts";
import { bootHost, type Flavour, type Host } from "./host.ts";
import { type Laptop, makeLaptop } from "./laptop.ts";

/** The host's own patience in these tests: long enough for an `up` on a busy machine. */
export const CONFIRM_WITHIN_MS = 6_000;
/** And what it may need to put itself back, docker's restart included. */
export const UNDO_MS = 8_000;

export interface CutStageOptions {
  readonly flavour: Flavour;
  readonly state?: string;
  /** For a state that was open to everybody: `--reopen`. */
  readonly downFlags?: readonly string[];
}

/** `await using stage = await makeCutStage(…)`; the line is called web. */
export class CutStage implements AsyncDisposable {
  readonly host: Host;
  readonly laptop: Laptop;
  /** The host's fingerprint before anything. */
  readonly before: string;
  readonly up: readonly string[];
  readonly down: readonly string[];

  constructor(host: Host, laptop: Laptop, before: string, downFlags: readonly string[]) {
    this.host = host;
    this.laptop = laptop;
    this.before = before;
    this.up = ["up", `${host.user}@${host.name}`, "--name", "web", "--yes"];
    this.down = ["down", "web", "--yes", ...downFlags];
  }

  /** How many points there are to cut at; leaves everything as it was. */
  async countCuts(): Promise<number> {
    const count = await countAnswers(this.laptop, this.up);
    await this.expectDown("after the counting run");
    return count;
  }

  /** Runs `up` into a cut. @returns for messages: where it was cut, and what it said */
  async cutUp(
    cut: Cut,
    confirmWithinMs = CONFIRM_WITHIN_MS,
  ): Promise<{ readonly label: string; readonly stderr: string }> {
    const args = [...this.up, "--confirm-within", `${confirmWithinMs / 1000}s`];
    const { status, stderr } = await this.laptop.tetherdock(args, { env: cutAt(cut) });
    const label = `after a cut at answer ${cut.at}, in "${lastStep(stderr)}"`;
    expect(status, `${label}\n${stderr}`).not.toBe(0);
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
  const { downFlags = [], ...booting } = options;
  const host = await bootHost({ name: "cut", ...booting });
  const laptop = await makeLaptop(host.sshConfig);
  await installCuttingSsh(laptop);
  return new CutStage(host, laptop, await host.fingerprint(), downFlags);
}
