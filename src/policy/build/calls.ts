/** The gRPC calls that a client may make of BuildKit. Everything that is not listed is refused. */
import type { EngineLookup } from "../asking.ts";
import { readJson } from "../body/json/read-json.ts";
import { isList, isObject, type JsonValue } from "../body/json/value.ts";
import { type Refusal, refusal } from "../refusal.ts";
import { checkNames } from "./exporters.ts";
import {
  BRIDGE_RETURN,
  BRIDGE_SOLVE,
  CONTROL_SOLVE,
  EMPTY,
  HEALTH,
  LIST_WORKERS,
  ONLY_REF,
  READ_DIR,
  READ_FILE,
  RESOLVE_IMAGE,
  STAT_FILE,
} from "./messages.ts";
import { ownId } from "./own-id.ts";
import { CallProblem } from "./refusal.ts";
import { judgeBridgeSolve, judgeControlSolve } from "./solve.ts";
import { type Entries, type Message, type Model, read, type Value, WireError, write } from "./wire.ts";

/** A call as it was read: it has one message, which is not compressed. */
export interface GrpcCall {
  /** `moby.buildkit.v1.Control/Solve` */
  readonly method: string;
  readonly message: Uint8Array;
  /** Of the build that the call belongs to, as the client names it; null: none. */
  readonly buildId: string | null;
}

/** A call that passes, as the engine gets it. */
export interface PassedCall {
  readonly message: Uint8Array;
  readonly buildId: string | null;
}

interface Listed {
  readonly model: Model;
  /** Of a build that has begun: it needs the build's ID. */
  readonly inBuild: boolean;
  /** It changes something: its record is written before the engine has the call. */
  readonly writes: boolean;
  readonly judge: (found: Message, owner: string, engine: EngineLookup) => Message | Promise<Message>;
}

const asItIs = (found: Message): Message => found;

function forbidFields(names: readonly string[], check: string, why: string) {
  return (found: Message): Message => {
    const first = names.find((name) => found[name] !== undefined);
    if (first !== undefined) throw new CallProblem(check, `${first} is not allowed: ${why}`);
    return found;
  };
}

const forbidAttestations = forbidFields(["attestations"], "attestations", "they are not judged yet");

const withoutSteps = ({ def: _, ...ref }: Message): Message => ref;

const hasNull = (value: JsonValue): boolean => {
  if (isList(value)) return value.some(hasNull);
  return value === null || (isObject(value) && [...value.values()].some(hasNull));
};

/** Of an error, such as the lines of the Dockerfile: JSON for Go's structs, in which null is a pointer that ends the engine. */
function isWholeDetail(detail: Value): boolean {
  const { type_url = "", value = new Uint8Array() } = detail as Message;
  try {
    return (type_url as string).endsWith("+json") && !hasNull(readJson(Buffer.from(value as Uint8Array)));
  } catch {
    return false;
  }
}

/** An engine that gets neither a result nor an error ends: BuildKit reads the result without a look. */
function judgeError(found: Message): Message {
  if (found["error"] === undefined) throw new CallProblem("message", "it has neither a result nor an error");
  const { details = [], ...error } = found["error"] as Message;
  const whole = (details as readonly Value[]).filter(isWholeDetail);
  return { error: { ...error, ...(whole.length > 0 && { details: whole }) } };
}

/** What one message of gRPC can carry back; the engine reads all of it into its memory first. */
const MOST_READ = 16n * 1024n * 1024n;

function judgeRead(found: Message): Message {
  const { Offset = 0n, Length = 0n } = (found["Range"] ?? { Length: MOST_READ }) as Readonly<
    Record<string, bigint>
  >;
  if (Offset < 0n || Length < 0n) throw new CallProblem("message", "Range has a negative number");
  return {
    ...found,
    Range: {
      ...(Offset > 0n && { Offset }),
      ...(Length > 0n && { Length: Length < MOST_READ ? Length : MOST_READ }),
    },
  };
}

/**
 * A client returns what the build made: results that the engine has, by their IDs. The steps that led to each come along; the
 * engine does not read them, and does not get them.
 */
