/** Asks an endpoint what it speaks and whom it lets in. */

import { readableLines } from "../../app/lines/index.ts";
import { TetherdockError } from "../../base/index.ts";
import { type Credential, type Endpoint, formatEndpoint } from "../../engine/index.ts";
import { concludeProof, type Knock, type Knocked, type Proof } from "../../explain/index.ts";
import { lineEndpoint } from "../../line/index.ts";
import { probe } from "../../system/probing/prober.ts";
import type { Context } from "../context.ts";
import { during } from "../output/activity.ts";

/** Each knock on its own, all at once: what does not answer in this time is told as silent. */
const KNOCK_MS = 5_000;

async function tryLine(context: Context, name: string, endpoint: Endpoint): Promise<Credential | undefined> {
  const line = await context.lines.read(name);
  if (formatEndpoint(lineEndpoint(line)) !== formatEndpoint(endpoint)) return undefined;
  const [caPem, certPem, keyPem] = await Promise.all([
    context.lines.readFile(name, "docker/ca.pem"),
    context.lines.readFile(name, "docker/cert.pem"),
    context.lines.readFile(name, "docker/key.pem"),
  ]);
  return { kind: "tls", caPem, identity: { certPem, keyPem } };
}

/** The credential of the line to this very endpoint; a certificate is shown to no other. */
async function lineCredential(context: Context, endpoint: Endpoint): Promise<Credential | undefined> {
  for (const name of await context.lines.list()) {
    const credential = await tryLine(context, name, endpoint).catch((error: unknown) => {
      // A broken line is `status`'s to tell; here it is one knock less.
      if (error instanceof TetherdockError) return undefined;
      throw error;
    });
    if (credential) return credential;
  }
  return undefined;
}

/** Whether a line of this machine leads there. */
export async function hasLine(context: Context, endpoint: Endpoint): Promise<boolean> {
  const wanted = formatEndpoint(endpoint);
  const lines = await readableLines(context);
  return lines.some((line) => formatEndpoint(lineEndpoint(line)) === wanted);
}

/**
 * Knocks in plain HTTP, over TLS as a stranger, and with a line's certificate where there is a line to this endpoint.
 * Sends nothing but `GET /_ping`.
 */
export async function knockAt(context: Context, endpoint: Endpoint): Promise<Proof> {
  const own = await lineCredential(context, endpoint);
  const credentials: readonly (readonly [Knock, Credential])[] = [
    ["plain", { kind: "plain" }],
    ["stranger", { kind: "intruder" }],
    ...(own ? [["line", own] as const] : []),
  ];
  const knocks = credentials.map(
    async ([knock, credential]): Promise<Knocked> => ({
      knock,
      seen: await probe({ endpoint, credential, timeoutMs: KNOCK_MS }),
    }),
  );
  const what = `probing ${formatEndpoint(endpoint)}`;
  return concludeProof(await during(context, what, () => Promise.all(knocks)));
}
