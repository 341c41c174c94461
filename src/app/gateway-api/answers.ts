/** The forms of a gateway's answers. Fields that a newer gateway adds are ignored. */
import type { AuditVerification } from "../../audit/index.ts";
import { json } from "../../base/index.ts";
import type { CutReceipt, OpenInvitation, Session } from "../../gateway/index.ts";
import {
  type Client,
  type CopySign,
  type JobTrust,
  type KeyRequest,
  MAX_INVITATIONS,
  type Renewal,
  readClaims,
  readClient,
  readClientName,
  readInstant,
  readKeyRequest,
  readRoleName,
} from "../../identity/index.ts";

const words = { read: json.words() };
const wordsOrNull = { read: json.orNull(json.words()) };
const number = { read: json.number };

/** A gateway's status. */
export interface GatewayStatus {
  readonly version: string;
  readonly problems: readonly string[];
  readonly connections: number;
  readonly handshakes: number;
  readonly draining: boolean;
  readonly audit: string;
}

export const readStatus = json.openObject<GatewayStatus>({
  version: words,
  problems: { read: json.list(json.words(), 1000) },
  connections: number,
  handshakes: number,
  draining: { read: json.flag },
  audit: words,
});

/** What a gateway tells a client about itself. */
export interface SelfAnswer extends Pick<Client, "name" | "role" | "expires"> {
  /** For an admin: the names under which machines wait for approval; null: for others. */
  readonly waiting: readonly string[] | null;
}

export const readSelf = json.openObject<SelfAnswer>({
  name: { read: readClientName },
  role: { read: readRoleName },
  expires: { read: json.orNull(readInstant) },
  waiting: { read: json.orNull(json.list(readClientName, MAX_INVITATIONS)) },
});

const sessions = {
  read: json.list(
    json.openObject<Session>({
      id: words,
      client: wordsOrNull,
      address: words,
      since: { read: json.time },
      requests: number,
      operation: wordsOrNull,
      target: { read: json.orNull(json.words(64 * 1024)) },
    }),
  ),
};

export const readSessions = json.openObject<{ readonly sessions: readonly Session[] }>({ sessions });

/** Which connections a change of the list has cut, and how long it took until they were closed. */
export interface Receipt extends CutReceipt<Session> {
  readonly tookMs: number;
}

/** Older gateways send no receipt. */
export const readChanged = json.openObject<{ readonly receipt: Receipt | null }>({
  receipt: {
    read: json.orNull(json.openObject<Receipt>({ cut: sessions, open: number, tookMs: number })),
    optional: { value: null },
  },
});

/** For older gateways, no key waits for approval. */
const readOpenInvitation = json.openObject<OpenInvitation>({
  name: { read: readClientName },
  role: words,
  expires: { read: json.orNull(readInstant) },
  until: { read: readInstant },
  state: { read: json.oneOf("invited", "waiting", "approved"), optional: { value: "invited" } },
  fingerprint: { read: json.orNull(json.sha256), optional: { value: null } },
});

/** An invitation that was just made. */
export type MadeInvitation = Omit<OpenInvitation, "state" | "fingerprint">;

export const readInvitation = json.openObject<MadeInvitation>({
  name: { read: readClientName },
  role: words,
  expires: { read: json.orNull(readInstant) },
  until: { read: readInstant },
});

export const readRequest = json.openObject<{ readonly request: KeyRequest | null }>({
  request: { read: json.orNull(readKeyRequest) },
});

/** Whose jobs a client is for. */
export type JobClient = Omit<JobTrust, "ca">;

const readJobClient = json.openObject<JobClient>({
  name: { read: readClientName },
  issuer: words,
  audience: words,
  claims: { read: readClaims },
  lifeMs: number,
});

