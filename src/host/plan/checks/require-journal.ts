/** `down` follows the journal. If the journal was removed and the line was not, "nothing to undo" would be a lie. */
import { quoteForeign, shellJoin, TetherdockError } from "../../../base/index.ts";
import {
  CERTIFICATES,
  DOCKER_SERVICE,
  FLEET_LINK,
  FLEET_PATH,
  FLEET_PATH_FILE,
  FLEET_SERVICE,
  FLEET_SERVICE_FILE,
  GATEWAY_FOLDER,
  GATEWAY_SERVICE,
  GATEWAY_SERVICE_FILE,
  GATEWAY_SOCKET,
  GATEWAY_SOCKET_FILE,
  GATEWAY_TREES,
  type HostFacts,
  JOURNAL,
  SERVER_KEY,
  SERVICE_DROP_IN,
} from "../../../facts/index.ts";

const GATEWAY_PATHS = [GATEWAY_FOLDER, GATEWAY_SERVICE_FILE, GATEWAY_SOCKET_FILE, ...GATEWAY_TREES];
const FLEET_PATHS = [FLEET_SERVICE_FILE, FLEET_PATH_FILE, FLEET_LINK];

/** Files on the host that only `up` creates. */
function remains({ ours }: HostFacts): string[] {
  return [...(ours.publicKey ? [SERVER_KEY] : []), ...ours.files.keys()];
}

interface Left {
  readonly hasGateway: boolean;
  readonly hasFleet: boolean;
  readonly hasDropIn: boolean;
}

function removal({ hasGateway, hasFleet, hasDropIn }: Left): string {
  const gateway = [...(hasGateway ? GATEWAY_PATHS : []), ...(hasFleet ? FLEET_PATHS : [])];
  const paths = [CERTIFICATES, SERVICE_DROP_IN, ...gateway];
  return [
    ...(hasFleet ? [`systemctl disable --now ${FLEET_PATH} ${FLEET_SERVICE}`] : []),
    ...(hasGateway ? [`systemctl disable --now ${GATEWAY_SOCKET} ${GATEWAY_SERVICE}`] : []),
    `rm -rf ${paths.join(" ")}`,
    "systemctl daemon-reload",
    ...(hasDropIn ? [`systemctl restart ${DOCKER_SERVICE}`] : []),
  ].join(" && ");
}

/** For root, by hand. The previous state is unknown; this leaves docker listening on its local socket. */
function byHand({ daemonJson, ours: { files } }: HostFacts): string[] {
  const inJson = daemonJson.file?.text.includes(`"${CERTIFICATES}/`) ?? false;
  const hasGateway = files.has(GATEWAY_SERVICE_FILE) || files.has(GATEWAY_SOCKET_FILE);
  return [
    ...(inJson
      ? [`first take TLS and its TCP port out of ${quoteForeign(daemonJson.path)}   # on the host`]
      : []),
    `${removal({ hasGateway, hasFleet: files.has(FLEET_SERVICE_FILE), hasDropIn: inJson || files.has(SERVICE_DROP_IN) })}   # on the host, as root`,
  ];
}

/**
 * @param lineName the line here that would be forgotten, if there is one
 * @throws JOURNAL_GONE when no journal has the previous state, and the host has changes of ours
 */
export function requireJournal(facts: HostFacts, lineName: string | undefined): void {
  const left = remains(facts);
  if (left.length === 0 || facts.transactions.some(({ state }) => state === "confirmed")) return;
  throw new TetherdockError("JOURNAL_GONE", "the host has a line, but its journal is missing", {
    why: [
      `the state before up was in ${JOURNAL}; these files are left: ${left.join(", ")}`,
      "nothing was changed, on the host or on this machine",
    ],
    hints: [
      ...byHand(facts),
      ...(lineName
        ? [`${shellJoin(["tetherdock", "down", lineName, "--forget"])}   # then, on this machine`]
        : []),
    ],
  });
}
