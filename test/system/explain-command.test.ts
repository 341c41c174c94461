/** `tetherdock explain` as a process: where its text comes from, what it proves, and how it ends. */
import { appendFileSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { formatEndpoint } from "../../src/engine/index.ts";
import { writeSampleLine } from "../cli/sample-line.ts";
import { MAIN } from "../support/program.ts";
import { type Output, run } from "../support/run.ts";
import { type Authority, OpensslPki } from "./openssl-pki.ts";
import { allHungUp, freePort, likeDocker, plainServer, tlsServer } from "./peers.ts";

// Every test starts Node at least once, on a machine that may be busy.
vi.setConfig({ testTimeout: 20_000 });

const KNOWN = "remote error: tls: certificate required";
const STORY = (where: string): string =>
  `Get https://${where}/v1.19/images/json: tls: oversized record received with length 20527`;

let folder: string;
let pki: OpensslPki;
let ca: Authority;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "tetherdock-explain-"));
  pki = new OpensslPki();
  ca = pki.authority();
});
afterEach(allHungUp);
afterAll(() => {
  pki.remove();
  rmSync(folder, { recursive: true });
});

function explain(args: readonly string[], input = ""): Promise<Output> {
  const env = ["-i", `PATH=${process.env["PATH"]}`, `HOME=${folder}`, `TETHERDOCK_HOME=${folder}/home`];
  return run(["env", ...env, process.execPath, MAIN, "explain", ...args], input);
}

describe("the text", () => {
  test("as one argument, as words, from stdin and from a file", async () => {
    writeFileSync(join(folder, "log"), `noise\n${KNOWN}\n`);
    const given = [
      explain([KNOWN]),
      explain(KNOWN.split(" ")),
      explain([], `\u001b[31m${KNOWN}\u001b[0m\r\n`),
      explain(["--file", join(folder, "log")]),
    ];
    for (const { stdout, stderr, status } of await Promise.all(given)) {
      expect(stderr).toBe("");
      expect(status).toBe(0);
      expect(stdout).toContain("The server sent the alert certificate_required.");
    }
  });

  test("100 MB with the message at the end: from a file and from stdin", { timeout: 30_000 }, async () => {
    const path = join(folder, "huge");
    writeFileSync(path, "");
    truncateSync(path, 100_000_000);
    appendFileSync(path, `\n${KNOWN}\n`);
    const main = `exec "${process.execPath}" "${MAIN}" explain`;
    const runs = [explain(["--file", path]), run(["sh", "-c", `${main} <"$1"`, "sh", path])];
    for (const { stdout, status } of await Promise.all(runs)) {
      expect(status).toBe(0);
      expect(stdout).toContain("certificate_required");
      expect(stdout).toContain("bytes in the middle were skipped");
    }
  });

  test.each([
    [[], "", 2, "there is nothing to explain"],
    [[" "], "", 2, "there is nothing to explain"],
    [["--file", "/nowhere/log"], "", 3, "cannot read /nowhere/log"],
    [["--file", "/tmp", KNOWN], "", 2, "there is more than one text to explain"],
    [[KNOWN, "--", "true"], "", 2, "there is more than one text to explain"],
    [["--", "no-such-command-here"], "", 127, 'there is no command "no-such-command-here"'],
    [["it", "does", "not", "work"], "", 1, "this text contains no message that tetherdock knows"],
  ])("%j fails", async (args, input, status, message) => {
    const failed = await explain(args, input);
    expect(failed.stderr).toContain(`tetherdock: error: ${message}`);
    expect(failed).toMatchObject({ status, stdout: "" });
  });
});

/** Who connected, in order; the last line may be about the server's certificate. */
const callersIn = ({ proof }: { proof: { seen: string[] } }) =>
  proof.seen.map((line) => line.split(":")[0]).filter((caller) => !caller?.startsWith("its certificate"));

