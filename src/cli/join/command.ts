/** `tetherdock join`: sets up a line from an invitation. */
import { setTimeout as sleep } from "node:timers/promises";
import {
  type JoinedLine,
  type JoinPorts,
  join as joinLine,
  type WaitingRequest,
} from "../../app/join/index.ts";
import { SECOND_MS, shellJoin, TetherdockError } from "../../base/index.ts";
import { isNativeToken } from "../../identity/index.ts";
import { fetchJoinCa, redeemToken } from "../../system/api/join-client.ts";
import { readLineFromStdin } from "../../system/files/read-excerpt.ts";
import type { Context } from "../context.ts";
import { random } from "../host/random.ts";
import { during } from "../output/activity.ts";
import type { JoinFlags } from "./flags.ts";
import { joinWithCertificate, printRequest } from "./native.ts";

/** A token has at most 800 characters. */
const MAX_BYTES = 4_096;
const FROM_STDIN = "tetherdock join -   # reads the token from stdin";

async function tokenFrom({ prompts }: Context, argument: string | undefined): Promise<string> {
  if (argument === "-") return readLineFromStdin(MAX_BYTES);
  return argument ?? prompts.secret("token of the invitation", FROM_STDIN);
}

/** An admin who was asked over the telephone answers at once; another may take days. */
const pauseMs = (count: number) => (count < 60 ? 1 : count < 120 ? 5 : 30) * SECOND_MS;

async function pause({ signal }: Context, count: number): Promise<void> {
  await sleep(pauseMs(count), undefined, { signal }).catch(() => undefined);
  signal.throwIfAborted();
}

function tellWaiting(
  { stderr, signal }: Context,
  { address, client, fingerprint, until }: WaitingRequest,
): void {
  // Taken over before the text says what Ctrl-C does.
  signal.throwIfAborted();
  stderr.lines([
    `asked ${address} to let this machine in as ${client}; the fingerprint of its key is`,
    `  ${fingerprint}`,
    `read it to whoever invited you, who runs: ${shellJoin(["tetherdock", "client", "approve", client])}`,
    `waiting, until ${until} at most; after Ctrl-C, join with the same token continues with the same key`,
  ]);
}

function portsOf(context: Context): JoinPorts {
  const { lines, clock } = context;
  return {
    ...{ lines, clock, random },
    gateway: {
      fetchCa: (endpoint) => during(context, "connecting", () => fetchJoinCa(endpoint)),
      redeem: (...asked) => during(context, "joining", () => redeemToken(...asked)),
    },
    onWaiting: (request) => tellWaiting(context, request),
    pause: (count) => pause(context, count),
  };
}

function usage(message: string, hint: string): TetherdockError {
  return new TetherdockError("USAGE", message, { hints: [hint] });
}

/** @throws USAGE: one stdin cannot be both */
function requireOneStdin({ certificate }: JoinFlags, argument: string | undefined): void {
  if (certificate !== "-" || argument !== "-") return;
  throw usage(
    "the token and the certificate cannot both be on stdin",
    "tetherdock join TOKEN --certificate -   # this token is no secret",
  );
}

/** @returns null: a request was printed, and there is no line yet */
async function joined(context: Context, text: string, flags: JoinFlags): Promise<JoinedLine | null> {
  const { name, noWait, certificate } = flags;
  if (isNativeToken(text)) {
    if (certificate !== undefined) return joinWithCertificate(context, text, flags);
    await printRequest(context, text, flags);
    return null;
  }
  if (certificate !== undefined)
    throw usage(
      "--certificate is for the token of a native line",
      "tetherdock join   # the gateway sends the certificate",
    );
  return joinLine(portsOf(context), text, { name, wait: !noWait });
}

export async function join(this: Context, flags: JoinFlags, argument?: string): Promise<void> {
  requireOneStdin(flags, argument);
  const text = await tokenFrom(this, argument);
  if (text.trim() === "")
    throw new TetherdockError("TOKEN_INVALID", "there is no token", {
      hints: ["tetherdock join", FROM_STDIN],
    });
  const made = await joined(this, text, flags);
  if (made === null) return;
  if (flags.json) {
    this.stdout.json(made);
    return;
  }
  const { line, address, client, role } = made;
  this.stdout.line(line);
  const may = role === null ? "in native mode: root on the host" : `role ${role}`;
  this.stderr.line(`joined ${address} as ${client}, ${may}`);
  this.stderr.line(`try: eval "$(${shellJoin(["tetherdock", "env", line])})"; docker ps`);
}
