import { describe, expect, test } from "vitest";
import { dockerSocket, hostFacts, vendorUnit } from "../../../../test/support/host-facts.ts";
import { SERVICE_DROP_IN } from "../../../facts/index.ts";
import type { Plan } from "../change.ts";
import { checkDisabled, checkDropIns, rootlessWarnings } from "./check-docker-units.ts";

const off = { active: false, unitFileState: "disabled" };
const asleep = { ...dockerSocket, active: false, links: [] };
const code = (value: string) => expect.objectContaining({ code: value });

describe("checkDisabled()", () => {
  test("disabled service and socket: reported, not enabled", () => {
    expect(() => checkDisabled(hostFacts(off, { sockets: [asleep] }))).toThrow(code("DOCKER_DISABLED"));
    expect(() => checkDisabled(hostFacts(off, { sockets: [] }))).toThrow(code("DOCKER_DISABLED"));
  });
  test.each([
    ["stopped for now", hostFacts({ active: false }, { sockets: [asleep] })],
    ["woken by its socket", hostFacts(off)],
    [
      "woken by its socket from the next boot on",
      hostFacts(off, { sockets: [{ ...asleep, links: ["/x"] }] }),
    ],
    ["running all the same", hostFacts({ unitFileState: "disabled" }, { sockets: [asleep] })],
  ])("%s is not reported", (_what, facts) => {
    expect(() => checkDisabled(facts)).not.toThrow();
  });
});

describe("checkDropIns()", () => {
  const plan = (line: string) =>
    ({
      changes: [{ kind: "write", path: SERVICE_DROP_IN, after: `[Service]\n${line}\n` }],
    }) as unknown as Plan;
  const exec = plan("ExecStart=\nExecStart=/usr/bin/dockerd");
  const withDropIn = (name: string, text: string) =>
    hostFacts({ units: [vendorUnit(), { path: `/etc/systemd/system/docker.service.d/${name}`, text }] });
  test.each([
    ["zzz.conf", "[Service]\nExecStart=\nExecStart=/usr/bin/dockerd -H fd://\n", exec],
    ["zzz.conf", "[Service]\nExecStart=\n", exec],
    ["zzz.conf", "[Service]\nEnvironment=DOCKER_OPTS=-D\n", plan('Environment="DOCKER_OPTS=--tlsverify"')],
    ["zzz.conf", "[Service]\nEnvironment=\n", plan('Environment="DOCKER_OPTS=--tlsverify"')],
  ])("%s that sets the same is found: %j", (name, text, made) => {
    expect(() => checkDropIns(withDropIn(name, text), made)).toThrow(
      expect.objectContaining({ code: "DROP_IN_OVERRULED", message: expect.stringContaining(name) }),
    );
  });
  test.each([
    ["override.conf", "[Service]\nExecStart=\n"],
    ["zzz.conf", "[Service]\nLimitNOFILE=1\nEnvironment=HTTP_PROXY=x\n"],
  ])("%s that is read earlier, or sets something else, is accepted: %j", (name, text) => {
    expect(() => checkDropIns(withDropIn(name, text), exec)).not.toThrow();
  });
});

test("a rootless dockerd is reported", () => {
  expect(rootlessWarnings(hostFacts())).toEqual([]);
  expect(rootlessWarnings(hostFacts({}, { foreignDaemons: [{ pid: 7, user: "ann" }] }))).toEqual([
    expect.stringMatching(/^ann runs a rootless dockerd/),
  ]);
});
