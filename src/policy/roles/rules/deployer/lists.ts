/** Lists, prunes and events: the caller's filters narrowed to the owner's label, and the answer filtered by it once more. */
import type { Answer } from "../../../answers/index.ts";
import type { Labels } from "../../../asking.ts";
import { OWNER_LABEL } from "../../../body/model/index.ts";
import { BUILDER_LABEL } from "../../../build/attributes.ts";
import { refusal } from "../../../refusal.ts";
import { ownFilters } from "./filters.ts";
import type { Judged } from "./judging.ts";
import { isOwn, NO_KEY, ownIn, ownOfList, shownBy } from "./own.ts";
import { targetOf } from "./query/query.ts";

/**
 * The engine's labels are AND: the owner's label narrows whatever else is asked.
 * @param type the only one that is listed; of events @param label that has the owner
 */
const filtered =
  (answerOf: (owner: string) => Answer | null, type?: string, label = OWNER_LABEL): Judged =>
  (body, call, query, { owner }) => {
    if (owner === null) return NO_KEY;
    const filters = ownFilters(query.get("filters") ?? "", owner, type, label);
    if ("refuse" in filters) return filters;
    const answer = answerOf(owner);
    const target = targetOf(call, {}, new Map([...query, ["filters", filters.text] as const]));
    return { body, target, ...(answer && { answer }) };
  };

export const prune = filtered(() => null);

/** Of the images that the client built. */
export const imagePrune = filtered(() => null, undefined, BUILDER_LABEL);

/**
 * The engine cannot tell an owner's container from one whose image has the owner's label, so it prunes only if there is no
 * such image.
 */
export const containerPrune: Judged = async (body, call, query, asking) => {
  const { owner, engine } = asking;
  if (owner !== null && (await engine.hasImageWith(`${OWNER_LABEL}=${owner}`)))
    return refusal(
      "owner",
      `an image on this engine has your label ${OWNER_LABEL}, so containers of others could be removed; use docker rm`,
    );
  return prune(body, call, query, asking);
};

/** Of the owner's containers: events of other things have no labels. */
export const events = filtered(
  (owner) => shownBy((event) => (isOwnEvent(event, owner) ? event : undefined), true),
  "container",
);

function isOwnEvent(event: unknown, owner: string): boolean {
  const { Type, Actor } = (event ?? {}) as Partial<Event>;
  return Type === "container" && isOwn(Actor?.Attributes, owner);
}

interface Event {
  readonly Type: string;
  readonly Actor: { readonly Attributes?: Labels | null } | null;
}

export const networkList = filtered((owner) => ownOfList(owner));

export const volumeList = filtered((owner) =>
  shownBy((value) => ({
    Volumes: ownIn((value as { Volumes?: unknown } | null)?.Volumes, owner),
    Warnings: null,
  })),
);
