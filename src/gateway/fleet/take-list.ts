/** Puts a fleet's list in force, whoever brings it, and says what that has closed. */
import { counted, MINUTE_MS } from "../../base/index.ts";
import type { FleetDocuments, KeptFleet } from "../../fleet/index.ts";
import type { ListInForce } from "../../identity/index.ts";
import type { Gateway } from "../gateway.ts";
import type { FleetInForce } from "./fleet-in-force.ts";

export interface FleetParts {
  readonly gateway: Gateway;
  readonly clients: ListInForce;
  readonly fleet: FleetInForce;
}

/** Which connections were closed. */
type Closed = Awaited<ReturnType<Gateway["cuts"]["during"]>>["receipt"];

export interface TakenList {
  /** Why the list is not in force; null: it is. */
  readonly refused: string | null;
  readonly receipt: Closed & { readonly tookMs: number };
}

/** Characters of a reason, so that what comes after it has room in a receipt. */
const MOST_WHY = 120;

/** The operator who revokes must know that the key is revoked, even if the list is refused. */
function withRevoked(why: string, revoked: number, { cut, open }: Closed): string {
  if (revoked === 0) return why;
  const is = revoked === 1 ? "is" : "are";
  const closed = `closed ${counted(cut.length, "connection")}${open > 0 ? `, ${open} still open` : ""}`;
  return `${why.slice(0, MOST_WHY)}; but ${counted(revoked, "key")} that it revokes ${is} revoked on this host (${closed})`;
}

function noteList(gateway: Gateway, sender: string | null, what: string): void {
  if (sender === null) gateway.note("gateway", null, "fleet-list", what);
  else gateway.note("admin", sender, "fleet-list", what);
}

type Took = TakenList["receipt"];

/** What became of connections when a list was put in force, or when its revocations were although it was refused. */
interface First {
  readonly done: Promise<{ readonly took: Took }>;
  readonly at: number;
}
const SAME_MS = MINUTE_MS;

/**
 * A list comes over a line and from the store at the same moment, and whoever brings it second is told the same: what the first one has
 * closed, once it is closed.
 */
const putInForce = new WeakMap<KeptFleet, First>();
/** The latest one. */
const refusedFirst = new WeakMap<FleetInForce, First & { readonly timestamp: string }>();

async function closedBy(first: First | undefined): Promise<Took | undefined> {
  if (first === undefined || performance.now() - first.at >= SAME_MS) return undefined;
  return (await first.done).took;
}

/** @param kept the list in force @returns what was closed when it was put in force; undefined: that is longer ago, or nobody knows */
export const closedFor = (kept: KeptFleet | null): Promise<Took | undefined> =>
  closedBy(kept === null ? undefined : putInForce.get(kept));

function firstRefused(fleet: FleetInForce, { timestamp }: FleetDocuments): First | undefined {
  const first = refusedFirst.get(fleet);
  return first?.timestamp === timestamp ? first : undefined;
}

/** @param sender name of the client who sends the list; null: it comes from the store @throws FILE_FAILED */
export async function takeList(
  { gateway, clients, fleet }: FleetParts,
  documents: FleetDocuments,
  sender: string | null,
): Promise<TakenList> {
  const begun = performance.now();
  const before = fleet.kept;
  const done = gateway.cuts
    .during(null, async () => {
      const accepted = await fleet.accept(documents, () => clients.clients, sender);
      const isNews = "isNews" in accepted && accepted.isNews;
      const first = { done, at: performance.now() };
      if (isNews && fleet.kept) putInForce.set(fleet.kept, first);
      if ("revoked" in accepted && firstRefused(fleet, documents) === undefined)
        refusedFirst.set(fleet, { ...first, timestamp: documents.timestamp });
      return accepted;
    })
    .then(({ result, receipt }) => ({
      result,
      took: { ...receipt, tookMs: Math.round(performance.now() - begun) },
    }));
  const { result, took } = await done;
  const view = fleet.kept?.view;
  if ("refused" in result) {
    const { refused, revoked = 0 } = result;
    // The fleet process brings what is refused again and again.
    if (revoked > 0 && view && fleet.kept !== before)
      noteList(gateway, sender, `${view.list.name}: refused; ${counted(revoked, "key")} revoked`);
    if (revoked === 0) return { refused, receipt: { cut: [], open: 0, tookMs: took.tookMs } };
    const receipt = (await closedBy(firstRefused(fleet, documents))) ?? took;
    return { refused: withRevoked(refused, revoked, receipt), receipt };
  }
  if (!result.isNews) return { refused: null, receipt: (await closedFor(fleet.kept)) ?? took };
  if (view) noteList(gateway, sender, `${view.list.name} ${view.version}`);
  return { refused: null, receipt: took };
}
