/** Where things lie on the host. All of ours is in three places, so that an admin finds it and `down` removes it. */

/** Journal: one folder a transaction, newest has the highest number. */
export const JOURNAL = "/var/lib/tetherdock";
/** The engine's certificate, its key and the CA that clients are checked against. */
export const CERTIFICATES = "/etc/tetherdock";
export const SERVER_KEY = `${CERTIFICATES}/server-key.pem`;
export const SERVER_CERTIFICATE = `${CERTIFICATES}/server-cert.pem`;
export const CLIENT_CA = `${CERTIFICATES}/ca.pem`;

export const DOCKER_SERVICE = "docker.service";
export const UNIT_DIRECTORY = "/etc/systemd/system";
/** `zz-`: it must be read after drop-ins with the usual names (override.conf, tls.conf), which may reset ExecStart. */
export const DROP_IN_NAME = "zz-tetherdock.conf";
export const SERVICE_DROP_IN = `${UNIT_DIRECTORY}/${DOCKER_SERVICE}.d/${DROP_IN_NAME}`;

/** Transient timer and service that put the old state back; their being unique is what keeps two `up` apart. */
export const UNDO_UNIT = "tetherdock-undo";
/** Does the same after a reboot, which forgets transient units. */
export const BOOT_UNIT = "tetherdock-undo-at-boot.service";
export const BOOT_UNIT_FILE = `${UNIT_DIRECTORY}/${BOOT_UNIT}`;
export const BOOT_UNIT_LINK = `${UNIT_DIRECTORY}/multi-user.target.wants/${BOOT_UNIT}`;
