/** One generation's part of the table: a host, `up`, all tasks by each way, the same through a gateway, `down`. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { expectFindings } from "../doctor.ts";
import { expectProven } from "../expect-proven.ts";
import { bootHost, dockerOf, type Host, missingRelease, type Release } from "../host.ts";
import { type Laptop, makeLaptop } from "../laptop.ts";
import { openShell, type Shell } from "../life/shell.ts";
import { byAgent, byContext, evaluated, type Way } from "../life/ways.ts";
import { sampleBy } from "../sample.ts";
import { destinationOf } from "../up-and-down.ts";
import { describeAgent } from "./by-agent.ts";
import { keepResults } from "./results.ts";
import { type Column, columnName } from "./row.ts";
import { rows } from "./rows.ts";

/** Rows of each column on an ordinary day. */
const SAMPLE = 5;
/** Shell. Host and client have the same packages; a missing plugin prints nothing. */
const VERSIONS = `docker version -f 'Engine {{.Server.Version}}' | sed 's/+.*//'
systemctl --version | sed -n '1s/ (.*//p'
docker buildx version 2>/dev/null | sed -n 's/^[^ ]* \\([0-9.]*\\).*/buildx \\1/p'
docker compose version --short 2>/dev/null | sed -n 's/^v*\\([0-9.]*\\).*/compose \\1/p'`;
const ways: Readonly<Record<Column["by"], Way>> = { environment: evaluated, context: byContext };

/** A shell with docker and plugins of the generation. */
async function shellFor(
  laptop: Laptop,
  host: Host,
  { release, mode, by }: Column,
  way = ways[by],
): Promise<Shell> {
  return openShell(laptop, host, {
    ...way,
    name: `${mode} ${way.name}`,
    docker: await dockerOf(release),
  });
}

/** Registers the tests. */
export async function describeDay(release: Release): Promise<void> {
  const missing = await missingRelease(release);
  if (missing !== null) {
    describe.skip(`daily life on ${release}: SKIPPED, ${missing}`, () => test("a day", () => {}));
    return;
  }
  describe(`daily life on ${release}`, () => dayOn(release));
}

function dayOn(release: Release): void {
  let host: Host;
  let laptop: Laptop;
  let before: string;
  const results = keepResults(release);

  beforeAll(async () => {
    host = await bootHost({ name: "day", release });
    laptop = await makeLaptop(host.sshConfig);
    await host.root("mk-tiny");
    before = await host.fingerprint();
    results.versions(await host.root(VERSIONS));
  });
  afterAll(async () => {
    await host?.[Symbol.asyncDispose]();
    await laptop?.[Symbol.asyncDispose]();
    await results.write();
  });

  for (const mode of ["native", "gateway"] as const) {
    test(`up --${mode}: proven from outside, nothing for doctor to find, drawn by topology`, async () => {
      const up = await laptop.tetherdock(["up", destinationOf(host), "--name=web", "--yes", `--${mode}`]);
      expect(up, up.stderr).toMatchObject({ status: 0, stdout: "" });
      await expectProven(laptop, host, "web", mode);
      await expectFindings(laptop, host, { words: [], findings: [], mode });
      expect(await laptop.tetherdock(["topology"])).toMatchObject({ status: 0 });
      const again = await laptop.tetherdock(["up", destinationOf(host), "--name=web", "--yes"]);
      expect(again).toMatchObject({ status: 0, stderr: expect.stringMatching(/nothing to do\n$/) });
    });

    describe.each(["environment", "context"] as const)(`${mode}, by %s`, (by) => {
      const column: Column = { release, mode, by };
      let shell: Shell;
      beforeAll(async () => {
        shell = await shellFor(laptop, host, column);
      });
      test.for(sampleBy(columnName(column), rows, SAMPLE))("$what", async (row) => {
        results.keep(column, row, await row.run(shell, column));
      });
    });
  }

  // One generation with all plugins: what the agent passes does not depend on it.
  if (release === "trixie")
    describe("gateway, by the agent", () => {
      const column: Column = { release, mode: "gateway", by: "context" };
      const open = () => shellFor(laptop, host, column, byAgent);
      describeAgent({ host: () => host, laptop: () => laptop, open }, column);
    });

  test("down: the host is exactly as before", async () => {
    const down = await laptop.tetherdock(["down", "web", "--yes"]);
    expect(down, down.stderr).toMatchObject({ status: 0, stdout: "" });
    expect(await host.fingerprint()).toBe(before);
  });
}
