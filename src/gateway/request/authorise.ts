/** Decides whether a request goes on, and to whom: by its head, or by its body when a judge must read it first. */
import { randomInt } from "node:crypto";
import { findOperation, type OperationCall } from "../../engine/index.ts";
import type { RequestHead } from "../../http/index.ts";
import type { Allow, Asking, Judge, Verdict } from "../../policy/index.ts";
import { adminBodyBytes, adminCallKind } from "../admin-port.ts";
import { InTurn } from "../admission/in-turn.ts";
import type { Memory } from "../admission/memory.ts";
import type { AnswerPlace } from "../answers/answer-place.ts";
import type { Authorization } from "../clients/authorization.ts";
import { permit } from "../clients/permit.ts";
import { termsOf } from "../docker/docker-terms.ts";
import { DockerLookup } from "../docker/engine-lookup.ts";
import type { RequestFills } from "../docker/fills.ts";
import { isStart } from "../docker/starts.ts";
import type { GatewayContext } from "../gateway-context.ts";
import { SessionTunnel } from "../grpc/session-tunnel.ts";
import type { MakeTunnel } from "../grpc/tunnel.ts";
import type { Exchange } from "../record/exchange.ts";
import type { Exchanges } from "../record/exchanges.ts";
import { Gatherer } from "../stream/gatherer.ts";
import { GatheredRequest } from "./gathered-request.ts";
import { denied, NO_OPERATION, NO_PLACE, notJudged, tooMany, UNWRITABLE } from "./refused.ts";
import type { Outcome, ToJudge } from "./state.ts";
import { tooLarge } from "./transition.ts";

/** Of a body of a request that waits; such requests have none. */
const WAITING_BODY_BYTES = 64 * 1024;

export class Authoriser {
  readonly #context: GatewayContext;
  readonly #authorization: Authorization;
  readonly #exchanges: Exchanges;
  readonly #memory: Memory;
  readonly #turn: InTurn;
  /** Of the latest judged request. */
  #lookup: DockerLookup | null = null;
  /** Of the latest judged request, until dockerd has it: then they end with the answer. */
  #fills: RequestFills | null = null;
  /** Of the latest request, until dockerd has it. */
  #place: AnswerPlace | null = null;
  /** What counts as kept by dockerd for the latest judged request. */
  #kept = 0;
  /** What counts as kept by dockerd if the client leaves while a judge asks the engine. */
  #atStake = 0;

  constructor(context: GatewayContext, authorization: Authorization, exchanges: Exchanges, memory: Memory) {
    this.#context = context;
    this.#authorization = authorization;
    this.#exchanges = exchanges;
    this.#memory = memory;
    this.#turn = new InTurn(memory);
  }

