/** An issuer of OIDC tokens: a real https server, which can be told to misbehave, and keys that sign as an issuer's do. */
import { createHmac, generateKeyPairSync, type KeyObject, randomUUID, sign } from "node:crypto";
import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { Identities } from "./identities.ts";

export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const encode = (value: unknown): string =>
  Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");

/** A token with whatever parts, and whatever signature. */
export const tokenOf = (header: unknown, payload: unknown, signature: (input: string) => Buffer): string => {
  const input = `${encode(header)}.${encode(payload)}`;
  return `${input}.${signature(input).toString("base64url")}`;
};

export class SigningKey {
  readonly id: string;
  readonly #private: KeyObject;
  readonly #public: KeyObject;
  readonly algorithm: "RS256" | "ES256";

  constructor(id: string, algorithm: "RS256" | "ES256" = "ES256") {
    this.id = id;
    this.algorithm = algorithm;
    const { privateKey, publicKey } =
      algorithm === "ES256"
        ? generateKeyPairSync("ec", { namedCurve: "P-256" })
        : generateKeyPairSync("rsa", { modulusLength: 2048 });
    this.#private = privateKey;
    this.#public = publicKey;
  }

  get jwk(): Record<string, unknown> {
    return { ...this.#public.export({ format: "jwk" }), kid: this.id, alg: this.algorithm, use: "sig" };
  }

  /** As somebody without the private key might: the public one as the secret of an HMAC. */
  hmac(input: string): Buffer {
    return createHmac("sha256", this.#public.export({ format: "pem", type: "spki" }))
      .update(input)
      .digest();
  }

  sign(input: string): Buffer {
    const key = { key: this.#private, dsaEncoding: "ieee-p1363" } as const;
    return sign("sha256", Buffer.from(input), key);
  }
}

export class Issuer {
  readonly url: string;
  /** Of its server's certificate, PEM. */
  readonly ca: string;
  keys: SigningKey[];
  /** In place of what it answers to `configuration` and `keys`. */
  readonly answers: Partial<Record<"configuration" | "keys", Answer>> = {};
  /** Shown by a job that asks for its token, as GitHub's and Forgejo's do. */
  readonly requestKey = randomUUID();
  /** Paths that were asked for. */
  readonly asked: string[] = [];
  readonly #server: Server;

  private constructor(server: Server, ca: string, keys: SigningKey[]) {
    this.#server = server;
    this.ca = ca;
    this.keys = keys;
    this.url = `https://localhost:${(server.address() as AddressInfo).port}`;
  }

  static async make(keys = [new SigningKey("one")]): Promise<Issuer> {
    const identities = await Identities.make("issuer");
    const { cert, key } = await identities.server("localhost");
    const server = createServer({ cert, key });
    await once(server.listen(0, "localhost"), "listening");
    const issuer = new Issuer(server, identities.ca, keys);
    server.on("request", (request, response) => issuer.#answer(request, response));
    return issuer;
  }

  /** What a job's token says, unless told otherwise. */
  payload(more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
    const now = Math.floor(Date.now() / 1000);
    return {
      ...{
        iss: this.url,
        aud: "tetherdock:test",
        sub: "repo:org/app:ref:refs/heads/main",
        jti: randomUUID(),
      },
      ...{ iat: now, nbf: now, exp: now + 300, repository: "org/app", environment: "prod" },
      ...more,
    };
  }

  token(more: Readonly<Record<string, unknown>> = {}, key = this.keys[0] as SigningKey): string {
    return tokenOf({ alg: key.algorithm, kid: key.id, typ: "JWT" }, this.payload(more), (one) =>
      key.sign(one),
    );
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const path = request.url ?? "";
    this.asked.push(path);
    if (path.startsWith("/token?")) {
      this.#giveToken(new URL(path, this.url), request, response);
      return;
    }
    const which = path === "/.well-known/openid-configuration" ? "configuration" : "keys";
    const other = this.answers[which];
    if (other) other(request, response);
    else if (which === "configuration")
      response.end(JSON.stringify({ issuer: this.url, jwks_uri: `${this.url}/keys` }));
    else response.end(JSON.stringify({ keys: this.keys.map(({ jwk }) => jwk) }));
  }

  #giveToken({ searchParams }: URL, { headers }: IncomingMessage, response: ServerResponse): void {
    const isAllowed = headers.authorization === `Bearer ${this.requestKey}`;
    response.statusCode = isAllowed ? 200 : 403;
    const value = this.token({ aud: searchParams.get("audience") });
    response.end(isAllowed ? JSON.stringify({ count: 1, value }) : "");
  }
}
