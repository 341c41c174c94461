/**
 * The messages of BuildKit's calls that a client may send, with all of their fields.
 * @see moby/buildkit, api/services/control/control.proto, frontend/gateway/pb/gateway.proto, sourcepolicy/pb/policy.proto
 */
import { bytes, flag, integer, list, type Model, map, message, one, text } from "./wire.ts";

/** LLB and other parts that are refused whole, so they are not read. */
const unread = bytes;

const RULE: Model = {
  1: one("action", integer),
  2: one(
    "selector",
    message({ 1: one("identifier", text), 2: one("match_type", integer), 3: list("constraints", unread) }),
  ),
  3: one("updates", unread),
};
const POLICY: Model = { 1: one("version", integer), 2: list("rules", message(RULE)) };
const CACHE_ENTRY: Model = { 1: one("Type", text), 2: map("Attrs", text) };
const EXPORTER: Model = { 1: one("Type", text), 2: map("Attrs", text) };
const CACHE: Model = {
  1: one("ExportRefDeprecated", text),
  2: list("ImportRefsDeprecated", text),
  3: map("ExportAttrsDeprecated", text),
  4: list("Exports", message(CACHE_ENTRY)),
  5: list("Imports", message(CACHE_ENTRY)),
};

/** `moby.buildkit.v1.SolveRequest`: begins a build. */
export const CONTROL_SOLVE: Model = {
  1: one("Ref", text),
  2: one("Definition", unread),
  3: one("ExporterDeprecated", text),
  4: map("ExporterAttrsDeprecated", text),
  5: one("Session", text),
  6: one("Frontend", text),
  7: map("FrontendAttrs", text),
  8: one("Cache", message(CACHE)),
  9: list("Entitlements", text),
  10: map("FrontendInputs", unread),
  11: one("Internal", flag),
  12: one("SourcePolicy", message(POLICY)),
  13: list("Exporters", message(EXPORTER)),
  14: one("EnableSessionExporter", flag),
  15: one("SourcePolicySession", text),
  16: one("CompatibilityVersion", integer),
  17: one("ProxyNetwork", flag),
};

/** `moby.buildkit.v1.frontend.SolveRequest`: runs a frontend in a build that has begun. */
export const BRIDGE_SOLVE: Model = {
  1: one("Definition", unread),
  2: one("Frontend", text),
  3: map("FrontendOpt", text),
  5: one("allowResultReturn", flag),
  6: one("allowResultArrayRef", flag),
  10: one("Final", flag),
  11: one("ExporterAttr", unread),
  12: list("CacheImports", message(CACHE_ENTRY)),
  13: map("FrontendInputs", unread),
  14: one("Evaluate", flag),
  15: list("SourcePolicies", message(POLICY)),
};

const REF: Model = { 1: one("id", text), 2: one("def", unread) };
const RESULT: Model = {
  1: one("refDeprecated", text),
  2: one("refsDeprecated", message({ 1: map("refs", text) })),
  3: one("ref", message(REF)),
  4: one("refs", message({ 1: map("refs", message(REF)) })),
  10: map("metadata", bytes),
  12: map("attestations", unread),
};
const ANY: Model = { 1: one("type_url", text), 2: one("value", bytes) };
/** `google.rpc.Status` */
export const STATUS: Model = {
  1: one("code", integer),
  2: one("message", text),
  3: list("details", message(ANY)),
};

/** Ends a build with its result, or with an error. */
export const BRIDGE_RETURN: Model = { 1: one("result", message(RESULT)), 2: one("error", message(STATUS)) };

const PLATFORM: Model = {
  1: one("Architecture", text),
  2: one("OS", text),
  3: one("Variant", text),
  4: one("OSVersion", text),
  5: list("OSFeatures", text),
};

export const RESOLVE_IMAGE: Model = {
  1: one("Ref", text),
  2: one("Platform", message(PLATFORM)),
  3: one("ResolveMode", text),
  4: one("LogName", text),
  5: one("ResolverType", integer),
  6: one("SessionID", text),
  7: one("StoreID", text),
  8: list("SourcePolicies", message(POLICY)),
};

export const STAT_FILE: Model = { 1: one("Ref", text), 2: one("Path", text), 3: one("MountIndex", integer) };

/** Of a build, or of a result in one. */
export const ONLY_REF: Model = { 1: one("Ref", text) };
export const LIST_WORKERS: Model = { 1: list("filter", text) };
export const HEALTH: Model = { 1: one("service", text) };
export const EMPTY: Model = {};
