/**
 * What a client sends on a session: it answers calls that the engine makes. Each call has its own messages. A message passes only if
 * it is written as Docker's own clients write it, byte for byte: what is not exactly that, readers of protobuf may read in different
 * ways, and the engine has several.
 */
import { bytes, integer, type Message, type Model, one } from "../wire.ts";
import { type SentAnswer, STRANGE } from "./answer.ts";
import { exactly } from "./exactly.ts";
import { PACKET, Upload, uint32 } from "./upload.ts";

/** `moby.filesync.v1.FetchTokenResponse` */
const TOKEN: Model = { 1: one("token", bytes), 2: one("expiresIn", integer), 3: one("issuedAt", integer) };
/** `moby.filesync.v1.CredentialsResponse` */
const LOGIN: Model = { 1: one("name", bytes), 2: one("secret", bytes) };
/** A secret, a public key, a signature, what an ssh agent says. */
const DATA: Model = { 1: one("data", bytes) };
/** `grpc.health.v1.HealthCheckResponse` */
const HEALTH: Model = { 1: one("status", integer) };

/** All but tabs and line breaks, which files with keys have. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const CONTROLS = /[\0-\x08\x0b\x0c\x0e-\x1f]/;
const LEADS_OUT = /\n[\s\S]\.|\/\./;

/** A password is text; with a line break, as files with keys have, it must not be what a reader could take for a path of an upload. */
function isSecret(secret: Uint8Array): boolean {
  try {
    const shown = new TextDecoder("utf-8", { fatal: true }).decode(secret);
    if (CONTROLS.test(shown)) return false;
    return !shown.includes("\n") || !LEADS_OUT.test(shown);
  } catch {
    return false;
  }
}

/** What the receiver of an export says, by its type: which files it wants, that it has them, or why not. */
const OF_RECEIVER: ReadonlyMap<bigint, readonly string[]> = new Map([
  [1n, ["type", "id"]],
  [3n, ["type"]],
  [4n, ["type", "data"]],
]);

function isOfReceiver(packet: Message): boolean {
  const { type = 0n, id = 0n } = packet;
  const fields = OF_RECEIVER.get(type as bigint);
  return (
    fields !== undefined && Object.keys(packet).every((name) => fields.includes(name)) && uint32(id) !== null
  );
}

/** NaCl's have 32 bytes; the laptop has none for some registries. */
const isKey = ({ data = new Uint8Array() }: Message): boolean =>
  [0, 32].includes((data as Uint8Array).length);

const isLogin = ({ secret = new Uint8Array() }: Message): boolean => isSecret(secret as Uint8Array);

const ANY = () => true;

/** The messages of a call, how many there may be, and what is checked of each. */
type Rule = readonly [model: Model, most: number, isFine: (message: Message) => boolean];

/** By the path of the call. */
const RULES: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ["/moby.filesync.v1.FileSend/DiffCopy", [PACKET, Infinity, isOfReceiver]],
  ["/moby.filesync.v1.Auth/Credentials", [LOGIN, 1, isLogin]],
  ["/moby.filesync.v1.Auth/FetchToken", [TOKEN, 1, ANY]],
  ["/moby.filesync.v1.Auth/GetTokenAuthority", [DATA, 1, isKey]],
  ["/moby.filesync.v1.Auth/VerifyTokenAuthority", [DATA, 1, ANY]],
  ["/moby.buildkit.secrets.v1.Secrets/GetSecret", [DATA, 1, ANY]],
  ["/moby.sshforward.v1.SSH/CheckAgent", [{}, 1, ANY]],
  ["/moby.sshforward.v1.SSH/ForwardAgent", [DATA, Infinity, ANY]],
  ["/grpc.health.v1.Health/Check", [HEALTH, 1, ANY]],
]);
const UPLOAD = "/moby.filesync.v1.FileSync/DiffCopy";

class Messages implements SentAnswer {
  readonly held = 0;
  readonly #rule: Rule;
  #count = 0;

  constructor(rule: Rule) {
    this.#rule = rule;
  }

  contentOf(): null {
    return null;
  }

  refusesContent(): string {
    return STRANGE;
  }

  refuses(sent: Uint8Array): string | null {
    const [model, most, isFine] = this.#rule;
    const found = exactly(sent, model);
    if (found === null || !isFine(found)) return STRANGE;
    this.#count += 1;
    return this.#count > most ? "the session answers a call twice" : null;
  }

  failure(): null {
    return null;
  }
}

/** @param path of a call that the engine makes @returns null: no build needs an answer to it */
export function answerTo(path: string): SentAnswer | null {
  if (path === UPLOAD) return new Upload();
  const rule = RULES.get(path);
  return rule === undefined ? null : new Messages(rule);
}
