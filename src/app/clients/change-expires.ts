/** Moves the end of a client's access, also after it has ended. Its key, its role and its things stay. */
import { DAY_MS, shellJoin, TetherdockError } from "../../base/index.ts";
import { type Client, setClientExpires } from "../../identity/index.ts";
import { formatApproval, type InvitationRecords, parseApproval } from "../approve/index.ts";
import { lineOption, pickLine } from "../lines/index.ts";
import { callChange, knownClients } from "./change-client.ts";
import type { ClientsPorts } from "./ports.ts";

export interface ExpiresPorts extends ClientsPorts {
  /** Of keys that were approved here: the next certificate of one ends with its access. */
  readonly approvals: InvitationRecords;
}

export interface MovedEnd {
  readonly name: string;
  /** ISO 8601; null: access ends with the certificate. */
  readonly expires: string | null;
  /** Who is revoked stays revoked. */
  readonly state: Client["state"];
  /** Whether its certificate ends before its access, or was made for an earlier end; null: the gateway has not seen it. */
  readonly endsEarlier: boolean | null;
  /** When the certificate ends that it showed last, ISO 8601; null: the gateway has not seen it. */
  readonly certificateEnds: string | null;
}

function notJoined(line: string | undefined, name: string): TetherdockError {
  const invite = ["tetherdock", "client", "invite", name, "--expires", "TIME", ...lineOption(line)];
  return new TetherdockError("CLIENT_UNKNOWN", `${name} is invited and has not joined yet`, {
    hints: [`${shellJoin(invite)}   # replaces the invitation`],
  });
}

function ownEnd(line: string | undefined, name: string): TetherdockError {
  const back = ["tetherdock", "client", "expires", name, "never", ...lineOption(line)];
  return new TetherdockError("CLIENT_REVOKED", `${name} was this machine's own access, which has ended`, {
    hints: [`${shellJoin(back)}   # by another admin`],
  });
}

async function noteApproval(
  { approvals }: ExpiresPorts,
  line: string,
  { name, expires }: Pick<MovedEnd, "name" | "expires">,
) {
  const text = await approvals.read(line, name);
  const record = text === undefined ? null : parseApproval(text, name);
  if (record !== null) await approvals.write(line, name, formatApproval({ ...record, expires }));
}

/** When access ends. */
export interface TypedEnd {
  /** As typed, for commands to repeat. */
  readonly text: string;
  /** Milliseconds since the epoch; null: with the certificate. */
  readonly at: number | null;
}

/** A certificate for an access that ends is made for a day longer. */
function endsEarlier(before: string | null, at: number | null, ends: number | null): boolean | null {
  if (at === null && before === null) return false;
  if (ends === null) return null;
  return at === null ? ends <= Date.parse(before ?? "") + DAY_MS : ends < at;
}

/**
 * @param line as typed; undefined: the one that is meant when none is named
 * @throws CLIENT_UNKNOWN; GATEWAY_REFUSED when no active admin would be left; GATEWAY_UNREACHABLE, FILE_FAILED
 */
export async function changeExpires(
  ports: ExpiresPorts,
  line: string | undefined,
  name: string,
  { text, at }: TypedEnd,
): Promise<MovedEnd> {
  const expires = at === null ? null : new Date(at).toISOString();
  const { clients, seen } = await knownClients(ports, "expires", line, name, text);
  const client = clients.find((one) => one.name === name);
  if (client === undefined) throw notJoined(line, name);
  await callChange(ports, line, clients, {
    call: { method: "POST", path: `clients/${encodeURIComponent(name)}/expires`, body: { expires } },
    ends: setClientExpires(name, expires),
    ours: () => ownEnd(line, name),
  });
  await noteApproval(ports, await pickLine(ports, line), { name, expires });
  const ends = seen.find((one) => one.name === name)?.certificateEnds ?? null;
  return {
    ...{ name, expires, state: client.state },
    endsEarlier: endsEarlier(client.expires, at, ends),
    certificateEnds: ends === null ? null : new Date(ends).toISOString(),
  };
}
