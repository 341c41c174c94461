/** Two `up` at once: one waits or is told, and what the host is in the end is proven. */
import { describe, expect, test } from "vitest";
import { bootHost, type Flavour, type Host } from "../support/host.ts";
import { type Laptop, makeLaptop } from "../support/laptop.ts";

const flavours: readonly Flavour[] = ["debian", "coreos"];

/** Refusals that leave everything as it is. */
const TOLD = /"code": "(HOST_BUSY|HOST_HAS_LINE|LINE_PENDING|HOST_CHANGED_SINCE)"/;

const upTo = (host: Host) => ["up", `${host.user}@${host.name}`, "--name", "web", "--yes", "--json"];

async function expectWorks(laptop: Laptop) {
  const ps = await laptop.tetherdock(["run", "--line", "web", "--", "/usr/bin/docker", "ps"]);
  expect(ps.stdout, ps.stderr).toMatch(/^CONTAINER ID/);
}

describe.for(flavours)("on %s", (flavour) => {
  test.concurrent("from two laptops: one gets the line, the other an error", async () => {
    await using host = await bootHost({ name: "two", flavour });
    await using one = await makeLaptop(host.sshConfig);
    await using other = await makeLaptop(host.sshConfig);
    const before = await host.fingerprint();
    const ends = await Promise.all([one.tetherdock(upTo(host)), other.tetherdock(upTo(host))]);
    expect(ends.map(({ status }) => status).sort(), JSON.stringify(ends)).toEqual([0, 3]);
    const [winner, loser] = ends[0]?.status === 0 ? [one, other] : [other, one];
    expect(ends.find(({ status }) => status === 3)?.stdout).toMatch(TOLD);
    await expectWorks(winner);
    expect((await loser.tetherdock(["ls", "--json"])).stdout).not.toContain('"web"');
    const down = await loser.tetherdock(["down", `${host.user}@${host.name}`, "--yes"]);
    expect(down.status, down.stderr).toBe(0);
    expect(await host.fingerprint()).toBe(before);
  });

  test.concurrent("from one laptop: the line exists once, complete", async () => {
    await using host = await bootHost({ name: "one", flavour });
    await using laptop = await makeLaptop(host.sshConfig);
    const before = await host.fingerprint();
    const ends = await Promise.all([laptop.tetherdock(upTo(host)), laptop.tetherdock(upTo(host))]);
    expect(Math.min(...ends.map(({ status }) => status)), JSON.stringify(ends)).toBe(0);
    for (const { status, stdout } of ends) if (status !== 0) expect(`${status} ${stdout}`).toMatch(TOLD);
    await expectWorks(laptop);
    const again = await laptop.tetherdock(upTo(host));
    expect(again).toMatchObject({ status: 0, stderr: "" });
    expect(JSON.parse(again.stdout)).toMatchObject({ changed: false });
    const down = await laptop.tetherdock(["down", "web", "--yes"]);
    expect(down.status, down.stderr).toBe(0);
    expect(await host.fingerprint()).toBe(before);
  });
});