  /** Decides by the head, and begins the request's record. @param bytes the head and the beginning of the body */
  byHead(head: RequestHead, bytes: Buffer): Outcome {
    const { method, target } = head;
    const adminCall = adminCallKind(method, target);
    const call = adminCall === null ? findOperation(method, target) : null;
    const decision = permit(this.#context, this.#authorization, call, adminCall);
    const exchange = this.#exchanges.begin({ method, target, call }, bytes.length);
    if (decision.allow === null) return this.#toJudge(decision, call, exchange, head, bytes);
    if (!decision.allow) return denied(decision, exchange);
    if (adminCall === null && this.#mustWait(call))
      return this.#toJudge(afterWaiting(decision), call, exchange, head, bytes);
    if (!exchange.permit(decision.rule)) return UNWRITABLE;
    if (adminCall === null) this.#takePlace(call);
    return adminCall === null
      ? this.#toDocker(head, call, decision, bytes, false)
      : { to: "admin-api", request: this.#gather(head, bytes, adminBodyBytes(target)) };
  }

  /**
   * Asks the judge, now that the body is whole, and that dockerd may prepare the answer: nothing changes between a judgement and what
   * dockerd does. Never rejects: an error becomes the result.
   * @returns at once, unless it waits for a place, a large body for its turn, or the judge asks the engine
   */
  judge(asked: ToJudge): Judged | Promise<Judged> {
    const mayBegin = this.#takePlace(asked.call);
    if (mayBegin === true) return this.#judge(asked);
    return mayBegin.then((isIn) => (isIn ? this.#judge(asked) : NO_PLACE));
  }

  #judge(asked: ToJudge): Judged | Promise<Judged> {
    const judged = this.#turn.run<Judged>(asked.request.length, () => this.#ask(asked));
    return judged instanceof Promise ? judged.catch((error) => error as Error) : judged;
  }

  /** The connection is over: stops waiting for a judge. */
  stop(): void {
    this.#turn.stop();
    this.#lookup?.stop();
    this.#endFills();
    this.#endPlace();
    if (this.#atStake > 0) this.#spend(this.#atStake);
    this.#atStake = 0;
  }

  #keeps(bytes: number): boolean {
    this.#kept += bytes;
    return this.#spend(bytes);
  }

  #spend(bytes: number): boolean {
    return this.#context.kept.spend(this.#exchanges.owner, this.#context.coarseNow, bytes);
  }

  #mustWait(call: OperationCall | null): boolean {
    const { role } = this.#authorization;
    return role?.admin !== true && this.#context.answers.mustWait(this.#exchanges.owner, call);
  }

  /** @returns whether dockerd may have the request now */
  #takePlace(call: OperationCall | null): true | Promise<boolean> {
    const { owner } = this.#exchanges;
    this.#place = this.#authorization.role?.admin ? null : this.#context.answers.placeFor(owner, call);
    return this.#place?.mayBegin() ?? true;
  }

  #endPlace(): void {
    this.#place?.over();
    this.#place = null;
  }

