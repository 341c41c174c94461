/** Messages from public bug reports, as people paste them. */
import { expect, test } from "vitest";
import { explain } from "./explain.ts";

test.each([
  [
    "moby#39841",
    "> Cannot connect to the Docker daemon at http://docker. Is the docker daemon running?",
    "cli-cannot-connect-ssh",
  ],
  [
    "terraform-provider-docker#210",
    "Error: Error pinging Docker server: error during connect: Get https://root%40myhost.example.com:1234/_ping: dial tcp: lookup root@myhost.example.com: no such host",
    "go-lookup-with-user",
  ],
  ["docker-socket-proxy#132", "unable to upgrade to tcp, received 200", "cli-upgrade-refused"],
  [
    "docker-socket-proxy#139",
    "E               Stderr:       | unable to upgrade to tcp, received 200",
    "cli-upgrade-refused",
  ],
  [
    "moby#20865",
    "Error response from daemon: 400 Bad Request: malformed Host header",
    "go-invalid-host-header",
  ],
  [
    "moby#45935",
    "attach_test.go:46: assertion failed: error is not nil: http: invalid Host header",
    "go-invalid-host-header",
  ],
  [
    "testcontainers-go#1359",
    '[Bug]: go 1.20.6: "http: invalid Host header, host port waiting failed"',
    "go-invalid-host-header",
  ],
  [
    "setup-buildx-action#255",
    "ERROR: could not create a builder instance with TLS data loaded from environment. Please use `docker context create <context-name>` to create a context for current environment and then create a builder instance with `docker buildx create <context-name>`\nError: The process '/usr/bin/docker' failed with exit code 1",
    "buildx-tls-environment",
  ],
  [
    "compose#13015",
    "ERROR: Error response from daemon: Client sent an HTTP request to an HTTPS server.",
    "go-http-to-https-server",
  ],
  [
    "compose#13229",
    'error during connect: Head "https://192.168.100.2:2376/_ping": remote error: tls: certificate required',
    "go-certificate-required",
  ],
  [
    "spotify/docker-client#554",
    "exception java.security.spec.InvalidKeySpecException: java.security.InvalidKeyException: Invalid RSA private key: Version must be 0",
    "java-rsa-key-only",
  ],
  [
    "jenkins docker-plugin#371",
    "Caused by: java.lang.ClassCastException: org.bouncycastle.asn1.pkcs.PrivateKeyInfo cannot be cast to org.bouncycastle.openssl.PEMKeyPair",
    "java-rsa-key-only",
  ],
  [
    "ansible-modules-core#5685",
    "Error connecting: Error while fetching server API version: ('Connection aborted.', error(2, 'No such file or directory'))",
    "docker-py-socket-missing",
  ],
  [
    "ansible-modules-core#5685, localhost",
    "\"msg\": \"Error connecting: Error while fetching server API version: hostname 'localhost' doesn't match '192.168.99.100'\"",
    "python-name",
  ],
  ["a fragment", "certificate required", "go-certificate-required"],
  ["a fragment", "unknown certificate authority", "go-unknown-ca"],
  ["a fragment", "certificate signed by unknown authority", "x509-unknown-authority"],
  ["a fragment", "oversized record received with length 20527", "go-oversized-record-http"],
  ["a fragment", "server gave HTTP response to HTTPS client", "go-http-to-https-client"],
  ["a fragment", "First record does not look like a TLS handshake.", "go-not-tls"],
  ["a fragment in quotes", '  "tls: bad certificate"  ', "go-bad-certificate"],
  [
    "our gateway",
    "Error response from daemon: tetherdock: your certificate is not on this host's list of clients; ask an admin to add it",
    "gateway-client-refused",
  ],
  [
    "our gateway, a container that is not the deployer's own",
    "Error response from daemon: tetherdock: No such container: web",
    "gateway-not-own",
  ],
  [
    "our gateway, a role",
    "Error response from daemon: tetherdock: the role viewer may not call ContainerLogs: it is not allowed to read logs here",
    "gateway-role-refused",
  ],
  [
    "our gateway, docker build by a viewer (buildx 0.13)",
    `#0 building with "default" instance using docker-container driver

#1 [internal] booting buildkit
#1 pulling image moby/buildkit:buildx-stable-1 done
#1 ERROR: Error response from daemon: tetherdock: the role viewer may not call ImageCreate: viewer is read-only
------
 > [internal] booting buildkit:
------
WARNING: No output specified with docker-container driver. Build result will only remain in the build cache. To push result image into registry use --push or to load image into docker use --load
ERROR: Error response from daemon: tetherdock: the role viewer may not call ImageCreate: viewer is read-only
`,
    "gateway-buildx-fallback",
  ],
  [
    "our gateway, docker compose build by a viewer (compose 2.26)",
    `#0 building with "default" instance using docker-container driver

#1 [web internal] booting buildkit
#1 pulling image moby/buildkit:buildx-stable-1 done
#1 ERROR: Error response from daemon: tetherdock: the role viewer may not call ImageCreate: viewer is read-only
------
 > [web internal] booting buildkit:
------
Error response from daemon: tetherdock: the role viewer may not call ImageCreate: viewer is read-only
`,
    "gateway-buildx-fallback",
  ],
  [
    "our gateway, docker build by a role that may pull, on a host without a registry",
    `#0 building with "default" instance using docker-container driver

#1 [internal] booting buildkit
#1 pulling image moby/buildkit:buildx-stable-1 0.0s done
#1 ERROR: Error response from daemon: Get "https://registry-1.docker.io/v2/": dial tcp: lookup registry-1.docker.io on [::1]:53: read udp [::1]:43381->[::1]:53: read: connection refused
------
 > [internal] booting buildkit:
------
WARNING: No output specified with docker-container driver. Build result will only remain in the build cache. To push result image into registry use --push or to load image into docker use --load
ERROR: Error response from daemon: Get "https://registry-1.docker.io/v2/": dial tcp: lookup registry-1.docker.io on [::1]:53: read udp [::1]:43381->[::1]:53: read: connection refused
`,
    "gateway-buildx-fallback",
  ],
  [
    "our gateway, docker build by a builder on Engine 20.10",
    `WARNING: No output specified with docker-container driver. Build result will only remain in the build cache. To push result image into registry use --push or to load image into docker use --load
ERROR: Error response from daemon: tetherdock: the role builder may not call ContainerInspect: it is not part of the role, which is for images only; buildx starts a builder of its own because it does not build with the engine's: try docker buildx use default, or DOCKER_BUILDKIT=0, which works on every engine or says why not
`,
    "gateway-buildx-fallback",
  ],
  [
    "our gateway, the last line of docker build",
    "ERROR: Error response from daemon: tetherdock: the role viewer may not call ImageCreate: viewer is read-only; buildx starts a builder of its own because this role may not build here: ask an admin for a role that may build",
    "gateway-buildx-fallback",
  ],
])("%s", (_, text, id) => {
  expect(explain(text).explanations.map((one) => one.id)).toEqual([id]);
});

test.each(["the word certificate required is in a sentence", "nothing about a bad certificate here, at all"])(
  "not a fragment of a message: %j",
  (text) => {
    expect(explain(text).explanations).toEqual([]);
  },
);

test("http://docker and user@host are not taken for endpoints", () => {
  for (const text of [
    "Cannot connect to the Docker daemon at http://docker. Is the docker daemon running?",
    "Get https://root%40myhost.example.com:1234/_ping: dial tcp: lookup root@myhost.example.com: no such host",
  ])
    expect(explain(text).endpoint).toBe(undefined);
});
