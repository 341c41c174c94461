/**
 * `client revoke` in native mode while the ssh connection breaks, or with a full disk on the laptop or on the host. Afterwards `up`
 * leads to the old CA or to the new one, whole (see revoke-stage.ts).
 */
import { expect, test } from "vitest";
import { cutAt, cutBy, installCuttingSsh, watchUp } from "../support/cuts.ts";
import { RevokeStage } from "../support/revoke-stage.ts";
import { everything, sampleBy } from "../support/sample.ts";

/** On an ordinary day. */
const ROUNDS = 3;
const LONG = { timeout: everything ? 3_600_000 : 900_000 };
/** Of a tmpfs. */
const PAGE = 4096;

const range = (count: number) => Array.from({ length: count }, (_, at) => at);

test("the connection breaks after any answer of the host", LONG, async () => {
  await using stage = await RevokeStage.make("rcut");
  const { laptop } = stage;
  await installCuttingSsh(laptop);
  const { answers, tookMs } = await watchUp(laptop, stage.command(60));
  const within = Math.max(4, Math.ceil((2 * tookMs) / 1000));
  const ended: number[] = [];
  for (const at of sampleBy("native revoke, cut", range(answers), ROUNDS)) {
    await stage.restore();
    const env = cutAt(at + 1, cutBy.ssh);
    const cut = await laptop.tetherdock(stage.command(within), { env });
    const label = `cut at answer ${at + 1} of ${answers}`;
    expect(cut.status, `${label}\n${cut.stderr}`).not.toBe(0);
    if (await stage.ends(label)) ended.push(at + 1);
  }
  console.log(`of ${answers} answers; with the new CA after ${ended.join(", ") || "none"}`);
});

test("the laptop's disk is full", LONG, async () => {
  await using stage = await RevokeStage.make("rfull");
  const { laptop } = stage;
  const within = 20;
  const root = (script: string) => laptop.bash(script);
  expect(await root('mount -t tmpfs -o size=4m,mode=0700 none "$TETHERDOCK_HOME"')).toMatchObject({
    status: 0,
  });
  try {
    const ended: number[] = [];
    let failed = 0;
    for (const pages of sampleBy("native revoke, full", range(6), ROUNDS)) {
      await stage.restore();
      const fill = `cd "$TETHERDOCK_HOME" && free=$(stat -f -c %a .) && head -c $(( (free - ${pages}) * ${PAGE} )) /dev/zero >filler`;
      expect(await root(fill)).toMatchObject({ status: 0 });
      const full = await laptop.tetherdock(stage.command(within));
      expect(await root('rm "$TETHERDOCK_HOME/filler"')).toMatchObject({ status: 0 });
      const label = `${pages} pages left: ${full.stderr}`;
      if (full.status !== 0) {
        failed += 1;
        expect(full.stderr, label).toMatch(/no space left/i);
      }
      if (await stage.ends(label)) ended.push(pages);
    }
    console.log(`${failed} failed; with the new CA with ${ended.join(", ") || "none"} pages`);
  } finally {
    await root('umount "$TETHERDOCK_HOME"');
  }
});
