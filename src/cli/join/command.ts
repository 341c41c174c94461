/** `tetherdock join`: sets up a line from an invitation. */
import { setTimeout as sleep } from "node:timers/promises";
import { type JoinPorts, join as joinLine, type WaitingRequest } from "../../app/join/index.ts";
import { SECOND_MS, shellJoin, TetherdockError } from "../../base/index.ts";
import { fetchJoinCa, redeemToken } from "../../system/api/join-client.ts";
import { readLineFromStdin } from "../../system/files/read-excerpt.ts";
import type { Context } from "../context.ts";
import { random } from "../host/random.ts";
import { during } from "../output/activity.ts";
import type { JoinFlags } from "./flags.ts";

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

function tellWaiting({ stderr }: Context, { address, client, fingerprint, until }: WaitingRequest): void {
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

export async function join(this: Context, flags: JoinFlags, argument?: string): Promise<void> {
  const text = await tokenFrom(this, argument);
  if (text.trim() === "")
    throw new TetherdockError("TOKEN_INVALID", "there is no token", {
      hints: ["tetherdock join", FROM_STDIN],
    });
  const joined = await joinLine(portsOf(this), text, { name: flags.name, wait: !flags.noWait });
  if (flags.json) {
    this.stdout.json(joined);
    return;
  }
  const { line, address, client, role } = joined;
  this.stdout.line(line);
  this.stderr.line(`joined ${address} as ${client}, role ${role}`);
  this.stderr.line(`try: eval "$(${shellJoin(["tetherdock", "env", line])})"; docker ps`);
}
