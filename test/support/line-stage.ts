/**
 * A host after `up` that is broken in one way after the other: doctor's findings for each, and none after the repair.
 */
import { expect } from "vitest";
import { expectFindings } from "./doctor.ts";
import { bootHost, type Flavour, type Host } from "./host.ts";
import { type Laptop, makeLaptop } from "./laptop.ts";
import { destinationOf } from "./up-and-down.ts";

/** One way to break it. */
export interface Ailment {
  readonly name: string;
  /** Shell, as root on the host. */
  readonly spoil: string;
  /** Repairs it. */
  readonly mend: string;
  readonly finds: readonly string[];
  /** The text of the first finding. */
  readonly says?: string | RegExp;
}

/** Shell: a restart that does not count against the unit's limit of starts. */
export const RESTART =
  "systemctl daemon-reload; systemctl reset-failed docker.service; systemctl restart docker.service";

/** A host with a line from a laptop. */
export class LineStage implements AsyncDisposable {
  readonly host: Host;
  readonly laptop: Laptop;

  constructor(host: Host, laptop: Laptop) {
    this.host = host;
    this.laptop = laptop;
  }

  /** Breaks, inspects, repairs: repairs also when the inspection failed, so that the next problem is alone. */
  async suffer({ spoil, mend, finds, says }: Ailment): Promise<void> {
    await this.host.root(`set -e\n${spoil}`);
    try {
      const report = await expectFindings(this.laptop, this.host, { words: [], findings: finds });
      if (says !== undefined) expect(report.findings[0]?.says).toMatch(says);
    } finally {
      await this.host.root(`set -e\n${mend}`);
    }
  }

  /** No findings: every problem was repaired, and left nothing behind. */
  async expectHealthy(): Promise<void> {
    await expectFindings(this.laptop, this.host, { words: [], findings: [] });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.laptop[Symbol.asyncDispose]();
    await this.host[Symbol.asyncDispose]();
  }
}

/** Boots a host and makes a laptop with a line to it. */
export async function makeLineStage(name: string, flavour: Flavour = "debian"): Promise<LineStage> {
  const host = await bootHost({ name, flavour });
  const stage = new LineStage(host, await makeLaptop(host.sshConfig));
  try {
    const up = await stage.laptop.tetherdock(["up", destinationOf(host), "--yes"]);
    expect(up, up.stderr).toMatchObject({ status: 0 });
    return stage;
  } catch (cause) {
    await stage[Symbol.asyncDispose]();
    throw cause;
  }
}
