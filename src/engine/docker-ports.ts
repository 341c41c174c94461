/** IANA's ports for the Docker API; dockerd's defaults if a host value names no port. */

/** Plain HTTP. */
export const PLAIN_PORT = 2375;
/** With TLS. */
export const TLS_PORT = 2376;
