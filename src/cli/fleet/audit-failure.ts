/** What is wrong with hosts' audit logs, told so that no host can hide what another one's log shows. */
import { problemTexts } from "../../app/audit/index.ts";
import type { FetchedHost, VerifiedHost } from "../../app/fleet/index.ts";
import { shellJoin, TetherdockError } from "../../base/index.ts";

/** Of hosts' errors; many hosts mostly fail for few reasons. */
const MOST_HINTS = 6;

/** Of one host: it says itself how many files its log has, and what is wrong with them. */
const MOST_OF_HOST = 5;
/** Of all hosts, if there are fewer; each is named at least once. */
const MOST_LINES = 60;

/** Why a host could not be asked, or not all of its log be copied. */
function errorsOf(one: FetchedHost | VerifiedHost): readonly TetherdockError[] {
  if ("error" in one) return [one.error];
  if ("errors" in one) return one.errors;
  return one.fetched.noRoom === null ? [] : [one.fetched.noRoom];
}

/** @returns what the copy or the log shows, one line each; what was found on this machine first */
function foundIn(one: FetchedHost | VerifiedHost): string[] {
  if ("error" in one) return [];
  const found = "log" in one ? [...(one.copy?.problems ?? []), ...(one.log?.problems ?? [])] : [];
  return problemTexts([...(one.fetched?.problems ?? []), ...found]);
}

interface Why {
  readonly host: string;
  readonly found: readonly string[];
  readonly texts: readonly string[];
}

function whyOf(one: FetchedHost | VerifiedHost): Why {
  const found = foundIn(one);
  return { host: one.host, found, texts: [...found, ...errorsOf(one).map(({ message }) => message)] };
}

function linesOf({ host, texts }: Why, most: number): string[] {
  const lines = texts.slice(0, most).map((text) => `${host}: ${text}`);
  const more = texts.length - most;
  return more > 0 ? [...lines, `${host}: and ${more} more`] : lines;
}

/** Hosts whose logs are wrong before those that do not answer. */
function allLines(hosts: readonly (FetchedHost | VerifiedHost)[]): string[] {
  const wrong = hosts.map(whyOf).filter(({ texts }) => texts.length > 0);
  const most = Math.max(1, Math.min(MOST_OF_HOST, Math.floor(MOST_LINES / Math.max(1, wrong.length))));
  const isFound = ({ found }: Why) => found.length > 0;
  return [...wrong.filter(isFound), ...wrong.filter((one) => !isFound(one))].flatMap((one) =>
    linesOf(one, most),
  );
}

/** The hints of the hosts' errors, each once, and then the one that always applies. */
function hintsOf(errors: readonly TetherdockError[], last: string): string[] {
  const hints = new Set(errors.flatMap(({ hints }) => hints));
  hints.delete(last);
  return [...[...hints].slice(0, MOST_HINTS), last];
}

/** @returns null: all is well */
export function failureOf(
  hosts: readonly (FetchedHost | VerifiedHost)[],
  fleet: string,
  hint = shellJoin(["tetherdock", "fleet", "audit", "verify", "--fleet", fleet]),
): TetherdockError | null {
  const why = allLines(hosts);
  if (why.length === 0) return null;
  return new TetherdockError(
    "FLEET_AUDIT_INCOMPLETE",
    `the audit logs of the fleet ${fleet} are not all here and intact`,
    { why, hints: hintsOf(hosts.flatMap(errorsOf), hint) },
  );
}