  #endFills(): void {
    this.#fills?.release();
    this.#fills = null;
  }

  #ask({ request, judge, call }: ToJudge): Judged | Promise<Judged> {
    const { connect, limits, fills, answers } = this.#context;
    this.#fills = fills.ofRequest();
    this.#kept = 0;
    const place = () => answers.placeForLookup(this.#exchanges.owner);
    this.#lookup = new DockerLookup(connect, this.#memory, limits.headBytes, this.#fills, place);
    const holds = (bytes: number) => this.#memory.judges(bytes);
    const asking: Asking = {
      owner: this.#authorization.peer.fingerprint,
      contentType: request.fieldValues("content-type"),
      contentEncoding: request.fieldValues("content-encoding"),
      upgrade: request.head.upgrade,
      engine: this.#lookup,
      holds,
      chance: (times) => randomInt(times) === 0,
      inTurn: (work) => answers.countInTurn(this.#exchanges.owner, work),
      mayKeep: (bytes) => this.#keeps(bytes),
      ifLeft: (bytes) => {
        this.#atStake = bytes;
      },
      ...(request.head.upgrade === "h2c" && {
        h2c: { fieldValues: (name: string) => request.fieldValues(name) },
      }),
    };
    const judged = () => {
      holds(0);
      this.#atStake = 0;
    };
    holds(request.length);
    try {
      const verdict = judge.judge(request.takeBody(), call, asking);
      if (verdict instanceof Promise) return verdict.then(withTunnel).finally(judged);
      judged();
      return verdict;
    } catch (error) {
      judged();
      return error as Error;
    }
  }

  /** Decides by the judge's verdict. */
  byVerdict(asked: ToJudge, verdict: Judged): Outcome {
    const outcome = this.#byVerdict(asked, verdict);
    if (outcome.to !== "docker") {
      this.#endFills();
      this.#endPlace();
    }
    return outcome;
  }

  #byVerdict({ request, call, exchange }: ToJudge, verdict: Judged): Outcome {
    if (verdict instanceof Error) return notJudged(verdict, exchange);
    if (verdict === NO_PLACE)
      return tooMany(this.#place?.kind.place === "log" ? "too-many-logs" : "too-many-answers", exchange);
    if (!verdict.allow) return denied(verdict, exchange);
    if (isStart(call) && !this.#context.starts.mayBegin(this.#exchanges.owner)) {
      void verdict.notStarted?.();
      return tooMany("too-many-starts", exchange);
    }
    if (!exchange.permit(verdict.rule, this.#context.clock())) return UNWRITABLE;
    return this.#toDocker(request.head, call, verdict, request.judged(verdict), true, verdict.tunnel);
  }

  #toJudge(
    judge: Judge,
    call: OperationCall | null,
    exchange: Exchange,
    head: RequestHead,
    bytes: Buffer,
  ): Outcome {
    if (call === null) return denied(NO_OPERATION, exchange);
    const request = this.#gather(head, bytes, judge.maxBytes);
    if (head.contentLength <= judge.maxBytes && !request.isTooLarge)
      return { to: "judge", request, judge, call, exchange };
    request.drop();
    return { to: "client", refusal: tooLarge(judge.tooLarge) };
  }

  #gather(head: RequestHead, bytes: Buffer, maxBytes: number): GatheredRequest {
    return new GatheredRequest(head, bytes, new Gatherer(maxBytes, this.#memory));
  }

  #toDocker(
    head: RequestHead,
    call: OperationCall | null,
    { answer }: Allow,
    bytes: Buffer,
    isJudged: boolean,
    tunnel: MakeTunnel | null = null,
  ): Outcome {
    const place = this.#place;
    this.#place = null;
    const begins = (isJudged ? this.#beginsOf(call) : null) ?? wholeOf(place);
    const counts = { begins, place, gone: isJudged ? this.#goneOf(call) : null };
    const terms = termsOf(head, call, answer, this.#context.limits, counts);
    return { to: "docker", request: { terms, bytes, isJudged, tunnel } };
  }

  /** An attach that dockerd ends leaves nothing there: that its client left, it may never notice. */
  #goneOf(call: OperationCall | null): (() => void) | null {
    const kept = this.#kept;
    if (kept === 0 || call?.operation.name !== "ContainerAttach") return null;
    return () => this.#context.kept.giveBack(this.#exchanges.owner, kept);
  }

  /** @returns what dockerd's answer ends, even if the client has left by then; null: nothing */
  #beginsOf(call: OperationCall | null): (() => () => void) | null {
    if (isStart(call)) return () => this.#context.starts.begin(this.#exchanges.owner);
    const fills = this.#fills;
    if (fills === null || fills.isEmpty) return null;
    this.#fills = null;
    return () => () => fills.release();
  }
}

/** For a request that the role allows, which waits until dockerd may have it. */
const afterWaiting = (verdict: Allow): Judge => ({
  allow: null,
  maxBytes: WAITING_BODY_BYTES,
  byBody: false,
  judge: (body) => ({ ...verdict, body }),
});

/** dockerd goes on preparing an answer whose client has left. */
function wholeOf(place: AnswerPlace | null): (() => () => void) | null {
  return place?.kind.place === "whole" ? () => () => place.done() : null;
}

/** HTTP/2 is loaded with the first connection that needs it. */
async function withTunnel(verdict: Verdict): Promise<Judged> {
  if (!verdict.allow) return verdict;
  const { calls, sent } = verdict;
  if (sent !== undefined)
    return { ...verdict, tunnel: (parts, ends) => new SessionTunnel({ ...parts, sent }, ends) };
  if (calls === undefined) return verdict;
  const { GrpcTunnel } = await import("../grpc/grpc-tunnel.ts");
  return { ...verdict, tunnel: (parts, ends) => new GrpcTunnel({ ...parts, calls }, ends) };
}

/** A judge's verdict, or why there is none: one that throws must neither end the gateway nor let anything through. */
export type Judged = (Verdict & { readonly tunnel?: MakeTunnel }) | Error;
