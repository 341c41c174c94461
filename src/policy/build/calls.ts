/**
 * The gRPC calls that a client may make of BuildKit. Everything that is not listed is refused, also LLBBridge's ReadFile and
 * ReadDir, which no build from a Dockerfile needs: the engine opens what the build has made, as root on the host, and that may be a
 * device, or a folder of 100,000 files, whose list takes 137 MB for each call.
 */
import type { EngineLookup } from "../asking.ts";
import { CallProblem, type Refusal, refusal, refusalIn, TOO_MUCH_KEPT } from "../refusal.ts";
import { isWholeDetail } from "./details.ts";
import {
  BRIDGE_RETURN,
  BRIDGE_SOLVE,
  CONTROL_SOLVE,
  EMPTY,
  HEALTH,
  LIST_WORKERS,
  ONLY_REF,
  RESOLVE_IMAGE,
  STAT_FILE,
} from "./messages.ts";
import { checkNames, giveNames } from "./naming.ts";
import { ownId } from "./own-id.ts";
import { judgeBridgeSolve, judgeControlSolve } from "./solve.ts";
import { type Entries, type Message, type Model, read, type Value, WireError, write } from "./wire.ts";

/**
 * `begins`: it begins a build, or a result in it, and its record is written before the engine has the call; `follows`: it lasts as long as
 * a build, and tells what becomes of it; `asks`: everything else.
 */
export type CallKind = "begins" | "follows" | "asks";

/** A call as it was read: it has one message, which is not compressed. */
export interface GrpcCall {
  /** `moby.buildkit.v1.Control/Solve` */
  readonly method: string;
  readonly message: Uint8Array;
  /** Of the build that the call belongs to, as the client names it; null: none. */
  readonly buildId: string | null;
}

/** Does what is left to do once the engine has done its part. @returns what the client gets as the engine's message, or a failure */
type Finish<Failure> = (answer: Uint8Array) => Promise<Uint8Array | Failure>;

/** A call that passes, as the engine gets it. */
export interface PassedCall<Failure = Refusal> {
  readonly message: Uint8Array;
  readonly buildId: string | null;
  /** With it, the client gets the answer only when it is whole. It is not called if the engine answers with an error. */
  readonly finish?: Finish<Failure>;
}

interface Listed {
  readonly model: Model;
  /** Of a build that has begun: it needs the build's ID. */
  readonly inBuild: boolean;
  readonly kind: CallKind;
  readonly judge: (found: Message, owner: string, engine: EngineLookup) => JudgedCall | Promise<JudgedCall>;
}

/** What the engine gets, and what is left to do afterwards. Its failures are thrown. */
interface JudgedCall {
  readonly message: Message;
  readonly finish?: Finish<never>;
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

/** Without a result or an error, the engine crashes: BuildKit does not check the pointer. */
function judgeError(found: Message): Message {
  if (found["error"] === undefined) throw new CallProblem("message", "it has neither a result nor an error");
  const { details = [], ...error } = found["error"] as Message;
  const whole = (details as readonly Value[]).filter(isWholeDetail);
  return { error: { ...error, ...(whole.length > 0 && { details: whole }) } };
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

async function judgeSolve(found: Message, owner: string, engine: EngineLookup): Promise<JudgedCall> {
  const { message, names } = judgeControlSolve(found, owner);
  if (names.length === 0) return { message };
  await checkNames(names, owner, engine);
  return { message, finish: (answer) => giveNames(answer, names, owner, engine) };
}

const ownBuild = (found: Message, owner: string): Message => ({
  ...found,
  Ref: ownId("build", owner, (found["Ref"] ?? "") as string),
});

const CONTROL = "moby.buildkit.v1.Control";
const BRIDGE = "moby.buildkit.v1.frontend.LLBBridge";

const listed = (model: Model, judge: (found: Message, owner: string) => Message = asItIs): Listed => ({
  ...{ model, inBuild: false, kind: "asks" },
  judge: (found, owner) => ({ message: judge(found, owner) }),
});
const inBuild = (...of: Parameters<typeof listed>): Listed => ({ ...listed(...of), inBuild: true });

const LISTED: ReadonlyMap<string, Listed> = new Map([
  [`${CONTROL}/Solve`, { model: CONTROL_SOLVE, inBuild: false, kind: "begins", judge: judgeSolve }],
  [`${CONTROL}/Status`, { ...listed(ONLY_REF, ownBuild), kind: "follows" }],
  [`${CONTROL}/ListWorkers`, listed(LIST_WORKERS)],
  [`${CONTROL}/Info`, listed(EMPTY)],
  ["grpc.health.v1.Health/Check", listed(HEALTH)],
  [`${BRIDGE}/Solve`, { ...inBuild(BRIDGE_SOLVE, judgeBridgeSolve), kind: "begins" }],
  [`${BRIDGE}/Return`, inBuild(BRIDGE_RETURN, judgeReturn)],
  [
    `${BRIDGE}/ResolveImageConfig`,
    inBuild(
      RESOLVE_IMAGE,
      forbidFields(
        ["ResolverType", "SessionID", "StoreID", "SourcePolicies"],
        "source",
        "images come from the engine or a registry",
      ),
    ),
  ],
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

/** @returns `begins` also for a call that is not listed */
export function kindOf(method: string): CallKind {
  return LISTED.get(method)?.kind ?? "begins";
}

function refusalOf(error: unknown): Refusal {
  return error instanceof WireError ? refusal("message", error.message) : refusalIn(error);
}

/** Of a call, besides its message: builds that only begin took about 35 KB each on Engine 28.5. */
const CALL_BYTES = 40 * 1024;
/** The engine keeps the message, and what it makes of it. */
const COPIES = 2;

/**
 * @param mayKeep asked before the engine gets the call, which it keeps in memory: until the connection is over if the call begins
 *   something, otherwise until the call ends
 * @returns the call as the engine gets it, or why it is refused. Rejects if the engine does not answer.
 */
export async function judgeGrpc(
  { method, message, buildId }: GrpcCall,
  owner: string,
  engine: EngineLookup,
  mayKeep: (bytes: number) => boolean,
): Promise<PassedCall | Refusal> {
  const call = LISTED.get(method);
  if (call === undefined) return refusal("method", "it is not a call that a build needs");
  if (call.inBuild && (buildId === null || buildId === "")) return refusal("id", "it names no build");
  try {
    const found = read(message, call.model, method.slice(method.indexOf("/") + 1));
    const { message: judged, finish } = await call.judge(found, owner, engine);
    const passed = write(judged, call.model);
    if (!mayKeep(CALL_BYTES + COPIES * passed.length)) return TOO_MUCH_KEPT;
    return {
      message: passed,
      buildId: call.inBuild && buildId !== null ? ownId("build", owner, buildId) : null,
      ...(finish && { finish: (answer: Uint8Array) => finish(answer).catch(refusalOf) }),
    };
  } catch (error) {
    return refusalOf(error);
  }
}