describe("the proof", () => {
  test("the bug of 2015, from the pasted line alone", async () => {
    const where = formatEndpoint(await plainServer());
    const { stdout, status } = await explain(["--probe", STORY(where)]);
    expect(status).toBe(0);
    expect(stdout).toContain('20527 = 0x502F = "P/": bytes four and five of "HTTP/"');
    expect(stdout).toMatch(/dangerous {2}yes\. Docker answers in plain HTTP/);
    expect(stdout).toContain("plain HTTP: Docker 20.10.24, API 1.41 answers in the clear");
    expect(stdout).toContain("tetherdock up 127.0.0.1");
  });

  test("an address in a pasted text is probed only for a line, if the user names it, or with a yes", async () => {
    let asked = 0;
    const endpoint = await plainServer((request, response) => {
      asked += 1;
      likeDocker(request, response);
    });
    const where = formatEndpoint(endpoint);
    const pasted = await explain([STORY(where)]);
    expect(pasted.stdout).toContain(
      `${where} was not probed (it belongs to no line on this machine; use --probe)`,
    );
    expect(JSON.parse((await explain(["--json", STORY(where)])).stdout).proof).toBe(null);
    await explain([], STORY(where));
    await explain(["-"], STORY(where));
    expect(asked).toBe(0);
    expect((await explain(["--probe", "-"], STORY(where))).stdout).toContain("asked just now");
    expect(asked).toBeGreaterThan(0);
  });

  test("--no-probe makes no connection", async () => {
    let asked = 0;
    const endpoint = await plainServer((request, response) => {
      asked += 1;
      likeDocker(request, response);
    });
    const { stdout, status } = await explain(["--no-probe", STORY(formatEndpoint(endpoint))]);
    expect(status).toBe(0);
    expect(stdout).toContain("was not probed (--no-probe)");
    expect(asked).toBe(0);
  });

  test("sends only GET /_ping, and a line's certificate only to the line's address", async () => {
    const seen: string[] = [];
    const { certPem, keyPem } = ca.leaf({ san: "IP:127.0.0.1" });
    const endpoint = await tlsServer(
      { cert: certPem, key: keyPem, ca: ca.certPem, requestCert: true, rejectUnauthorized: true },
      (request, response) => {
        seen.push(`${request.method} ${request.url}`);
        likeDocker(request, response);
      },
    );
    const where = formatEndpoint(endpoint);
    const before = JSON.parse((await explain(["--json", "--probe", `${KNOWN} tcp://${where}`])).stdout);
    expect(before).toMatchObject({ endpoint: where, proof: { danger: "closed" } });
    expect(callersIn(before)).toEqual(["plain HTTP", "no certificate", "another CA's certificate"]);
    expect(seen).toEqual([]);
    const own = ca.leaf({ usage: "clientAuth" });
    const files = { ca: ca.certPem, caKey: ca.keyPem, cert: own.certPem, key: own.keyPem };
    writeSampleLine(join(folder, "home"), "vps", files, { address: "127.0.0.1", port: endpoint.port });
    const after = JSON.parse((await explain(["--json", `${KNOWN} tcp://${where}`])).stdout);
    expect(after.proof.conclusion).toBe(
      "Docker answers this line's certificate and refuses everything else that was tried.",
    );
    expect(callersIn(after)).toEqual([
      "plain HTTP",
      "no certificate",
      "your certificate",
      "another CA's certificate",
      "an expired certificate",
      "a server's certificate",
    ]);
    expect(after.proof.seen.join("\n")).toContain("its certificate is for 127.0.0.1, by CN=test ca, until ");
    expect(seen).toEqual(["GET /_ping"]);
  });

  test("TLS that requests no client certificate is open", async () => {
    const { certPem, keyPem } = ca.leaf({ san: "IP:192.0.2.7" });
    const where = formatEndpoint(await tlsServer({ cert: certPem, key: keyPem }));
    const text = `Get "https://${where}/_ping": x509: certificate is valid for 192.0.2.7, not 127.0.0.1`;
    const { explanations, proof } = JSON.parse((await explain(["--json", "--probe", text])).stdout);
    expect(explanations[0]).toMatchObject({ id: "x509-wrong-name", danger: "open" });
    expect(proof.conclusion).toContain("without asking for a certificate");
  });

  test("an unknown message is still shown with what the endpoint answered", async () => {
    const where = formatEndpoint(await plainServer());
    const failed = await explain(["--json", "--probe", `it hurts at https://${where}/`]);
    expect(failed.status).toBe(1);
    const { error } = JSON.parse(failed.stdout);
    expect(error).toMatchObject({
      code: "EXPLAIN_UNKNOWN",
      details: { endpoint: where, proof: { danger: "open" } },
    });
    expect(error.hints).toContain(`tetherdock doctor ${where}`);
  });
});

describe("a command", () => {
  const say = (status: number): string[] => ["sh", "-c", `echo data; echo '${KNOWN}' >&2; exit ${status}`];

  test("that succeeds is passed through and not explained", async () => {
    expect(await explain(["--", ...say(0)])).toEqual({ stdout: "data\n", stderr: `${KNOWN}\n`, status: 0 });
  });

  test("that fails is explained on stderr, and its status stays", async () => {
    const { stdout, stderr, status } = await explain(["--", ...say(42)]);
    expect([stdout, status]).toEqual(["data\n", 42]);
    expect(stderr).toContain(`${KNOWN}\n\n${KNOWN}\n`);
    expect(stderr).toContain("tetherdock status");
  });

  test("with --json leaves stdout to the JSON", async () => {
    const { stdout, stderr, status } = await explain(["--json", "--", ...say(42)]);
    expect(JSON.parse(stdout).explanations).toHaveLength(1);
    expect(stderr.split("\n").toSorted()).toEqual(["", "data", KNOWN]);
    expect(status).toBe(42);
  });

  test("reads the user's stdin, and names the endpoint by its own arguments", async () => {
    const { port } = await freePort();
    const url = `https://127.0.0.1:${port}/_ping`;
    const script = `cat >&2; echo '${KNOWN}' >&2; exit 1`;
    const { stderr } = await explain(["--", "sh", "-c", script, url], "typed\n");
    expect(stderr).toMatch(/^typed\n/);
    expect(stderr).toContain(`127.0.0.1:${port}, asked just now`);
    expect(stderr).toContain("connection refused");
  });

  test("that fails without a known message", async () => {
    const { stderr, status } = await explain(["--", "sh", "-c", "echo oops >&2; exit 9"]);
    expect(status).toBe(1);
    expect(stderr).toContain("this text contains no message that tetherdock knows");
  });
});
