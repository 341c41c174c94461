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

function notesOn(
  recorded: Recorded,
  { checked, unchecked, own }: MadeRole,
  { refused, byBody }: Replayed,
): Note[] {
  const notes: Note[] = [];
  const note = (about: string, text: string) => notes.push({ about, text });
  const times = (count: number) => `${count} of ${recorded.permitted} requests`;
  if (unchecked.length > 0)
    note(
      listed(unchecked),
      "in operations.allowAsRoot, since nothing checks them: whoever may call them can become root on the host, or read secrets. Remove them if you can do without",
    );
  for (const one of refused.slice(0, SHOWN))
    note(
      one.operation,
      `the role would have refused ${times(one.count)}, such as ${quoteForeign(one.target)}: ${one.reason}`,
    );
  const others = refused.slice(SHOWN);
  if (others.length > 0)
    note(
      listed([...new Set(others.map(({ operation }) => operation))]),
      `the role would have refused ${times(others.reduce((sum, { count }) => sum + count, 0))}; --json has the reasons`,
    );
  if (byBody > 0)
    note(
      listed(checked),
      `the role checks bodies, which are not recorded: ${times(byBody)} may have had one that it refuses`,
    );
  if (checked.length > 0)
    note(
      "whose things",
      `the records do not say who made what was named; ${own.file.extends} decides that as it always does`,
    );
  if (recorded.operations.has("ContainerCreate"))
    note(
      "limits",
      "the records do not say which images, ports, users and resources containers had; add limits yourself, with mode: audit at first",
    );
  if (recorded.pulled.size > 0)
    note("images that were pulled", listed([...recorded.pulled].map(quoteForeign)));
  if (recorded.others > 0)
    note(
      "other requests",
      `${times(recorded.others)} were no operation of the Docker API, such as calls of the admin API`,
    );
  if (recorded.builds > 0)
    note(
      "builds",
      `${times(recorded.builds)} were calls of builds by BuildKit; the role permits such builds, and judges each call as ${own.file.extends} does`,
    );
  if (recorded.notKept > 0)
    note("not replayed", `${times(recorded.notKept)} were too many or too long to be judged again`);
  if (recorded.refused > 0)
    note(
      "refused before",
      `the role does not cover what the gateway refused: ${counted(recorded.refused, "request")}`,
    );
  if (recorded.readUntil !== null)
    note(
      "not read",
      `there are more records than are read; the last is of ${new Date(recorded.readUntil).toISOString()}. Give --since or --until`,
    );
  return notes;
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
