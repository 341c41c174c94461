/** `tetherdock renew --certificate`: takes what the operator of a native line has sent. */
import { takeCertificate } from "../../app/renew/index.ts";
import { readBeginning } from "../../system/files/read-excerpt.ts";
import { engineVersion } from "../../system/probing/engine-client.ts";
import type { Context } from "../context.ts";
import { during } from "../output/activity.ts";
import { jsonTime } from "../output/json-time.ts";
import { date } from "../output/when.ts";
import { takenCa } from "../renewing/taken-ca.ts";

/** Three certificates have about 2,500 bytes. */
const MAX_BYTES = 64 * 1024;

/** @param path `-`: stdin */
export async function renewFromFile(
  context: Context,
  name: string,
  path: string,
  json: boolean,
): Promise<void> {
  const { lines, clock, stdout, stderr } = context;
  const ports = {
    ...{ lines, clock, contexts: () => context.contexts() },
    askEngine: (...asked: Parameters<typeof engineVersion>) =>
      during(context, "asking the engine", () => engineVersion(...asked)),
  };
  const { line, until, ca, contexts } = await takeCertificate(
    ports,
    name,
    await readBeginning(path, MAX_BYTES),
  );
  if (json) {
    const key = ca === null ? null : { key: ca.key, until: jsonTime(ca.until) };
    stdout.json({ line, until: jsonTime(until), ca: key, contexts });
    return;
  }
  stderr.lines([
    `${line}: has the certificate that was sent, until ${date(until)}`,
    ...(ca === null ? [] : [`${line}: ${takenCa(ca)}`]),
    ...contexts.map((one) => `${line}: the docker context ${one} has a new copy`),
  ]);
}
