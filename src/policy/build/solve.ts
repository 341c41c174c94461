/** The calls that begin a build and run its frontend. */
import { CallProblem } from "../refusal.ts";
import { judgeAttributes } from "./attributes.ts";
import { judgeExporters } from "./exporters.ts";
import { ownId } from "./own-id.ts";
import { refuse } from "./refusal.ts";
import type { Entries, Message, Value } from "./wire.ts";

const FRONTEND = "dockerfile.v0";

const ALLOW = 0n;
const DENY = 1n;
const REGEX = 2n;

const rule = (action: bigint, identifier: string): Message => ({
  action,
  selector: { identifier, match_type: REGEX },
});

/**
 * What builds may be made from. The engine itself fetches the sources of a Dockerfile's ADD, from the host's network
 * namespace: it would reach services that listen on 127.0.0.1. A source policy goes with every build; the engine checks each
 * source by it, whatever the Dockerfile says.
 * @see moby/buildkit, sourcepolicy/engine.go: the last rule that matches decides
 */
const SOURCE_POLICY: Message = {
  version: 1n,
  rules: [rule(DENY, "(?s).*"), rule(ALLOW, "^docker-image://"), rule(ALLOW, "^local://")],
};

const NOT_LLB = "build steps that are sent directly are not judged yet; use a Dockerfile";
const NOT_CACHE =
  "imported cache could change other clients' builds, and exported cache goes elsewhere; leave out --cache-from and --cache-to";

/** Fields that must be missing, each with its check and what to do. */
const FORBIDDEN: Readonly<Record<string, readonly [string, string]>> = {
  Definition: ["llb", NOT_LLB],
  FrontendInputs: ["llb", NOT_LLB],
  ExporterAttr: ["output", "it belongs to an old version of BuildKit; leave it out"],
  SourcePolicy: ["sourcePolicy", "tetherdock sets the source policy; leave it out"],
  SourcePolicies: ["sourcePolicy", "tetherdock sets the source policy; leave it out"],
  SourcePolicySession: ["sourcePolicy", "tetherdock sets the source policy; leave it out"],
  EnableSessionExporter: ["output", "exporters of the client's session are not judged; leave it out"],
  ProxyNetwork: ["hostNamespaces", "builds use their own network; leave it out"],
  CacheImports: ["cache", NOT_CACHE],
};

function isThere(value: Value | undefined): boolean {
  if (value === undefined || value === false || value === "") return false;
  if (value instanceof Map) return value.size > 0;
  return Array.isArray(value) ? value.length > 0 : true;
}

function checkForbidden(found: Message): void {
  for (const [name, [check, why]] of Object.entries(FORBIDDEN))
    if (isThere(found[name])) throw new CallProblem(check, `${name} is not allowed: ${why}`);
}

function checkFrontend(found: Message, allowed: readonly string[]): void {
  const frontend = (found["Frontend"] ?? "") as string;
  if (!allowed.includes(frontend))
    refuse("frontend", "Frontend", frontend, `only ${FRONTEND} is allowed; leave out BUILDKIT_SYNTAX`);
}

function checkEntitlements(found: Message): void {
  const [first] = (found["Entitlements"] ?? []) as readonly string[];
  if (first !== undefined)
    refuse(
      "entitlements",
      "Entitlements",
      first,
      "it leads out of the build's container; leave out --allow and --network",
    );
}

/** Cache inside the image is the only one: it is read by nobody who does not ask for it. */
function checkCache(found: Message): void {
  const { Exports = [], ...others } = (found["Cache"] ?? {}) as Message;
  const exports = Exports as readonly Message[];
  if (Object.values(others).some(isThere) || exports.some(({ Type }) => Type !== "inline"))
    throw new CallProblem("cache", `Cache is not allowed: ${NOT_CACHE}`);
}

const idOf = (found: Message, name: string): string => {
  const id = (found[name] ?? "") as string;
  return id === "" ? refuse("id", name, id, "there must be one") : id;
};

/** @returns what the engine gets, and the names that the image is to have @throws CallProblem */
export function judgeControlSolve(
  found: Message,
  owner: string,
): { message: Message; names: readonly string[] } {
  // First what people ask for on the command line: it has the better hint.
  checkFrontend(found, ["", FRONTEND]);
  const attributes = judgeAttributes(
    (found["FrontendAttrs"] ?? new Map()) as Entries,
    owner,
    "FrontendAttrs",
  );
  checkEntitlements(found);
  checkCache(found);
  checkForbidden(found);
  const exporters = judgeExporters(found);
  const message = {
    ...found,
    ...exporters.message,
    Ref: ownId("build", owner, idOf(found, "Ref")),
    Session: ownId("session", owner, idOf(found, "Session")),
    FrontendAttrs: attributes,
    // without it, BuildKit 0.17 to 0.20 crashes the engine
    Cache: found["Cache"] ?? {},
    SourcePolicy: SOURCE_POLICY,
  };
  return { message, names: exporters.names };
}

/** @throws CallProblem */
export function judgeBridgeSolve(found: Message, owner: string): Message {
  checkFrontend(found, isThere(found["Definition"]) ? ["", FRONTEND] : [FRONTEND]);
  const attributes = judgeAttributes((found["FrontendOpt"] ?? new Map()) as Entries, owner, "FrontendOpt");
  checkForbidden(found);
  return { ...found, FrontendOpt: attributes, SourcePolicies: [SOURCE_POLICY] };
}
