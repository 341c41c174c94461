/** `tetherdock join` with the token of a native line: prints a request, then takes the certificate. */
import { type JoinedLine, joinNative, requestNative } from "../../app/join/index.ts";
import { shellJoin } from "../../base/index.ts";
import { isGatewayAnswer } from "../../engine/index.ts";
import { tetherdockHome } from "../../line/index.ts";
import { readBeginning } from "../../system/files/read-excerpt.ts";
import { createNativeKeys } from "../../system/identity/native-keys.ts";
import { engineVersion } from "../../system/probing/engine-client.ts";
import { connectAndAsk } from "../../system/probing/probe-connection.ts";
import type { Context } from "../context.ts";
import { random } from "../host/random.ts";
import { during } from "../output/activity.ts";
import type { JoinFlags } from "./flags.ts";

/** Two certificates have about 1,500 bytes. */
const MAX_BYTES = 64 * 1024;

const keysOf = (context: Context) => createNativeKeys(tetherdockHome(context));

/** The request alone goes to stdout. It is no secret. */
export async function printRequest(
  context: Context,
  token: string,
  { name, json }: JoinFlags,
): Promise<void> {
  const { lines, stdout, stderr } = context;
  const made = await requestNative({ lines, keys: keysOf(context) }, token, name);
  if (json) {
    stdout.json(made);
    return;
  }
  const { line, fingerprint, request } = made;
  const finish = ["tetherdock", "join", token.trim(), "--certificate", "FILE"];
  stdout.lines(request.trimEnd().split("\n"));
  stderr.lines([
    "send this request to whoever invited you, and read them the fingerprint of its key:",
    `  ${fingerprint}`,
    `when they have sent the certificate: ${shellJoin([...finish, ...(name === undefined ? [] : ["--name", line])])}`,
  ]);
}

export async function joinWithCertificate(
  context: Context,
  token: string,
  { name, certificate = "-" }: JoinFlags,
): Promise<JoinedLine> {
  const { lines, clock } = context;
  const ask = { path: "/tetherdock/v1/status", maxBodyBytes: 4_096 } as const;
  const ports = {
    ...{ lines, clock, random, keys: keysOf(context) },
    askEngine: (...asked: Parameters<typeof engineVersion>) =>
      during(context, "asking the engine", () => engineVersion(...asked)),
    async isGateway(...[endpoint, credential, timeoutMs]: Parameters<typeof engineVersion>) {
      const request = { endpoint, serverName: endpoint.host, credential, timeoutMs };
      const seen = await during(context, "asking the engine", () => connectAndAsk(request, ask));
      return seen.kind === "answered" && isGatewayAnswer(seen.answer);
    },
  };
  return joinNative(ports, token, name, await readBeginning(certificate, MAX_BYTES));
}
