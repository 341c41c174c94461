import { describe, expect, test } from "vitest";
import { hostFacts } from "../../../../test/support/host-facts.ts";
import type { TetherdockError } from "../../../base/index.ts";
import type { HostFacts } from "../../../facts/index.ts";
import { requireJournal } from "./require-journal.ts";

const DROP_IN = "/etc/systemd/system/docker.service.d/zz-tetherdock.conf";
const SERVICE = "/etc/systemd/system/tetherdock-gateway.service";

function facts(paths: readonly string[], over: Partial<HostFacts> = {}): HostFacts {
  const files = new Map(paths.map((path) => [path, { path, mode: "644", owner: "0:0", text: "" }]));
  return hostFacts({}, { ours: { files, publicKey: null }, ...over });
}

function errorOf(seen: HostFacts, line?: string): TetherdockError | null {
  try {
    requireJournal(seen, line);
    return null;
  } catch (error) {
    return error as TetherdockError;
  }
}

const transaction = (state: "confirmed" | "pending") =>
  ({ number: 1, state, ownerAlive: false, restarted: false, about: null, entries: [] }) as const;

describe("requireJournal()", () => {
  test("a host without files of ours needs no journal, and its journal undoes one that has them", () => {
    expect(errorOf(facts([]))).toBeNull();
    expect(errorOf(facts([DROP_IN], { transactions: [transaction("confirmed")] }))).toBeNull();
  });

  test.each([
    ["a file", facts([DROP_IN]), DROP_IN],
    [
      "a file and an unconfirmed change",
      facts([DROP_IN], { transactions: [transaction("pending")] }),
      DROP_IN,
    ],
    [
      "a server key",
      hostFacts({}, { ours: { files: new Map(), publicKey: "x" } }),
      "/etc/tetherdock/server-key.pem",
    ],
  ])("%s without a journal is told of", (_what, seen, left) => {
    expect(errorOf(seen)).toMatchObject({
      code: "JOURNAL_GONE",
      why: [expect.stringContaining(left), expect.any(String)],
    });
  });

  test("the command for root restarts docker only if its settings change, and stops the gateway only if there is one", () => {
    const [native] = errorOf(facts([DROP_IN]))?.hints ?? [];
    expect(native).toMatch(
      /^rm -rf \S+ \S+ && systemctl daemon-reload && systemctl restart docker.service {3}#/,
    );
    const [gateway] = errorOf(facts([SERVICE]))?.hints ?? [];
    expect(gateway).toMatch(
      /^systemctl disable --now tetherdock-gateway.socket tetherdock-gateway.service && rm -rf /,
    );
    expect(gateway).toContain(` ${SERVICE} `);
    expect(gateway).not.toContain("restart docker.service");
  });

  test("settings in daemon.json are removed first", () => {
    const path = "/etc/docker/daemon.json";
    const file = { path, mode: "644", owner: "0:0", text: '{"tlscacert": "/etc/tetherdock/ca.pem"}' };
    const hints = errorOf(
      facts(["/etc/tetherdock/ca.pem"], { daemonJson: { path, file, validated: null } }),
    )?.hints;
    expect(hints).toMatchObject([
      expect.stringContaining(path),
      expect.stringContaining("restart docker.service"),
    ]);
  });

  test("the line here, if there is one, is forgotten last", () => {
    expect(errorOf(facts([DROP_IN]), "vps")?.hints.at(-1)).toBe(
      "tetherdock down vps --forget   # then, on this machine",
    );
    expect(errorOf(facts([DROP_IN]))?.hints).toHaveLength(1);
  });
});
