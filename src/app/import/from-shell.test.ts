/** What the variables of a shell say about docker's engine, and what cannot be imported. */
import { expect, test } from "vitest";
import { failureOf } from "../../../test/support/app/change.ts";
import { placeInShell } from "./from-shell.ts";

const lines = { list: async () => ["web"], certPath: (name: string) => `/lines/${name}/docker` };
const TLS = { DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: "/certs" };

const place = (env: Record<string, string>) =>
  placeInShell(lines, {
    env,
    dockerHome: "/home/anna/.docker",
    resolve: (path) => `/cwd/${path}`.replace("/cwd//", "/"),
  });

test.each([
  [{ ...TLS, DOCKER_HOST: "tcp://web.example:2377" }, "/certs", "web.example:2377"],
  [{ ...TLS, DOCKER_HOST: "tcp://web.example" }, "/certs", "web.example:2376"],
  [{ ...TLS, DOCKER_HOST: "tcp://192.0.2.7:2376/" }, "/certs", "192.0.2.7:2376"],
  [{ ...TLS, DOCKER_HOST: "tcp://[2001:db8::7]:2376" }, "/certs", "[2001:db8::7]:2376"],
  [{ ...TLS, DOCKER_HOST: "tcp://[2001:db8::7]" }, "/certs", "[2001:db8::7]:2376"],
  [{ ...TLS, DOCKER_HOST: "tcp://web", DOCKER_CERT_PATH: "certs" }, "/cwd/certs", "web:2376"],
  [{ DOCKER_HOST: "tcp://web", DOCKER_TLS_VERIFY: "1" }, "/home/anna/.docker", "web:2376"],
])("%j", async (env, path, address) => {
  expect(await place(env)).toEqual({ path, address });
});

test.each([
  [{}, "USAGE", "tetherdock import ~/.docker --address NAME"],
  [{ DOCKER_HOST: "" }, "USAGE", "tetherdock import ~/.docker --address NAME"],
  [{ ...TLS, DOCKER_HOST: "ssh://anna@web:22" }, "USAGE", "tetherdock up ssh://anna@web:22"],
  [{ ...TLS, DOCKER_HOST: "unix:///run/docker.sock" }, "USAGE", "tetherdock doctor"],
  [{ ...TLS, DOCKER_HOST: "tcp://web:2376/base" }, "USAGE", "tetherdock doctor"],
  [{ ...TLS, DOCKER_HOST: "tcp://user@web:2376" }, "USAGE", "tetherdock doctor"],
  [
    { DOCKER_HOST: "tcp://web:2376", DOCKER_CERT_PATH: "/it's" },
    ...["USAGE", "tetherdock import '/it'\\''s' --address web:2376"],
  ],
  [
    { ...TLS, DOCKER_HOST: "tcp://web:2376", DOCKER_CERT_PATH: "/lines/web/docker" },
    ...["LINE_EXISTS", "tetherdock status web"],
  ],
] as [Record<string, string>, string, string][])("%j: %s", async (env, code, hint) => {
  expect(await failureOf(place(env))).toMatchObject({ code, hints: [hint] });
});
