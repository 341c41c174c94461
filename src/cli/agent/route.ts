import { buildCommand, buildRouteMap } from "@stricli/core";
import type { Context } from "../context.ts";
import { optionalLine } from "../flags/parameters.ts";
import { type StatusFlags, someLines, statusFlags } from "./flags.ts";

const run = buildCommand<Record<never, never>, string[], Context>({
  loader: () => import("./run.ts").then(({ agentRun }) => agentRun),
  parameters: { positional: someLines },
  docs: {
    brief: "Run an agent in the foreground",
    fullDescription: [
      "Runs an agent: a local socket for each line, and TLS connections to its engine that are open already.",
      "Each command then saves the round trips of a new connection. Without LINE, it serves all lines, also",
      "those that are set up later. SIGHUP: read the lines' files again. Ctrl-C, SIGTERM: end.",
      "",
      "  tetherdock agent run                       in another terminal",
      '  eval "$(tetherdock env --agent)"; docker ps',
    ].join("\n"),
  },
});

const start = buildCommand<Record<never, never>, string[], Context>({
  loader: () => import("./life.ts").then(({ agentStart }) => agentStart),
  parameters: { positional: someLines },
  docs: {
    brief: "Start an agent in the background",
    fullDescription:
      "Starts an agent as agent run does, which goes on when the terminal is closed, for the lines that have none. Returns when it serves them. Asks for the passphrase of an encrypted key, and gives it to the agent through a pipe. Nothing starts it again after a reboot: agent install does.",
  },
});

const stop = buildCommand<Record<never, never>, string[], Context>({
  loader: () => import("./life.ts").then(({ agentStop }) => agentStop),
  parameters: { positional: someLines },
  docs: {
    brief: "End the agents of lines",
    fullDescription:
      "Ends the agents that serve these lines, however they were started, and their clients' connections. An agent that also serves other lines ends for all of them.",
  },
});

const status = buildCommand<StatusFlags, string[], Context>({
  loader: () => import("./status.ts").then(({ agentStatus }) => agentStatus),
  parameters: { flags: statusFlags, positional: someLines },
  docs: {
    brief: "Show which lines have an agent",
    fullDescription:
      "Shows which lines an agent serves on this machine, its process, the clients connected and the connections ready. Exit status 1: a line has no agent, or its agent cannot connect.",
  },
});

const install = buildCommand<Record<never, never>, [], Context>({
  loader: () => import("./install.ts").then(({ agentInstall }) => agentInstall),
  parameters: {},
  docs: {
    brief: "Let systemd or launchd start the agent",
    fullDescription:
      "On Linux, writes a socket and a service for systemd of this user, and enables the socket. systemd then listens for all lines, starts the agent with the first client, and the agent ends when no client has come for 15 minutes. On macOS, writes an agent for launchd, which runs it from each login on. A line whose key is encrypted needs agent start, which asks.",
  },
});

const uninstall = buildCommand<Record<never, never>, [], Context>({
  loader: () => import("./install.ts").then(({ agentUninstall }) => agentUninstall),
  parameters: {},
  docs: { brief: "Remove what agent install wrote" },
});

const protect = buildCommand<Record<never, never>, [string?], Context>({
  loader: () => import("./protect.ts").then(({ agentProtect }) => agentProtect),
  parameters: { positional: optionalLine },
  docs: {
    brief: "Encrypt a line's key with a passphrase",
    fullDescription:
      "Encrypts the line's key with a passphrase; no plain copy is kept. Docker clients then need the agent, which asks for the passphrase when it starts, and env selects it. Other commands that use the key ask for the passphrase, or take it from TETHERDOCK_KEY_PASSPHRASE.",
  },
});

const unprotect = buildCommand<Record<never, never>, [string?], Context>({
  loader: () => import("./protect.ts").then(({ agentUnprotect }) => agentUnprotect),
  parameters: { positional: optionalLine },
  docs: { brief: "Make a line's key a plain file again" },
});

export const agentRoutes = buildRouteMap<string, Context>({
  // No prototype: see application.ts.
  routes: Object.assign(Object.create(null), {
    run,
    start,
    stop,
    status,
    install,
    uninstall,
    protect,
    unprotect,
  }),
  aliases: Object.create(null),
  docs: { brief: "Keep connections to engines open, and keys encrypted" },
});
