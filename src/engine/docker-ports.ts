/** IANA's ports of the Docker API; dockerd listens on them where a host value names none. */

/** In the clear. */
export const PLAIN_PORT = 2375;
/** With TLS. */
export const TLS_PORT = 2376;
