/** `up`, `doctor` and `topology` read the host in the same way. */
import { describe, expect, test } from "vitest";
import { hostFacts, vendorUnit } from "../../../test/support/host-facts.ts";
import { subject } from "../../../test/support/subject.ts";
import { parseInside, portsFoundInside } from "../../doctor/index.ts";
import { nextSettings, parseFacts, tcpPorts, unitCommandLine } from "../../facts/index.ts";
import { surveyHost } from "../../host/index.ts";
import { topologyOf } from "../../topology/index.ts";

/** ExecStart= and the drop-in's lines, and the TCP hosts that dockerd gets. */
const COMMANDS: readonly (readonly [string, string, string, readonly string[]])[] = [
  [`\${X} in a word`, `/d -H fd:// -H tcp://\${X}:2375`, "X=0.0.0.0", ["fd://", "tcp://0.0.0.0:2375"]],
  [`\${X} alone is one word`, `/d \${X}`, "'X=-H tcp://0.0.0.0:2375'", ["tcp://0.0.0.0:2375"]],
  ["$X as a flag's value", "/d -H $X", "X=tcp://0.0.0.0:2375", ["tcp://0.0.0.0:2375"]],
  ["$X is several words", "/d $X", '"X=-H fd:// -H tcp://:2375"', ["fd://", "tcp://:2375"]],
  ["$X within a word is not expanded", "/d --label=$X -H fd://", "X=-H", ["fd://"]],
  ["no expansion after the prefix :", ":/d $X", "'X=-H tcp://:2375'", []],
  ["a specifier", "/d -H unix://%t/docker.sock", "X=", ["unix:///run/docker.sock"]],
];

const hostWith = (exec: string, environment: string) =>
  hostFacts({
    units: [
      vendorUnit(exec),
      {
        path: "/etc/systemd/system/docker.service.d/x.conf",
        text: `[Service]\nEnvironment=${environment}\n`,
      },
    ],
  });

describe("dockerd's command line", () => {
  test.each(COMMANDS)("%s", (_, exec, environment, hosts) => {
    const facts = hostWith(exec, environment);
    const survey = surveyHost(facts, facts.clockMs);
    expect(survey.command.hosts).toEqual(hosts);
    const unit = { facts, unitCommandLine: unitCommandLine(facts.service) };
    expect(tcpPorts(nextSettings(unit))).toEqual(tcpPorts(survey.command));
    expect(survey.apiPorts).toEqual(tcpPorts(survey.command));
  });

  test("the default port is 2376 only with TLS", () => {
    for (const [flags, port] of [
      ["--tlscacert=/c", 2375],
      ["--tlsverify", 2376],
      ["--tlsverify=false", 2376],
      ["--tls=0", 2375],
    ] as const) {
      const facts = hostWith(`/d -H tcp://0.0.0.0 ${flags}`, "X=");
      expect(surveyHost(facts, facts.clockMs).apiPorts).toEqual([port]);
      const known = { facts, unitCommandLine: unitCommandLine(facts.service) };
      expect(tcpPorts(nextSettings(known))).toEqual([port]);
    }
  });
});

test("doctor, its probes and topology treat an IPv4-mapped loopback address as loopback", () => {
  const sections = [
    "tcp\n0000000000000000FFFF00000100007F:B3A7 7",
    "held\n42 7",
    "process 42\ndockerd\n0::/system.slice/docker.service",
    "end\n",
  ];
  const { listeners } = parseFacts(sections.map((text) => `\nm ${text}`).join(""), "m");
  const facts = hostFacts({}, { commandLine: ["/d", "-H", "tcp://127.0.0.1:45991"], listeners });
  const seen = parseInside("\nm end\n", "m", facts);
  expect(seen.listeners.map(({ address }) => address)).toEqual(["[::ffff:7f00:1]:45991"]);
  expect(portsFoundInside(seen)).toEqual([]);
  const { entrances } = topologyOf(subject({ inside: seen, endpoints: [] }));
  expect(entrances.flatMap(({ ways }) => ways.map(({ says }) => says))).toContain(
    "on the host's loopback only",
  );
});