/** When a client was last connected. */
export interface ClientSeen {
  readonly name: string;
  /** Milliseconds since the epoch, by the host's clock. */
  readonly time: number;
  readonly address: string;
  /** When the certificate that it showed ends, milliseconds since the epoch; null: not known. */
  readonly certificateEnds: number | null;
}

const readSeen = json.openObject<ClientSeen>({
  name: { read: readClientName },
  time: { read: json.time },
  address: { read: json.words(200) },
  certificateEnds: { read: json.orNull(json.time), optional: { value: null } },
});

/** The client list, and who is invited and has not joined. */
export interface ClientsAnswer {
  readonly clients: readonly Client[];
  readonly invitations: readonly OpenInvitation[];
  readonly jobs: readonly JobClient[];
  readonly seen: readonly ClientSeen[];
  /** The CA that replaces the line's: SHA-256 of its key, and the names of those who trust it; null: none does. */
  readonly newCa: { readonly key: string; readonly clients: readonly string[] } | null;
  /** Names of the clients that are of the host's fleet. */
  readonly fleet: readonly string[];
}

/** Older gateways have no invitations and no clients for jobs, and do not say when they saw a client. */
export const readClients = json.openObject<ClientsAnswer>({
  clients: { read: json.list(readClient) },
  invitations: { read: json.list(readOpenInvitation), optional: { value: [] } },
  jobs: { read: json.list(readJobClient, 1000), optional: { value: [] } },
  seen: { read: json.list(readSeen), optional: { value: [] } },
  newCa: {
    read: json.orNull(
      json.openObject<{ readonly key: string; readonly clients: readonly string[] }>({
        key: { read: json.sha256 },
        clients: { read: json.list(readClientName) },
      }),
    ),
    optional: { value: null },
  },
  fleet: { read: json.list(readClientName), optional: { value: [] } },
});

/** How often a client's certificate was renewed; older gateways renew nothing. */
export type ClientRenewal = Pick<Renewal, "generation" | "at" | "recoveries" | "copy">;

export const readRenewal = json.openObject<{ readonly renewal: ClientRenewal | null }>({
  renewal: {
    read: json.orNull(
      json.openObject<ClientRenewal>({
        generation: number,
        at: { read: readInstant },
        recoveries: { read: json.list(readInstant, 100) },
        copy: {
          read: json.orNull(
            json.openObject<CopySign>({ at: { read: readInstant }, address: { read: json.words(100) } }),
          ),
        },
      }),
    ),
    optional: { value: null },
  },
});

const seal = { read: json.matching(/^[0-9a-f]{0,128}$/, "hex digits") };

export const readVerification = json.openObject<AuditVerification>({
  ok: { read: json.flag },
  complete: { read: json.flag },
  files: number,
  records: number,
  seal,
  parts: {
    read: json.list(
      json.openObject<AuditVerification["parts"][number]>({
        part: words as { read: json.Read<AuditVerification["parts"][number]["part"]> },
        files: number,
        newest: words,
        records: number,
        seal,
        begins: { read: json.orNull(json.time) },
        rotated: number,
      }),
    ),
  },
  problems: {
    read: json.list(
      json.openObject<AuditVerification["problems"][number]>({
        file: words,
        line: { read: json.orNull(json.number) },
        what: words,
      }),
    ),
  },
});

/** A file of a log, and how long it is. */
export interface LogFile {
  readonly name: string;
  readonly bytes: number;
}

/** More than a gateway can be told to keep, in its three parts. */
const MOST_LOG_FILES = 20_000;

export const readLogFiles = json.openObject<{ readonly files: readonly LogFile[] }>({
  files: { read: json.list(json.openObject<LogFile>({ name: words, bytes: number }), MOST_LOG_FILES) },
});

/** `bytes` is base64. */
export const readLogBytes = json.openObject<{ readonly size: number; readonly bytes: string }>({
  size: number,
  bytes: { read: json.words(4 * 1024 * 1024) },
});

/** Where only the status counts. */
export const readDone = json.openObject<object>({});
