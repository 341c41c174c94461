/** A host that `up` made, spoilt in one way after the other: exactly what doctor finds, and nothing when it is mended. */
import { chmod } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { expectFindings, shortFindings } from "../support/doctor.ts";
import { type Ailment, type LineStage, makeLineStage, RESTART } from "../support/line-stage.ts";

const DROP_IN = "/etc/systemd/system/docker.service.d/zz-tetherdock.conf";
const LATER = "/etc/systemd/system/docker.service.d/zzz-later.conf";
const SPY = "docker run -d --restart always --stop-signal KILL --name spy -v /var/run/docker.sock:/s.sock";
const TCP_SOCKET = `[Socket]
ListenStream=2377
Service=docker.service`;

const AILMENTS: readonly Ailment[] = [
  {
    name: "the key 0644, in folders open to all",
    spoil: "chmod 755 /etc/tetherdock; chmod 644 /etc/tetherdock/server-key.pem",
    mend: "chmod 700 /etc/tetherdock; chmod 600 /etc/tetherdock/server-key.pem",
    finds: ["high key-mode /etc/tetherdock/server-key.pem"],
    says: "every user of the host can read the engine's private key",
  },
  {
    name: "the key 0644 in a folder that nobody may enter: no finding",
    spoil: "chmod 644 /etc/tetherdock/server-key.pem",
    mend: "chmod 600 /etc/tetherdock/server-key.pem",
    finds: [],
  },
  {
    name: "docker.sock for everybody",
    spoil: "chmod 666 /run/docker.sock",
    mend: "chmod 660 /run/docker.sock",
    finds: ["high docker-socket-mode /run/docker.sock"],
  },
  {
    name: "a container with docker.sock",
    spoil: `${SPY} tiny sleep 100000`,
    mend: "docker rm -f spy",
    finds: ["high container-mounts-socket container spy"],
  },
  {
    name: "a container that a restart would stop",
    spoil: "docker run -d --stop-signal KILL --name once tiny sleep 100000",
    mend: "docker rm -f once",
    finds: ["info live-restore-off /etc/docker/daemon.json"],
  },
  {
    name: "a drop-in that systemd has not read",
    spoil: `printf '[Service]\\nExecStart=\\nExecStart=/usr/sbin/dockerd -H fd:// $DOCKER_OPTS\\n' >${LATER}`,
    mend: `rm ${LATER}; systemctl daemon-reload`,
    finds: ["medium daemon-older-than-unit docker.service"],
    says: "docker's units have changed on disk since systemd read them",
  },
  {
    name: "a drop-in that dockerd was not restarted for",
    spoil: `printf '[Service]\\nExecStart=\\nExecStart=/usr/sbin/dockerd -H fd:// $DOCKER_OPTS\\n' >${LATER}; systemctl daemon-reload`,
    mend: `rm ${LATER}; systemctl daemon-reload`,
    finds: ["medium daemon-older-than-unit docker.service"],
    says: "the unit's command line has changed since dockerd started",
  },
  {
    name: "somebody in the group docker",
    spoil: "gpasswd -a plain docker",
    mend: "gpasswd -d plain docker",
    finds: ["low docker-group-members group docker"],
  },
  {
    name: "one more CA for clients",
    spoil: "cp /etc/tetherdock/ca.pem /root/; cat /etc/tetherdock/server-cert.pem >>/etc/tetherdock/ca.pem",
    mend: "cp /root/ca.pem /etc/tetherdock/ca.pem",
    finds: ["low many-client-authorities /etc/tetherdock/ca.pem"],
  },
  {
    name: "not started at boot",
    spoil: "systemctl disable docker.service",
    mend: "systemctl enable docker.service",
    finds: ["medium docker-not-enabled docker.service"],
  },
  {
    name: "systemd listens on one more port for dockerd, which gives it TLS",
    spoil: `printf '${TCP_SOCKET}\\n' >/etc/systemd/system/docker-tcp.socket; ${RESTART}
      systemctl stop docker.service; systemctl start docker-tcp.socket docker.service`,
    mend: `systemctl stop docker-tcp.socket docker.service; rm /etc/systemd/system/docker-tcp.socket; ${RESTART}`,
    finds: ["medium tcp-by-systemd docker-tcp.socket"],
  },
  {
    name: "for the host itself only",
    spoil: `cp ${DROP_IN} /root/; sed -i 's,tcp://[^ ]*:2376,tcp://127.0.0.1:2376,' ${DROP_IN}; ${RESTART}`,
    mend: `cp /root/zz-tetherdock.conf ${DROP_IN}; ${RESTART}`,
    finds: ["medium listening-on-loopback-only IP:2376"],
  },
  {
    name: "stopped",
    spoil: "systemctl stop docker.socket docker.service",
    mend: RESTART,
    finds: ["medium docker-not-running docker.service"],
  },
  {
    name: "docker-proxy on the line's port, nothing behind it",
    spoil: `mv ${DROP_IN} /root/; ${RESTART}
      docker run -d --restart always --stop-signal KILL --name shadow -p 2376:80 tiny sleep 100000`,
    mend: `docker rm -f shadow; mv /root/zz-tetherdock.conf ${DROP_IN}; ${RESTART}`,
    finds: ["medium api-port-held-by-other TCP 2376"],
    says: "docker-proxy",
  },
  {
    name: "docker-proxy on the line's port, a web server behind it",
    spoil: `mv ${DROP_IN} /root/; ${RESTART}
      docker run -d --restart always --stop-signal KILL --name shadow -p 2376:80 tiny httpd -f -p 80`,
    mend: `docker rm -f shadow; mv /root/zz-tetherdock.conf ${DROP_IN}; ${RESTART}`,
    finds: ["medium not-docker IP:2376"],
  },
];

let stage: LineStage;
beforeAll(async () => {
  stage = await makeLineStage("ail");
  await stage.host.root("mk-tiny");
});
afterAll(() => stage[Symbol.asyncDispose]());

test.for(AILMENTS.map((ailment) => [ailment.name, ailment] as const))("%s", ([, ailment]) =>
  stage.suffer(ailment),
);

test("a firewall between", async () => {
  const { host, laptop } = stage;
  await host.state("firewalled");
  const findings = ["medium listening-not-reachable IP:2376"];
  await expectFindings(laptop, host, { words: [], findings });
  await host.root("systemctl disable --now drop-2376.service; rm /etc/systemd/system/drop-2376.service");
});

test("clocks that differ", async () => {
  const { host, laptop } = stage;
  const late = await laptop.run(["faketime", "-f", "+20m", "tetherdock", "doctor", "--json"]);
  const { reports } = JSON.parse(late.stdout);
  expect(shortFindings(reports[0], host)).toEqual(["medium clock-off clock"]);
  expect(reports[0].findings[0].says).toBe("the host's clock is 20 minutes behind this machine's");
  expect(late.status).toBe(11);
});

test("the line's key is readable by others on this machine", async () => {
  const key = join(stage.laptop.home, "lines", stage.host.name, "docker/key.pem");
  await chmod(key, 0o644);
  await expectFindings(stage.laptop, stage.host, { words: [], findings: [`high client-key-mode ${key}`] });
  await chmod(key, 0o600);
});

test("all fixed: no findings left", () => stage.expectHealthy());
