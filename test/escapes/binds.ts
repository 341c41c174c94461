/** By a role that may bind /srv/shop of the host: binds of the host's root, once there is a link to it in that folder. */

/** Options of `docker run` with which /root of the host is /host/root in the container. */
export const BEYOND: readonly string[] = [
  "-v /srv/shop/link:/host",
  "-v /srv/shop/link/:/host:ro",
  "-v /srv/shop/link/root:/host/root",
  "-v /srv//shop/./link:/host",
  "-v /srv/shop/../..:/host",
  "-v /srv/shop/link/srv/shop/link:/host",
  "--mount type=bind,src=/srv/shop/link,dst=/host",
  "--mount type=bind,src=/srv/shop/link,dst=/host,readonly,bind-propagation=rslave",
];
