/** The facts of a host after a plan was carried out: the next command begins with these. */
import type { Prepared } from "../../../src/app/up/prepared.ts";
import {
  type FileFact,
  GATEWAY_LINKS,
  type HostFacts,
  SERVICE_DROP_IN,
  type TransactionFact,
} from "../../../src/facts/index.ts";
import type { Plan } from "../../../src/host/index.ts";
import { listening, runningGateway } from "../host-facts.ts";
import type { FakeHost } from "./fake-host.ts";

const file = (path: string, text: string): FileFact => ({ path, mode: "644", owner: "0:0", text });

function filesAfter({ ours }: HostFacts, plan: Plan, certificate: string): Map<string, FileFact> {
  const files = new Map(ours.files);
  for (const change of plan.changes) {
    if (change.kind === "write") files.set(change.path, file(change.path, change.after));
    if (change.kind === "certificate") files.set(change.path, file(change.path, certificate));
    if (change.kind === "remove") files.delete(change.path);
  }
  return files;
}

function transaction({ facts, line, plan }: Prepared): TransactionFact {
  const entries = plan.changes.map(
    ({ path }) => ({ path, before: "absent", after: "sum", now: "sum" }) as const,
  );
  const trees = plan.trees.map(
    (path) => ({ path, before: "tree", after: "directory", now: "directory" }) as const,
  );
  return {
    number: facts.transactions.length + 1,
    ...{ state: "confirmed", ownerAlive: false, restarted: plan.restart },
    about: {
      ...{ lineId: line.id, lineName: line.name, port: line.port, exposedPorts: plan.exposedPorts },
      ...{ by: "anna@laptop", at: line.createdAt, version: "0.0.0" },
    },
    entries: [...entries, ...trees],
  };
}

/** The flags of our drop-in, as the restarted daemon has them. */
function flagsIn(dropIn: string | undefined): string[] {
  return (/DOCKER_OPTS=([^"]*)/.exec(dropIn ?? "")?.[1] ?? "").split(" ").filter(Boolean);
}

/** @param host that carried the plan out */
export function carriedOut({ publicKey, certificate }: FakeHost, prepared: Prepared): HostFacts {
  const { facts, line, plan } = prepared;
  const files = filesAfter(facts, plan, certificate);
  const dropIn = files.get(SERVICE_DROP_IN);
  const { units } = facts.service;
  const others = units.filter(({ path }) => path !== SERVICE_DROP_IN);
  const isGateway = line.mode === "gateway";
  return {
    ...facts,
    ours: { files, publicKey },
    service: {
      ...facts.service,
      units: [...others, ...(dropIn ? [dropIn] : [])].map(({ path, text }) => ({ path, text })),
    },
    commandLine: ["/usr/sbin/dockerd", "-H", "fd://", ...flagsIn(dropIn?.text)],
    gateway: isGateway
      ? {
          ...runningGateway,
          socket: { ...runningGateway.socket, ports: [line.port] },
          links: new Set(GATEWAY_LINKS.keys()),
        }
      : facts.gateway,
    listeners: [...listening([22], "sshd"), ...listening([line.port], isGateway ? "systemd" : "dockerd")],
    transactions: [...facts.transactions, transaction(prepared)],
  };
}
