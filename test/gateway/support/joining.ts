/** Machines that join a gateway by invitation, as honest ones do and as attackers would. */
import { createHash, randomBytes } from "node:crypto";
import type { ConnectionOptions } from "node:tls";
import { JOIN_PROTOCOL } from "../../../src/gateway/index.ts";
import { secretHash } from "../../../src/identity/index.ts";
import { keyFingerprint, makeKeyPair, selfSignedClient } from "../../../src/pki/index.ts";
import { call } from "./call.ts";
import type { Identity } from "./identities.ts";
import type { Stage } from "./stage.ts";
import type { Wire } from "./wire.ts";

export const secret = (): Buffer => randomBytes(32);

/** A key made where it is used, with a certificate that it has signed itself. */
export async function newMachine(now = Date.now()): Promise<Identity> {
  const { privateKey: key } = makeKeyPair();
  return { key, cert: await selfSignedClient(key, "joining", now), fingerprint: keyFingerprint(key) };
}

/** anna invites. */
export async function invite(stage: Stage, name: string, token: Buffer, more: object = {}) {
  const asked = { hash: secretHash(token), role: "viewer", expires: null, forMs: 60_000, ...more };
  const anna = await stage.connect();
  const answer = await call(anna, "PUT", `invitations/${encodeURIComponent(name)}`, asked);
  anna.destroy();
  return answer;
}

export interface JoinOptions extends ConnectionOptions {
  readonly localAddress?: string;
}

/** @returns the connection, after the gateway's first line */
export async function knock(stage: Stage, options: JoinOptions): Promise<Wire> {
  const wire = await stage.connectWith({ ALPNProtocols: [JOIN_PROTOCOL], ...options });
  await wire.sees("\n");
  return wire;
}

/** @returns what the gateway answers; undefined: it closed the connection without an answer */
export async function join(
  stage: Stage,
  machine: Pick<Identity, "key" | "cert"> | null,
  token: Buffer,
  more: JoinOptions = {},
): Promise<Record<string, unknown> | undefined> {
  const own = machine === null ? {} : { key: machine.key, cert: machine.cert };
  const wire = await knock(stage, { ...own, ...more });
  wire.send(`${JSON.stringify({ secret: token.toString("base64url") })}\n`);
  const text = await wire.rest();
  wire.destroy();
  return text === "" ? undefined : (JSON.parse(text) as Record<string, unknown>);
}

export const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
