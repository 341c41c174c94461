/**
 * Paths on the host. tetherdock's files are in few places, so that an admin can find them and `down` can remove them.
 */

/** The journal: one folder for each transaction; the newest has the highest number. */
export const JOURNAL = "/var/lib/tetherdock";
/** The server's certificate, its key, the CA for client certificates, and the gateway's configuration. */
export const CERTIFICATES = "/etc/tetherdock";
export const SERVER_KEY = `${CERTIFICATES}/server-key.pem`;
export const SERVER_CERTIFICATE = `${CERTIFICATES}/server-cert.pem`;
export const CLIENT_CA = `${CERTIFICATES}/ca.pem`;

/** The gateway's files: its program, its configuration and its state (systemd's paths for DynamicUser). */
export const GATEWAY_FOLDER = "/opt/tetherdock";
export const GATEWAY_PROGRAM = `${GATEWAY_FOLDER}/bin/tetherdock`;
/** Installed with gateways before November 2026, and removed with them. */
export const GATEWAY_LIBRARY = `${GATEWAY_FOLDER}/lib/libatomic.so.1`;
export const GATEWAY_CONFIG = `${CERTIFICATES}/gateway.json`;
export const GATEWAY_NAME = "tetherdock-gateway";
export const GATEWAY_SERVICE = `${GATEWAY_NAME}.service`;
/** The server's key, as the service gets it from systemd while it runs. */
export const GATEWAY_KEY = `/run/credentials/${GATEWAY_SERVICE}/server-key.pem`;
export const GATEWAY_SOCKET = `${GATEWAY_NAME}.socket`;
export const GATEWAY_STATE = `/var/lib/private/${GATEWAY_NAME}`;
export const GATEWAY_LOGS = `/var/log/private/${GATEWAY_NAME}`;
/** The same two as the service sees them, and as gateway.json names them: systemd makes the links. */
export const GATEWAY_STATE_LINK = `/var/lib/${GATEWAY_NAME}`;
export const GATEWAY_LOGS_LINK = `/var/log/${GATEWAY_NAME}`;
export const GATEWAY_CLIENTS = `${GATEWAY_STATE}/clients.json`;
export const GATEWAY_CLIENTS_LINK = `${GATEWAY_STATE_LINK}/clients.json`;
/** The revocations: only the gateway writes them; `up` reads them. */
export const GATEWAY_REVOKED = `${GATEWAY_STATE}/clients.revoked.json`;
/** Directories that appear when the service first runs, and are removed with it. */
export const GATEWAY_TREES = [GATEWAY_STATE, GATEWAY_STATE_LINK, GATEWAY_LOGS, GATEWAY_LOGS_LINK] as const;

/** What the gateway tells the fleet process. There only while this host gets its fleet's list from a store. */
export const FLEET_STORE = `${GATEWAY_STATE}/fleet-store.json`;
/** What this host has of its fleet. There only while it is in one. */
export const FLEET_KEPT = `${GATEWAY_STATE}/fleet.json`;
export const FLEET_SERVICE = "tetherdock-fleet.service";
export const FLEET_PATH = "tetherdock-fleet.path";

export const DOCKER_SERVICE = "docker.service";
export const UNIT_DIRECTORY = "/etc/systemd/system";
/** `zz-`: it must sort after drop-ins with the usual names (override.conf, tls.conf), which may reset ExecStart. */
export const DROP_IN_NAME = "zz-tetherdock.conf";
export const SERVICE_DROP_IN = `${UNIT_DIRECTORY}/${DOCKER_SERVICE}.d/${DROP_IN_NAME}`;

export const GATEWAY_SERVICE_FILE = `${UNIT_DIRECTORY}/${GATEWAY_SERVICE}`;
export const GATEWAY_SOCKET_FILE = `${UNIT_DIRECTORY}/${GATEWAY_SOCKET}`;
/** The links that start them at boot. */
export const GATEWAY_LINKS: ReadonlyMap<string, string> = new Map([
  [`${UNIT_DIRECTORY}/sockets.target.wants/${GATEWAY_SOCKET}`, GATEWAY_SOCKET_FILE],
  [`${UNIT_DIRECTORY}/multi-user.target.wants/${GATEWAY_SERVICE}`, GATEWAY_SERVICE_FILE],
]);

export const FLEET_SERVICE_FILE = `${UNIT_DIRECTORY}/${FLEET_SERVICE}`;
export const FLEET_PATH_FILE = `${UNIT_DIRECTORY}/${FLEET_PATH}`;
export const FLEET_LINK = `${UNIT_DIRECTORY}/${GATEWAY_SERVICE}.wants/${FLEET_PATH}`;

/**
 * Transient timer and service that restore the old state; as only one can exist, two `up` cannot run at the same time.
 */
export const UNDO_UNIT = "tetherdock-undo";
/** Does the same after a reboot, which removes transient units. */
export const BOOT_UNIT = "tetherdock-undo-at-boot.service";
export const BOOT_UNIT_FILE = `${UNIT_DIRECTORY}/${BOOT_UNIT}`;
export const BOOT_UNIT_LINK = `${UNIT_DIRECTORY}/multi-user.target.wants/${BOOT_UNIT}`;
