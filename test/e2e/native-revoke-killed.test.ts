/**
 * `client revoke` in native mode is killed at each change to a folder on the laptop. Afterwards `up` leads to the old CA or to the
 * new one, whole (see revoke-stage.ts).
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { RevokeStage } from "../support/revoke-stage.ts";
import { everything, sampleBy } from "../support/sample.ts";
import { killing, ONE_THREAD, pointsIn, watching } from "../support/strace-points.ts";

/** On an ordinary day. */
const ROUNDS = 3;

const strace = (options: readonly string[], output = "/dev/null") =>
  `${ONE_THREAD} strace ${options.join(" ")} -o ${output} tetherdock`;

test("killed anywhere, up ends it", { timeout: everything ? 7_200_000 : 900_000 }, async () => {
  await using stage = await RevokeStage.make("rkilled");
  const { laptop } = stage;
  const trace = join(laptop.folder, "trace");
  const begin = Date.now();
  const ran = await laptop.bash(`${strace(watching, trace)} ${stage.command(60).join(" ")}`);
  expect(ran.status, ran.stderr).toBe(0);
  const within = Math.max(4, Math.ceil((2 * (Date.now() - begin)) / 1000));
  const points = pointsIn(await readFile(trace, "utf8"));
  expect(points.length).toBeGreaterThan(10);
  let ended = 0;
  const sample = sampleBy("native revoke", points, ROUNDS);
  for (const point of sample) {
    const label = `killed at ${point.call} ${point.nth}`;
    await stage.restore();
    const killed = await laptop.bash(`${strace(killing(point))} ${stage.command(within).join(" ")}`);
    expect(killed.status, `${label}\n${killed.stderr}`).not.toBe(0);
    if (await stage.ends(label)) ended += 1;
  }
  console.log(`${sample.length} of ${points.length} kills; ${ended} with the new CA`);
});
