import { expect, test } from "vitest";
import { endpointReport } from "../../test/support/subject.ts";
import { fromOutside, madeByUp, pitfall1, pitfall2 } from "../../test/support/topology-subjects.ts";
import type { Subject } from "../doctor/index.ts";
import { matrixOf } from "./matrix.ts";

/** openedBy, claimed, plain, TLS of each listener. */
function table(subject: Subject) {
  return matrixOf(subject).flatMap(({ openedBy, tlsClaimed, listeners }) =>
    listeners.map(({ plain, tls }) => [openedBy, tlsClaimed, plain.works, tls.works]),
  );
}

test.for([
  ["systemd's socket, no TLS: plain works", pitfall1(), ["systemd", false, true, false]],
  ["systemd's socket, TLS claimed: plain still works", pitfall2(), ["systemd", true, true, false]],
  ["dockerd's own, TLS: only TLS works", madeByUp(), ["dockerd", true, false, true]],
] as const)("%s", ([, subject, row]) => {
  expect(table(subject)).toEqual([row]);
  expect(matrixOf(subject)).toHaveLength(4);
});

test("dockerd's own, no TLS: plain works, TLS does not", () => {
  const { inside } = madeByUp();
  const [open] = pitfall2().endpoints.slice(1);
  const plainly = inside && {
    ...inside,
    facts: { ...inside.facts, commandLine: ["dockerd", "-H", "tcp://0.0.0.0:2376"] },
  };
  expect(table({ ...madeByUp(), inside: plainly, endpoints: open ? [open] : [] })).toEqual([
    ["dockerd", false, true, false],
  ]);
});

test("without a line's certificate, TLS with client certificates is unknown", () => {
  const report = endpointReport();
  const probes = report.probes.filter(({ caller }) => caller !== "line");
  expect(table({ ...madeByUp(), endpoints: [{ ...report, probes }] })).toEqual([
    ["dockerd", true, false, null],
  ]);
});

test("without an inspection from inside there is no matrix", () => {
  expect(matrixOf(fromOutside())).toEqual([]);
});
