/** Where things lie on the host. All of ours is in three places, so that an admin finds it and `down` removes it. */

/** Journal: one folder a transaction, newest has the highest number. */
export const JOURNAL = "/var/lib/tetherdock";
/** The engine's certificate, its key and the CA that clients are checked against. */
export const CERTIFICATES = "/etc/tetherdock";
export const SERVER_KEY = `${CERTIFICATES}/server-key.pem`;
export const SERVER_CERTIFICATE = `${CERTIFICATES}/server-cert.pem`;
export const CLIENT_CA = `${CERTIFICATES}/ca.pem`;

/** The gateway's own: its program, what it is told, and what it keeps (systemd's names for DynamicUser). */
export const GATEWAY_FOLDER = "/opt/tetherdock";
export const GATEWAY_PROGRAM = `${GATEWAY_FOLDER}/bin/tetherdock`;
/** Beside gateways of before November 2026, and removed with them. */
export const GATEWAY_LIBRARY = `${GATEWAY_FOLDER}/lib/libatomic.so.1`;
export const GATEWAY_CONFIG = `${CERTIFICATES}/gateway.json`;
export const GATEWAY_NAME = "tetherdock-gateway";
export const GATEWAY_SERVICE = `${GATEWAY_NAME}.service`;
export const GATEWAY_SOCKET = `${GATEWAY_NAME}.socket`;
export const GATEWAY_STATE = `/var/lib/private/${GATEWAY_NAME}`;
export const GATEWAY_LOGS = `/var/log/private/${GATEWAY_NAME}`;
export const GATEWAY_CLIENTS = `${GATEWAY_STATE}/clients.json`;
/** Who has been shut out: kept by the gateway alone; `up` reads it. */
export const GATEWAY_REVOKED = `${GATEWAY_STATE}/clients.revoked.json`;
/** What appears when the service first runs, and goes as a whole when it goes. */
export const GATEWAY_TREES = [
  GATEWAY_STATE,
  `/var/lib/${GATEWAY_NAME}`,
  GATEWAY_LOGS,
  `/var/log/${GATEWAY_NAME}`,
] as const;

export const DOCKER_SERVICE = "docker.service";
export const UNIT_DIRECTORY = "/etc/systemd/system";
/** `zz-`: it must be read after drop-ins with the usual names (override.conf, tls.conf), which may reset ExecStart. */
export const DROP_IN_NAME = "zz-tetherdock.conf";
export const SERVICE_DROP_IN = `${UNIT_DIRECTORY}/${DOCKER_SERVICE}.d/${DROP_IN_NAME}`;

export const GATEWAY_SERVICE_FILE = `${UNIT_DIRECTORY}/${GATEWAY_SERVICE}`;
export const GATEWAY_SOCKET_FILE = `${UNIT_DIRECTORY}/${GATEWAY_SOCKET}`;
/** What makes them start at boot. */
export const GATEWAY_LINKS: ReadonlyMap<string, string> = new Map([
  [`${UNIT_DIRECTORY}/sockets.target.wants/${GATEWAY_SOCKET}`, GATEWAY_SOCKET_FILE],
  [`${UNIT_DIRECTORY}/multi-user.target.wants/${GATEWAY_SERVICE}`, GATEWAY_SERVICE_FILE],
]);

/** Transient timer and service that put the old state back; their being unique is what keeps two `up` apart. */
export const UNDO_UNIT = "tetherdock-undo";
/** Does the same after a reboot, which forgets transient units. */
export const BOOT_UNIT = "tetherdock-undo-at-boot.service";
export const BOOT_UNIT_FILE = `${UNIT_DIRECTORY}/${BOOT_UNIT}`;
export const BOOT_UNIT_LINK = `${UNIT_DIRECTORY}/multi-user.target.wants/${BOOT_UNIT}`;
