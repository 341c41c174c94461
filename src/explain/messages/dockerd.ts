/** dockerd's log, and what it says before it gives up. */
import type { Message } from "../entry.ts";
import { openApi } from "../topics/daemon.ts";
import {
  addressMissing,
  configBroken,
  daemonCertificates,
  hostsTwice,
  noSocketHandedOver,
  portTaken,
} from "../topics/daemon-start.ts";

const DAEMON = "moby/moby daemon/command/daemon.go";
const CONFIG = "moby/moby daemon/config/config.go";
const INFO = "moby/moby daemon/info.go";
const TLSCONFIG = "docker/go-connections tlsconfig/config.go";

export const dockerd: readonly Message[] = [
  {
    id: "dockerd-hosts-twice",
    says: "dockerd",
    patterns: [
      /(?:unable to configure the Docker daemon with file [^\s:]{1,300}: )?the following directives are specified both as a flag and in the configuration file: (?<setting>[a-z-]{2,40})[^\n]{0,400}/,
    ],
    source: `${CONFIG}; https://github.com/moby/moby/issues/25471`,
    example:
      "unable to configure the Docker daemon with file /etc/docker/daemon.json: the following directives are specified both as a flag and in the configuration file: hosts: (from flag: [fd://], from file: [tcp://0.0.0.0:2376])",
    meaning: "The command line and daemon.json both set the same thing.",
    topic: hostsTwice,
    decode: ({ setting }) => [`set twice: ${setting}`],
  },
  {
    id: "dockerd-config",
    says: "dockerd",
    patterns: [
      /unable to configure the Docker daemon with file (?<file>[^\s:]{1,300}): (?!the following directives are specified both)(?<why>[^\n"]{1,300})/,
    ],
    source: CONFIG,
    example:
      "unable to configure the Docker daemon with file /etc/docker/daemon.json: invalid character '}' looking for beginning of object key string",
    meaning: "The configuration file cannot be used.",
    topic: configBroken,
    decode: ({ file, why }) => [`${file}: ${why}`],
  },
  {
    id: "dockerd-port-taken",
    says: "dockerd",
    patterns: [
      /(?:failed to (?:load listeners|create API server|start daemon|start metrics server)[^\n]{0,120}: )?listen tcp[46]? (?<listen>\S{2,60}): bind: address already in use/,
      /failed to allocate daemon listening port [0-9]{1,5}[^\n]{0,120}/,
    ],
    source: `${DAEMON}; golang/go src/syscall/zerrors_linux_amd64.go`,
    example: "failed to load listeners: listen tcp 0.0.0.0:2376: bind: address already in use",
    meaning: "The address that dockerd is configured to listen on is in use.",
    topic: portTaken,
    decode: ({ listen }) => (listen ? [`in use: ${listen}`] : []),
  },
  {
    id: "dockerd-address-missing",
    says: "dockerd",
    patterns: [
      /(?:failed to load listeners[^\n]{0,120}: )?listen tcp[46]? \S{2,60}: bind: cannot assign requested address/,
    ],
    source: `${DAEMON}; golang/go src/syscall/zerrors_linux_amd64.go`,
    example: "failed to load listeners: listen tcp 192.0.2.7:2376: bind: cannot assign requested address",
    meaning: "The host does not have the address that dockerd should listen on.",
    topic: addressMissing,
  },
  {
    id: "dockerd-no-socket",
    says: "dockerd",
    patterns: [/no sockets found via socket activation/],
    source: "moby/moby daemon/listeners/listeners_linux.go",
    example:
      "failed to load listeners: no sockets found via socket activation: make sure the service was started by systemd",
    meaning: "-H fd:// means a socket opened by systemd, but systemd passed none.",
    topic: noSocketHandedOver,
  },
  {
    id: "dockerd-certificates",
    says: "dockerd",
    patterns: [
      /(?:failed to (?:create API server|load listeners)|invalid TLS configuration|error reading X509 key pair|could not load X509 key pair)[^\n]{0,20}(?:could not load X509 key pair|could not read CA certificate|invalid TLS configuration)[^\n]{0,300}/i,
      /could not load X509 key pair \(cert: [^\n]{0,300}/i,
    ],
    source: `${TLSCONFIG}; ${DAEMON}`,
    example:
      'failed to create API server: Could not load X509 key pair (cert: "/etc/docker/server-cert.pem", key: "/etc/docker/server-key.pem"): open /etc/docker/server-cert.pem: no such file or directory',
    meaning: "The certificate or key that dockerd is configured to use cannot be loaded.",
    topic: daemonCertificates,
  },
  {
    id: "dockerd-plain-tcp",
    says: "dockerd's log",
    patterns: [
      /Binding to (?:an )?IP address(?:, even on localhost,)? (?:without --tlsverify|can also give access)[^\n]{0,300}?(?:host="tcp:\/\/(?<listen>[^"\n]{2,80})"|(?=\n|$))/,
      /(?:\/!\\|\[!\]) DON'T BIND ON ANY IP ADDRESS WITHOUT setting (?:--?tlsverify)[^\n]{0,80}/,
    ],
    source: `${DAEMON}; docker/docker v1.10.0 api/server/server.go`,
    example:
      'time="2026-11-24T03:46:56Z" level=warning msg="Binding to IP address without --tlsverify is insecure and gives root access on this machine to everyone who has access to your network." host="tcp://0.0.0.0:2375"',
    meaning: "The daemon listens on TCP without verifying clients, and warns about it.",
    topic: openApi,
    decode: ({ listen }) => (listen ? [`open on: ${listen}`] : []),
  },
  {
    id: "dockerd-info-plain",
    says: "docker info, from dockerd",
    patterns: [/API is accessible on http:\/\/(?<listen>\S{2,80}) without encryption/],
    source: INFO,
    example:
      "WARNING: API is accessible on http://0.0.0.0:2375 without encryption.\n         Access to the remote API is equivalent to root access on the host.",
    meaning: "The daemon serves its API in plain HTTP on this address.",
    topic: openApi,
    decode: ({ listen }) => [`open on: ${listen}`],
  },
  {
    id: "dockerd-info-no-verify",
    says: "docker info, from dockerd",
    patterns: [/API is accessible on https:\/\/(?<listen>\S{2,80}) without TLS client verification/],
    source: INFO,
    example: "WARNING: API is accessible on https://0.0.0.0:2376 without TLS client verification.",
    meaning: "The daemon encrypts but accepts anybody: --tls without --tlsverify.",
    topic: openApi,
    decode: ({ listen }) => [`open, though encrypted, on: ${listen}`],
  },
];