function judgeReturn(found: Message): Message {
  if (found["error"] !== undefined || found["result"] === undefined) return judgeError(found);
  const { ref, refs, ...others } = forbidAttestations(found["result"] as Message);
  const all = ((refs as Message | undefined)?.["refs"] ?? new Map()) as Entries;
  const kept = new Map([...all].map(([name, value]) => [name, withoutSteps(value as Message)] as const));
  return {
    ...found,
    result: {
      ...others,
      ...(ref !== undefined && { ref: withoutSteps(ref as Message) }),
      ...(refs !== undefined && { refs: { refs: kept } }),
    },
  };
}

async function judgeSolve(found: Message, owner: string, engine: EngineLookup): Promise<Message> {
  const { message, names } = judgeControlSolve(found, owner);
  await checkNames(names, owner, engine);
  return message;
}

const ownBuild = (found: Message, owner: string): Message => ({
  ...found,
  Ref: ownId("build", owner, (found["Ref"] ?? "") as string),
});

const CONTROL = "moby.buildkit.v1.Control";
const BRIDGE = "moby.buildkit.v1.frontend.LLBBridge";

const listed = (model: Model, more: Partial<Listed> = {}): Listed => ({
  ...{ model, inBuild: false, writes: false, judge: asItIs },
  ...more,
});
const inBuild = (model: Model, more: Partial<Listed> = {}): Listed =>
  listed(model, { inBuild: true, ...more });

const LISTED: ReadonlyMap<string, Listed> = new Map([
  [`${CONTROL}/Solve`, listed(CONTROL_SOLVE, { writes: true, judge: judgeSolve })],
  [`${CONTROL}/Status`, listed(ONLY_REF, { judge: ownBuild })],
  [`${CONTROL}/ListWorkers`, listed(LIST_WORKERS)],
  [`${CONTROL}/Info`, listed(EMPTY)],
  ["grpc.health.v1.Health/Check", listed(HEALTH)],
  [`${BRIDGE}/Solve`, inBuild(BRIDGE_SOLVE, { writes: true, judge: judgeBridgeSolve })],
  [`${BRIDGE}/Return`, inBuild(BRIDGE_RETURN, { judge: judgeReturn })],
  [
    `${BRIDGE}/ResolveImageConfig`,
    inBuild(RESOLVE_IMAGE, {
      judge: forbidFields(
        ["ResolverType", "SessionID", "StoreID", "SourcePolicies"],
        "source",
        "images come from the engine or a registry",
      ),
    }),
  ],
  [`${BRIDGE}/ReadFile`, inBuild(READ_FILE, { judge: judgeRead })],
  [`${BRIDGE}/ReadDir`, inBuild(READ_DIR)],
  [`${BRIDGE}/StatFile`, inBuild(STAT_FILE)],
  [`${BRIDGE}/Evaluate`, inBuild(ONLY_REF)],
  [`${BRIDGE}/Inputs`, inBuild(EMPTY)],
  [`${BRIDGE}/Ping`, inBuild(EMPTY)],
]);

/** Each `docker build` exports its traces in this way. BuildKit itself does not always serve it, so clients go on. */
const OPTIONAL = "opentelemetry.proto.collector.trace.v1.TraceService/Export";

/** Whether clients make this call on their own and can do without. */
export function isOptional(method: string): boolean {
  return method === OPTIONAL;
}

/** Whether a call changes something. */
export function writes(method: string): boolean {
  return LISTED.get(method)?.writes !== false;
}

function refusalOf(error: unknown): Refusal {
  if (error instanceof CallProblem) return error.refusal;
  if (error instanceof WireError) return refusal("message", error.message);
  throw error;
}

/** @returns the call as the engine gets it, or why it is refused. Rejects if the engine does not answer. */
export async function judgeGrpc(
  { method, message, buildId }: GrpcCall,
  owner: string,
  engine: EngineLookup,
): Promise<PassedCall | Refusal> {
  const call = LISTED.get(method);
  if (call === undefined) return refusal("method", "it is not a call that a build needs");
  if (call.inBuild && (buildId === null || buildId === "")) return refusal("id", "it names no build");
  try {
    const found = read(message, call.model, method.slice(method.indexOf("/") + 1));
    return {
      message: write(await call.judge(found, owner, engine), call.model),
      buildId: call.inBuild && buildId !== null ? ownId("build", owner, buildId) : null,
    };
  } catch (error) {
    return refusalOf(error);
  }
}
