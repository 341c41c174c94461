/** The narrowest role file that would have permitted what a client did. */
import { counted, quoteForeign } from "../../../base/index.ts";
import { standingOf } from "../../../policy/index.ts";
import { askClients, type GatewayPorts, unknownClient } from "../../gateway-api/index.ts";
import { lineOption } from "../../lines/index.ts";
import { type MadeRole, roleFor } from "../made/role-for.ts";
import { requireRoleName } from "../made/role-name.ts";
import { listed, type Note, roleText } from "../made/role-text.ts";
import { type Recorded, type RecordedSpan, readRecorded } from "./recorded.ts";
import { type Replayed, replay } from "./replay.ts";

/** The most refusals that have a note each. */
const SHOWN = 20;

export interface ObservedRole {
  /** The file. */
  readonly text: string;
  readonly source: unknown;
  readonly notes: readonly Note[];
  readonly replayed: Replayed;
}

/** `bob@desk` → `seen-bob-desk` */
function nameFor(client: string): string {
  const words = client.toLowerCase().match(/[a-z0-9]+/g) ?? ["client"];
  return `seen-${words.join("-")}`.slice(0, 32).replace(/-$/, "");
}

const timesOf =
  ({ permitted }: Recorded) =>
  (count: number): string =>
    `${count} of ${permitted} requests`;

/** What the role would have refused; not all of it in full. */
function refusedNotes(recorded: Recorded, refused: Replayed["refused"]): Note[] {
  const times = timesOf(recorded);
  const notes = refused.slice(0, SHOWN).map((one) => ({
    about: one.operation,
    text: `the role would have refused ${times(one.count)}, such as ${quoteForeign(one.target)}: ${one.reason}`,
  }));
  const others = refused.slice(SHOWN);
  if (others.length === 0) return notes;
  const about = listed([...new Set(others.map(({ operation }) => operation))]);
  const count = others.reduce((sum, one) => sum + one.count, 0);
  return [...notes, { about, text: `the role would have refused ${times(count)}; --json has the reasons` }];
}

/** What records do not say of requests that the role permits. */
function unsaidNotes(recorded: Recorded, { checked, own }: MadeRole, byBody: number): Note[] {
  const times = timesOf(recorded);
  const base = own.file.extends;
  return [
    byBody > 0 && {
      about: listed(checked),
      text: `the role checks bodies, which are not recorded: ${times(byBody)} may have had one that it refuses`,
    },
    checked.length > 0 && {
      about: "whose things",
      text: `the records do not say who made what was named; ${base} decides that as it always does`,
    },
    recorded.operations.has("ContainerCreate") && {
      about: "limits",
      text: "the records do not say which images, ports, users and resources containers had; add limits yourself, with mode: audit at first",
    },
    recorded.pulled.size > 0 && {
      about: "images that were pulled",
      text: listed([...recorded.pulled].map(quoteForeign)),
    },
    recorded.builds > 0 && {
      about: "builds",
      text: `${times(recorded.builds)} were calls of builds by BuildKit; the role permits such builds, and judges each call as ${base} does`,
    },
  ].filter((note) => note !== false);
}

/** What the role does not cover. */
function leftOutNotes(recorded: Recorded): Note[] {
  const times = timesOf(recorded);
  const { others, notKept, refused, readUntil } = recorded;
  return [
    others > 0 && {
      about: "other requests",
      text: `${times(others)} were no operation of the Docker API, such as calls of the admin API`,
    },
    notKept > 0 && {
      about: "not replayed",
      text: `${times(notKept)} were too many or too long to be judged again`,
    },
    refused > 0 && {
      about: "refused before",
      text: `the role does not cover what the gateway refused: ${counted(refused, "request")}`,
    },
    readUntil !== null && {
      about: "not read",
      text: `there are more records than are read; the last is of ${new Date(readUntil).toISOString()}. Give --since or --until`,
    },
  ].filter((note) => note !== false);
}

function notesOn(recorded: Recorded, made: MadeRole, { refused, byBody }: Replayed): Note[] {
  const unchecked = {
    about: listed(made.unchecked),
    text: "in operations.allowAsRoot, since nothing checks them: whoever may call them can become root on the host, or read secrets. Remove them if you can do without",
  };
  return [
    ...(made.unchecked.length > 0 ? [unchecked] : []),
    ...refusedNotes(recorded, refused),
    ...unsaidNotes(recorded, made, byBody),
    ...leftOutNotes(recorded),
  ];
}

/** A client that was removed is still known by its records. @throws CLIENT_UNKNOWN */
async function requireSeen(
  ports: GatewayPorts,
  recorded: Recorded,
  { line, client }: RecordedSpan,
): Promise<void> {
  if (recorded.permitted + recorded.refused > 0) return;
  const { clients } = await askClients(ports, line);
  const names = clients.map(({ name }) => name);
  if (names.includes(client)) return;
  throw unknownClient(
    `there is no client ${quoteForeign(client)} on the list or in these records`,
    client,
    names,
    {
      list: null,
      again: (near) => ["tetherdock", "policy", "observe", near, ...lineOption(line)],
    },
  );
}

/**
 * @param name of the role; undefined: after the client
 * @throws USAGE, CLIENT_UNKNOWN, GATEWAY_UNREACHABLE, GATEWAY_REFUSED, LINE_…
 */
export async function observeClient(
  ports: GatewayPorts,
  span: RecordedSpan,
  name: string | undefined,
): Promise<ObservedRole> {
  if (name !== undefined) requireRoleName(name);
  const recorded = await readRecorded(ports, span);
  await requireSeen(ports, recorded, span);
  const made = roleFor({
    name: name ?? nameFor(span.client),
    description: "made of what the audit log recorded of a client",
    operations: recorded.operations,
    standing: standingOf(recorded.rules, recorded.acts),
    asRoot: true,
  });
  const replayed = await replay(recorded, made.own.role);
  const notes = notesOn(recorded, made, replayed);
  const head = [
    `What ${quoteForeign(span.client)} did since ${new Date(span.since).toISOString()}: ${recorded.permitted} requests, ${recorded.operations.size} operations. It permits nothing else.`,
    "What the records cannot say:",
  ];
  return { text: roleText(made, head, notes), source: made.own.source, notes, replayed };
}
