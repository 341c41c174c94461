import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatEndpoint } from "../../engine/index.ts";
import { explain } from "../explain.ts";
import { cleanText } from "./clean-text.ts";
import { findEndpoint } from "./find-endpoint.ts";

const found = (text: string): string | undefined => {
  const endpoint = findEndpoint(cleanText(text));
  return endpoint && formatEndpoint(endpoint);
};

test.each([
  ["DOCKER_HOST=tcp://192.0.2.7:2376", "192.0.2.7:2376"],
  ['export DOCKER_HOST="tcp://vps.example:2376"', "vps.example:2376"],
  [
    "Cannot connect to the Docker daemon at tcp://vps.example:2376. Is the docker daemon running?",
    "vps.example:2376",
  ],
  ['Get "https://[2001:db8::7]:2376/v1.50/info": EOF', "[2001:db8::7]:2376"],
  ["Get https://192.0.2.7:2376/v1.19/images/json: tls: oversized record", "192.0.2.7:2376"],
  ['level=error msg="Get \\"https://192.0.2.7:2376/_ping\\": EOF"', "192.0.2.7:2376"],
  ["dial tcp 192.0.2.7:2376: connect: connection refused", "192.0.2.7:2376"],
  ["dial tcp [2001:db8::7]:2376: i/o timeout", "[2001:db8::7]:2376"],
  ["write tcp 10.0.0.5:50074->192.0.2.7:2376: write: connection reset by peer", "192.0.2.7:2376"],
  ["Error: connect ECONNREFUSED 192.0.2.7:2376", "192.0.2.7:2376"],
  ["HTTPSConnectionPool(host='192.0.2.7', port=2376): Max retries", "192.0.2.7:2376"],
  ["HTTPSConnectionPool(host='2001:db8::7', port=2376): Max retries", "[2001:db8::7]:2376"],
  ["curl: (7) Failed to connect to vps.example port 2376 after 0 ms", "vps.example:2376"],
  ["SSL_ERROR_SYSCALL in connection to 192.0.2.7:2376 ", "192.0.2.7:2376"],
  ["$ docker -H 192.0.2.7:2375 ps", "192.0.2.7:2375"],
  ["$ docker --host=tcp://vps.example:2375 ps", "vps.example:2375"],
  ["tcp://me@vps.example:2376", "vps.example:2376"],
  // the variable is surer than what a daemon's own lines name
  ["dial tcp 10.0.0.9:80: EOF\nDOCKER_HOST=tcp://vps.example:2376", "vps.example:2376"],
])("%s → %s", (text, endpoint) => {
  expect(found(text)).toBe(endpoint);
});

test.each([
  "http: TLS handshake error from 203.0.113.9:51234: EOF",
  'Get "http://docker.example.com/v1.50/info": command [ssh -- vps docker system dial-stdio] has exited',
  'Get "http://%2Fvar%2Frun%2Fdocker.sock/v1.24/info": dial unix /var/run/docker.sock',
  "unix:///var/run/docker.sock",
  'msg="Binding to IP address" host="tcp://0.0.0.0:2375"',
  "API listen on [::]:2376, https://[::]:2376",
  "tcp://192.0.2.7 has no port",
  "tcp://192.0.2.7:99999 is none",
  "https://-oProxyCommand=x:2376/",
  "",
])("%s → nothing to dial", (text) => {
  expect(found(text)).toBeUndefined();
});

describe("explain()", () => {
  const known = "tls: first record does not look like a TLS handshake";

  test("takes the endpoint from the text, else from the given places in order", () => {
    const about = ["curl https://192.0.2.7:2376/_ping", "DOCKER_HOST=tcp://192.0.2.8:2376"];
    expect(explain(known, about).endpoint).toEqual({ host: "192.0.2.7", port: 2376 });
    expect(explain(`dial tcp 192.0.2.9:1: ${known}`, about).endpoint?.host).toBe("192.0.2.9");
    expect(explain(known).endpoint).toBeUndefined();
  });

  test("never takes a registry or a proxy for a Docker host", () => {
    const registry =
      'Error response from daemon: Get "https://images.example:5000/v2/": x509: certificate signed by unknown authority';
    expect(explain(registry, ["DOCKER_HOST=tcp://192.0.2.8:2376"]).endpoint).toBeUndefined();
    const proxy =
      'Get "https://192.0.2.7:2376/_ping": proxyconnect tcp: dial tcp 10.0.0.1:3128: connect: connection refused';
    expect(explain(proxy).endpoint).toBeUndefined();
  });

  test("fills commands with values of the text, each as one word of a shell", () => {
    const [one] = explain(
      'Get "https://198.51.100.4:2376/_ping": x509: certificate is valid for 127.0.0.1, not 198.51.100.4',
    ).explanations;
    expect(one?.fix[0]).toBe("tetherdock up 198.51.100.4 --san 198.51.100.4");
    const [context] = explain("x509: certificate is valid for a, not $(reboot)").explanations;
    expect(context).toBeUndefined();
  });

  test("prints no control characters", () => {
    const evil =
      'x509: certificate is valid for \u001b[2Jevil\u202e, not vps.example; malformed HTTP response "\u009b\u0007"';
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.constantFrom("a", " ", "\n", "\0", "\u001b[", "\u009b", "\u202e", "\u2066", '"', "é"),
        }),
        (noise) => {
          const { explanations } = explain(`${noise}${evil}${noise}`);
          expect(
            JSON.stringify(explanations.map(({ quote, decoded, fix }) => [quote, decoded, fix])),
          ).not.toMatch(/(?!\t)[\p{Cc}\p{Cf}]|\\u00[0189]/u);
        },
      ),
    );
  });
});
