/** Clients that renew their certificates. */
import { randomBytes } from "node:crypto";
import { RENEW_PROTOCOL } from "../../../src/gateway/index.ts";
import type { Identity } from "./identities.ts";
import type { Stage } from "./stage.ts";

export type Machine = Pick<Identity, "key" | "cert">;

export const newRequest = (): string => randomBytes(32).toString("base64url");

/** @returns what the gateway answers; undefined: it closed the connection without an answer */
export async function renew(
  stage: Stage,
  { key, cert }: Machine,
  request = newRequest(),
  more: object = {},
  ca = stage.identities.ca,
): Promise<Record<string, unknown> | undefined> {
  const wire = await stage.connectWith({ ALPNProtocols: [RENEW_PROTOCOL], key, cert, ca });
  wire.send(`${JSON.stringify({ request, ...more })}\n`);
  const text = await wire.rest();
  wire.destroy();
  return text === "" ? undefined : (JSON.parse(text) as Record<string, unknown>);
}

/** @returns the machine with its new certificate */
export async function renewed(stage: Stage, machine: Machine, request = newRequest()): Promise<Machine> {
  const answer = await renew(stage, machine, request);
  if (typeof answer?.["certificate"] !== "string") throw new Error(`not renewed: ${JSON.stringify(answer)}`);
  return { key: machine.key, cert: answer["certificate"] };
}
