/** A host chooses names, and users paste the commands of a fix, on the laptop too. */
import { expect, test } from "vitest";
import { daemonJson, hostFacts, tcpSocket } from "../../../test/support/host-facts.ts";
import { endpointReport, inside, OPEN, subject } from "../../../test/support/subject.ts";
import { CHECKS } from "./index.ts";

/** Needs no blank to be two commands. */
const EVIL = "a;{id,-u}|sh";
/** The part of a line that a shell interprets: outside single quotes and before the comment. */
const bare = (line: string): string => line.replace(/'[^']*'/g, "").replace(/\s#.*$/, "");

const evilSocket = { ...tcpSocket(2376), unit: `${EVIL}.socket` };
const facts = hostFacts(
  {},
  {
    containers: [{ name: EVIL, restart: "no" }],
    sockets: [evilSocket],
    daemonJson: { ...daemonJson("{"), path: `/etc/${EVIL}` },
    commandLine: ["/usr/sbin/dockerd", "-H", "fd://", "--tlsverify"],
  },
);
const evil = subject({
  inside: inside({
    facts,
    dockerGroup: [EVIL],
    containers: [{ name: EVIL, image: EVIL, mountsSocket: true, publishedPorts: [2376] }],
    modes: [
      { path: `/run/${EVIL}`, kind: "socket", mode: "666", owner: "root:docker" },
      { path: `/etc/${EVIL}`, kind: "key", mode: "644", owner: `${EVIL}:${EVIL}` },
    ],
    listeners: [{ address: "[::]:2376", port: 2376, holders: [{ pid: 1, command: EVIL, unit: EVIL }] }],
  }),
  endpoints: [endpointReport({ plain: OPEN, none: OPEN })],
});

test("no fix of doctor runs a command in a name", () => {
  const fixes = CHECKS.flatMap((check) => check.run(evil)).flatMap(({ fix }) => fix);
  expect(fixes.filter((line) => line.includes("{id,-u}")).length).toBeGreaterThan(5);
  expect(fixes.map(bare).filter((line) => line.includes("{id,-u}"))).toEqual([]);
});
